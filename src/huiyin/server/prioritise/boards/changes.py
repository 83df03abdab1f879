"""Widgets of what is not as it was: changes that passed a test, attempts and their verdicts, and what is unusual just now."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.facts import Filter
from huiyin.insight import emerging, surveillance, trends
from huiyin.insight.emerging import EmergingGroup
from huiyin.insight.findings import Trend
from huiyin.insight.surveillance import Signal, Surveillance
from huiyin.server.prioritise.boards.shown import Shown, mark_of
from huiyin.server.prioritise.fixes import selectors as fixes
from huiyin.server.prioritise.fixes.models import Fix
from huiyin.server.prioritise.fixes.templatetags.fixes import VERDICTS, change_words
from huiyin.server.prioritise.metrics.figures import Mark
from huiyin.server.prioritise.metrics.telling import count_text, link_of, number
from huiyin.server.prioritise.problems.register import name_of, problems_by_path, register
from huiyin.server.understand.explorer import names
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.reckoning.keeping import reckoned

_RECENT = timedelta(weeks=13)
_NEW, _ALARMS = 3, 5


@dataclass(frozen=True, slots=True)
class Change:
    """One line: what it is, what the test says of it, and whom to hear."""

    icon: str
    name: str
    about: str
    chip: str
    tone: str
    since: str
    url: str
    mark: Mark | None
    row: tuple[Any, ...]
    """Before, after, the ratio's interval, voices: what a file says."""


def changed(settings: Mapping[str, Any], where: Filter) -> Shown:
    """Only what passed a test: breaks of a series, words that nobody used before, fixes and what came of them, in vain too."""
    whole = replace(where, since=None)
    recent = (where.until - max(_RECENT, where.until - (where.since or where.until))).isoformat() if where.until else ""
    told = [one for one in (*_breaks(whole), *_new_words(whole), *_attempts(where)) if one.since >= recent]
    told.sort(key=lambda one: one.since, reverse=True)
    rows = tuple((one.name, one.chip, one.since, *one.row) for one in told)
    marks = tuple(one.mark for one in told if one.mark is not None)
    head = (_("问题"), _("判断"), _("自"), _("之前每千条"), _("之后每千条"), _("倍数下限"), _("倍数上限"), _("声音"))
    empty = "" if told else _("这段时间没有统计上成立的变化")
    return Shown("changes", _("什么变了"), _("只列统计上成立的结论"), head, rows, marks, {"changes": told}, empty)


def changes_rest_on() -> Hashable:
    """What the widget says beside the facts: the fixes on record."""
    return tuple(Fix.objects.order_by("pk").values_list("pk", "name", "day", "query", "problem_id"))


def _breaks(whole: Filter) -> Iterator[Change]:
    known = register()
    owners = problems_by_path(known)
    for aspect, found in reckoned(("changes", whole.to_query()), lambda: _judged(whole)).value:
        mark = mark_of("voices", whole & Filter(aspect=(aspect,), polarity=(-1,), since=date.fromisoformat(str(found.since))))
        name = name_of(known.problems[owners[aspect]]) if aspect in owners else names.aspect_name(aspect)
        risen = found.verdict == "up"
        chip = _("确有下降") if not risen else _("确有上升") if found.before.value else _("新出现")
        before, after = number(found.before.value, 1), number(found.after.value, 1)
        about = _("每千条 %(before)s → %(after)s，%(since)s 起 · %(voices)s") % {
            "before": before, "after": after, "since": found.since, "voices": count_text(mark)
        }  # fmt: skip
        row = (found.before.value, found.after.value, found.ratio.low, found.ratio.high, mark.count)
        looks = {"icon": "trending-up", "tone": "harm"} if risen else {"icon": "trending-down", "tone": "good"}
        yield Change(name=name, about=about, chip=chip, since=str(found.since), url=link_of(mark), mark=mark, row=row, **looks)


def _judged(whole: Filter) -> list[tuple[str, Trend]]:
    """One break a series, false discoveries controlled over all of them."""
    mondays, total, counts = trends.weekly(facts_store(), whole)
    aspects = sorted(counts)
    found = zip(aspects, trends.judge(mondays, total, [counts[one] for one in aspects]), strict=True)
    return [(aspect, one) for aspect, one in found if one.verdict in ("up", "down") and one.since is not None]


def _new_words(whole: Filter) -> Iterator[Change]:
    """Words that rose together in complaints the taxonomy has no place for."""

    def read() -> tuple[EmergingGroup, ...]:
        return emerging.emerging(facts_store(), whole).groups[:_NEW]

    for group in reckoned(("new_words", whole.to_query()), read).value:
        first = group.words[0]
        mark = mark_of("voices", whole & Filter(text=(first.word,), since=date.fromisoformat(group.since)))
        name = _("没有主题的说法「%(words)s」") % {"words": "」「".join(one.word for one in group.words[:2])}
        about = _("是平常的 %(n)s 倍，%(since)s 起 · %(voices)s") % {
            "n": number(first.ratio.value, 1), "since": group.since, "voices": count_text(mark)
        }  # fmt: skip
        row = (None, None, first.ratio.low, first.ratio.high, mark.count)
        chip, url = _("新出现"), link_of(mark)
        yield Change(icon="sparkles", name=name, about=about, chip=chip, tone="harm", since=group.since, url=url, mark=mark, row=row)


def _attempts(where: Filter) -> Iterator[Change]:
    """Fixes that were judged, over all days as on their own page; one that shows nothing yet after long enough is told as well."""
    for one in fixes.judged(replace(where, since=None, until=None)):
        if one.judgement.verdict == "cannot_tell":
            continue
        word, tone, icon = VERDICTS[one.judgement.verdict] if not one.relapsed else (_("复发"), "harm", "rotate-2")
        about = " · ".join((one.problem_name, change_words(one.change), *one.moved_to[:1]))
        url = f"{reverse('problems:problem', args=[one.problem.problem_id])}#fix-{one.fix.pk}"
        effect = one.judgement.effect
        row = (one.judgement.before.value, one.judgement.after.value, effect.low, effect.high, None)
        yield Change(icon, one.fix.name, about, str(word), tone, one.fix.day.isoformat(), url, None, row)


def unusual(settings: Mapping[str, Any], where: Filter) -> Shown:
    """Complaints that the last whole week has more of than its past lets expect; false discoveries controlled over all aspects."""
    whole = replace(where, since=None)
    found = reckoned(("alarms", whole.to_query()), lambda: surveillance.watch(facts_store(), whole, dimension=None)).value
    told = [_alarm(whole, one) for one in found.alarms[:_ALARMS]]
    counted = (_("客户人次"), _("照过去该有"), _("下限"), _("上限"), _("倍数"), _("倍数下限"), _("倍数上限"), _("声音"))
    head = (_("问题"), _("判断"), _("自"), _("至"), *counted)
    rows = tuple((one.name, one.chip, *one.row) for one in told)
    marks = tuple(one.mark for one in told if one.mark is not None)
    return Shown("alarms", _("预警"), _looked_at(found), head, rows, marks, {"changes": told}, "" if told else _quiet(found))


def _alarm(whole: Filter, one: Signal) -> Change:
    since, until = date.fromisoformat(one.since), date.fromisoformat(one.until)
    mark = mark_of("voices", whole & Filter(aspect=(one.aspect,), polarity=(-1,), since=since, until=until))
    about = _("%(since)s 至 %(until)s %(count)s 人次，照过去该有 %(expected)s（%(low)s–%(high)s）") % {
        "since": since.strftime("%m-%d"), "until": until.strftime("%m-%d"), "count": one.count, "expected": number(one.expected.value, 1),
        "low": number(one.expected.low, 0), "high": number(one.expected.high, 0),
    }  # fmt: skip
    chip = _("%(n)s 倍") % {"n": number(one.ratio.value, 1)}
    counted = (one.count, one.expected.value, one.expected.low, one.expected.high, one.ratio.value, one.ratio.low, one.ratio.high)
    row = (one.since, one.until, *counted, mark.count)
    name, url = names.aspect_name(one.aspect), link_of(mark)
    return Change(icon="alert-square", name=name, about=about, chip=chip, tone="harm", since=one.since, url=url, mark=mark, row=row)


def _looked_at(found: Surveillance) -> str:
    if found.last_day is None:
        return ""
    return _("看了 %(n)s 个主题，到 %(day)s 那一周") % {"n": found.series, "day": found.last_day}


def _quiet(found: Surveillance) -> str:
    if not found.series:
        return _("声音还不到八周，看不出什么算突增")
    if found.unusual_but_small:
        return _("没有超出平常的；另有 %(n)s 个略高，够不上预警") % {"n": len(found.unusual_but_small)}
    return _("没有超出平常的")
