"""The first page as slides for the meeting: the same figures, sentences and verdicts, from the same passage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from huiyin.server.prioritise.boards.causes import HeadCause
from huiyin.server.prioritise.boards.home import period_words
from huiyin.server.prioritise.boards.shown import Shown
from huiyin.server.prioritise.boards.slides import FAINT, HARM, INK, QUIET, Deck, Line
from huiyin.server.prioritise.metrics.figures import verdict_words
from huiyin.server.prioritise.metrics.telling import change_text, filter_words
from huiyin.server.prioritise.ownership.templatetags.ownership import STATES, with_owners

_QUOTES = 5
_LONGEST = 160
"""Signs of a quotation on a slide."""


def slides(page: Mapping[str, Any], owners_shown: bool) -> bytes:
    """The content of a first page, see `home.context`, as a presentation."""
    where, title = page["where"], _("客户之声 · %(post)s") % {"post": page["post"].label}
    made = _("%(moment)s 由回音生成 · %(period)s · %(rows)s") % {
        "moment": timezone.localtime(page["revised"]).strftime("%Y-%m-%d %H:%M"), "period": period_words(where), "rows": filter_words(where)
    }  # fmt: skip
    deck = Deck(title, made)
    if page["cause"] is not None:
        _cause(deck, page["cause"], page)
    _figures(deck, page["tiles"])
    for one in (*page["main"], *page["rail"]):
        if not one.empty and one.kind in _DRAWN:
            _DRAWN[one.kind](deck, one, owners_shown)
    deck.slide(_("怎么读这些数"))
    for said in (
        _("区间都是 95%；「确有」是检验成立，「无明显」是分不出，「比不了」是声音不够。"),
        _("预警与变化一起检验，控制错报的比例（假发现率 5%）。"),
        _("名次来自一千次重抽：难分先后的写明难分先后。"),
        _("原话已遮去个人信息；每个数在回音里都点得到背后的声音。"),
    ):
        deck.text(said, 16, QUIET)
    return deck.file()


def _cause(deck: Deck, cause: HeadCause, page: Mapping[str, Any]) -> None:
    said = []
    if cause.share is not None:
        said.append(
            _("占抱怨所能解释的 %(metric)s 损失的 %(share).0f%%（95%% 区间 %(low).0f–%(high).0f%%）")
            % {"metric": cause.metric, "share": cause.share.value, "low": cause.share.low, "high": cause.share.high}
        )
    said.append(_("%(n)s 位客户说到") % {"n": f"{cause.mark.count:,}"})
    said += [_("每千人比前段%(change)s") % {"change": cause.change}] if cause.change else []
    said += [cause.why] if cause.why else []
    said += [_("与 %(others)s 难分先后") % {"others": "、".join(cause.tied)}] if cause.tied else []
    deck.slide(cause.name, _("公司使命") if cause.is_mission else _("头号原因"))
    deck.text("，".join(said), 18, QUIET)
    if cause.parts:
        deck.shares([(f"{one.name} {one.percent}%", one.width) for one in cause.parts])
    if cause.quote is not None:
        deck.text(f"“{_short(cause.quote.text)}”", 16, INK)
    rows = list(_who(page))
    if cause.rank:
        rows.append((_("清单上"), _("第 %(rank)s 位，把握 %(percent).0f%%") % {"rank": cause.rank, "percent": cause.certainty}))
    if rows:
        deck.table((_("谁、到哪步"), ""), rows, (1, 5))


def _who(page: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    whose, check = page["whose"], page["check"]
    if whose is not None:
        yield _("谁在做"), " · ".join(str(one) for one in (whose.person, whose.team) if one) or _("无主")
        yield _("到哪步"), str(STATES[whose.state][0])
        if whose.due:
            yield _("期限"), f"{whose.due:%Y-%m-%d} {whose.target}"
    if check is not None:
        yield _("下次验"), f"{check.until:%Y-%m-%d} · {check.name}"


def _figures(deck: Deck, tiles: Iterable[Shown]) -> None:
    rows = []
    for one in tiles:
        told, figure = one.data["told"], one.data["figure"]
        value = figure.why_hidden if figure.reason else f"{told.value} {figure.unit}".strip()
        judged = change_text(figure) if one.data["chip"] else verdict_words(figure)
        rows.append((one.title, value, told.interval, f"{figure.value.n:,}", one.data["before"] or "—", judged))
    deck.slide(_("关键指标"))
    deck.table((_("指标"), _("数值"), _("区间"), "n", _("上期"), _("判断")), rows, (3, 2, 3, 1.4, 1.4, 3))


def _problems(deck: Deck, one: Shown, owners_shown: bool) -> None:
    rows = []
    for row, whose in with_owners(one.data["rows"], owners_shown):
        place = f"{row['rank_low']}–{row['rank_high']}" if row["rank_low"] != row["rank_high"] else str(row["rank_low"])
        rate = f"{row['rate']}（{row['low']}–{row['high']}）"
        owner = " · ".join(str(part) for part in (whose.team, STATES[whose.state][0]) if part) if whose else ""
        rows.append((str(row["rank"]), row["name"], rate, f"{row['customers']:,}", place, owner))
    deck.slide(one.title, one.sentence)
    deck.table((_("排名"), _("问题"), _("每千位客户（95% 区间）"), _("客户"), _("名次可能是"), _("归谁")), rows, (0.8, 4, 3, 1.2, 1.6, 3))


def _changes(deck: Deck, one: Shown, owners_shown: bool) -> None:
    rows = [(change.name, change.chip, strip_tags(change.about)) for change in one.data["changes"][:8]]
    deck.slide(one.title, one.sentence)
    deck.table((_("什么"), _("判断"), _("依据")), rows, (4, 1.6, 6))


def _trend(deck: Deck, one: Shown, owners_shown: bool) -> None:
    for line in one.data["chart"]["lines"]:
        points = line["points"]
        deck.slide(one.title, one.sentence)
        drawn = (line["name"], "value", HARM, 2.25), (_("区间上限"), "high", FAINT, 0.75), (_("区间下限"), "low", FAINT, 0.75)
        lines = [Line(name, [each[key] for each in points], colour, weight) for name, key, colour, weight in drawn]
        deck.lines([each["label"] for each in points], lines)


def _voices(deck: Deck, one: Shown, owners_shown: bool) -> None:
    deck.slide(one.title, one.sentence)
    for voice in one.data["voices"][:_QUOTES]:
        fields = voice.fields
        deck.text(f"“{_short(fields['text'] or '')}”", 15, INK)
        deck.text(" · ".join(str(fields[part]) for part in ("product", "region", "channel", "day") if fields[part]), 11, FAINT)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


_DRAWN = {"problems": _problems, "complaints": _problems, "changes": _changes, "alarms": _changes, "trend": _trend, "voices": _voices}
"""Widgets that have a slide of their own; tables of many cells are for the screen and the workbook."""
