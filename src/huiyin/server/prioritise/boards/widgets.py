"""The kinds of widgets: each turns settings and a filter into what is shown. All numbers come from the semantic layer and the library."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from huiyin.facts import Filter
from huiyin.insight import indicators, records
from huiyin.insight.indicators import Mood, Shift
from huiyin.server.prioritise.boards.changes import changed, changes_rest_on, unusual
from huiyin.server.prioritise.boards.ranked import complaints, problems
from huiyin.server.prioritise.boards.shown import Shown, figure_head, figure_row, mark_of, told_of
from huiyin.server.prioritise.metrics.catalogue import DIMENSIONS, METRICS
from huiyin.server.prioritise.metrics.crossing import crossed
from huiyin.server.prioritise.metrics.figures import Mark, broken_down, contrast, covered_before, figure, series, values_of, verdict_words
from huiyin.server.prioritise.metrics.telling import change_text, count_text, link_of, number, sentence, value_text
from huiyin.server.prioritise.problems.register import register_key
from huiyin.server.understand.explorer import names
from huiyin.server.understand.explorer.selectors import with_opinions
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.reading.services import reading_setup
from huiyin.server.understand.reckoning.keeping import reckoned

Builder = Callable[[Mapping[str, Any], Filter], Shown]
_WEEKS, _DAYS = 12, 28
_LEVELS = 5


def tile(settings: Mapping[str, Any], where: Filter) -> Shown:
    """One metric with its interval and the verdict on its change."""
    one = figure(str(settings["metric"]), where, compare=True)
    told = told_of(str(one.metric.name), one)
    data = {"told": told, "figure": one, "chip": change_text(one) if one.before is not None and not one.reason else "", "bar": _bar(one)}
    data["word"] = verdict_words(one)
    data["before"] = number(one.before.value, one.metric.digits) if one.before and one.before.value is not None else ""
    marks = (one.behind, one.part) if one.part else (one.behind,)
    return Shown("tile", str(one.metric.name), sentence(one), figure_head(), (figure_row(one),), marks, data)


def _bar(one: Any) -> dict[str, float] | None:
    """The interval, the value and the value before on a line of 0..100."""
    if one.value.low is None or one.value.value is None:
        return None
    known = [one.value.low, one.value.high, *([one.before.value] if one.before and one.before.value is not None else [])]
    least, most = min(known), max(known)
    margin = max((most - least) * 0.5, 1e-9)
    least, width = least - margin, (most - least) + 2 * margin
    place = {"low": one.value.low, "high": one.value.high, "x": one.value.value}
    if len(known) > 2:
        place["before"] = one.before.value
    found = {key: round(100 * (value - least) / width, 1) for key, value in place.items()}
    found["width"] = round(found["high"] - found["low"], 1)
    return found


def trend(settings: Mapping[str, Any], where: Filter) -> Shown:
    """A metric period by period with its band."""
    metric, grain = METRICS[str(settings["metric"])], settings.get("grain", "week")
    points = series(metric.key, where, grain)
    rows = tuple((one.start.isoformat(), one.end.isoformat(), *figure_row(one.figure)) for one in points)
    known = [one for one in points if one.figure.value.value is not None]
    chart = {"lines": [_line(str(metric.name), [(one.start.isoformat(), one.figure) for one in points])], "digits": metric.digits}
    said = ""
    if known:
        first, last = known[0].figure, known[-1].figure
        said = _("%(name)s 从 %(first)s 到 %(last)s，共 %(n)s 段") % {
            "name": metric.name, "first": value_text(first), "last": value_text(last), "n": len(known)
        }  # fmt: skip
    title = _("%(name)s 走势") % {"name": metric.name}
    head = (_("自"), _("至"), *figure_head())
    # Before a metric has values there is nothing to draw.
    empty = "" if len(known) > 1 else (points[-1].figure.why_hidden if points else "") or _("这段时间里不够画一条线")
    return Shown("trend", title, said, head, rows, tuple(one.figure.behind for one in points), {"chart": chart}, empty)


def _line(name: str, points: list[tuple[str, Any]]) -> dict[str, Any]:
    told = [
        {
            "label": label,
            "value": one.value.value,
            "low": one.value.low,
            "high": one.value.high,
            "text": sentence(one),
            "url": link_of(one.behind),
            "count": one.behind.count,
            "counted": one.behind.unit,
        }
        for label, one in points
    ]
    return {"name": name, "points": told}


def breakdown(settings: Mapping[str, Any], where: Filter) -> Shown:
    """A metric for each value of a dimension, as dots with intervals."""
    metric, dimension = METRICS[str(settings["metric"])], str(settings["dimension"])
    pieces = broken_down(metric.key, where, dimension)
    told = [told_of(_label(dimension, one.value), one.figure) for one in pieces]
    edges = [edge for one in pieces for edge in (one.figure.value.low, one.figure.value.high, one.figure.value.value) if edge is not None]
    least, most = min(edges, default=0.0), max(edges, default=1.0)
    width = (most - least) or 1.0

    def at(value: float | None) -> float:
        return round(6 + 188 * ((least if value is None else value) - least) / width, 1)

    placed = [
        replace(
            one,
            x=at(one.figure.value.value),
            low=at(one.figure.value.low or one.figure.value.value),
            high=at(one.figure.value.high or one.figure.value.value),
        )
        for one in told
    ]
    shown = [one for one in placed if one.figure.value.value is not None]
    said = ""
    if shown:
        top = max(shown, key=lambda one: one.figure.value.value or 0.0)
        said = _("%(name)s 最高的是 %(top)s，%(value)s") % {"name": metric.name, "top": top.label, "value": top.value + top.figure.unit}
    rows = tuple((one.label, *figure_row(one.figure)) for one in told)
    title = _("%(name)s，按%(dimension)s") % {"name": metric.name, "dimension": DIMENSIONS[dimension]}
    empty = "" if told else _("没有声音写明%(dimension)s") % {"dimension": DIMENSIONS[dimension]}
    head = (str(DIMENSIONS[dimension]), *figure_head())
    return Shown("breakdown", title, said, head, rows, tuple(one.mark for one in told), {"told": placed}, empty)


def heat(settings: Mapping[str, Any], where: Filter) -> Shown:
    """A metric over two dimensions: a table whose cells are shaded by value."""
    metric, rows_by, columns_by = METRICS[str(settings["metric"])], str(settings["dimension"]), str(settings["second"])
    columns = values_of(where, columns_by, 6)
    lines_of = values_of(where, rows_by, 8)
    lines = list(zip(lines_of, crossed(metric.key, where, rows_by, lines_of, columns_by, columns), strict=True))
    known = sorted(one.value.value for _value, cells in lines for one in cells if one.value.value is not None)

    def level(value: float | None) -> int:
        return 0 if value is None else 1 + min(_LEVELS - 1, int(_LEVELS * sum(one < value for one in known) / max(len(known), 1)))

    table = [
        (
            _label(rows_by, value),
            [(told_of(_label(columns_by, column), one), level(one.value.value)) for column, one in zip(columns, cells, strict=True)],
        )
        for value, cells in lines
    ]
    rows = tuple((label, told.label, *figure_row(told.figure)) for label, cells in table for told, _level in cells)
    title = _("%(name)s，%(rows)s × %(columns)s") % {"name": metric.name, "rows": DIMENSIONS[rows_by], "columns": DIMENSIONS[columns_by]}
    said = ""
    if known:
        label, told = max(
            ((label, told) for label, cells in table for told, _l in cells if told.figure.value.value is not None),
            key=lambda pair: pair[1].figure.value.value or 0,
        )
        said = _("最高的是 %(row)s × %(column)s，%(value)s") % {"row": label, "column": told.label, "value": told.value + told.figure.unit}
    marks = tuple(told.mark for _name, cells in table for told, _l in cells)
    data = {"columns": [_label(columns_by, one) for one in columns], "table": table, "good": metric.direction > 0}
    head = (str(DIMENSIONS[rows_by]), str(DIMENSIONS[columns_by]), *figure_head())
    return Shown("heat", title, said, head, rows, marks, data, "" if table and columns else _("没有声音写明这两个维度"))


def topics(settings: Mapping[str, Any], where: Filter) -> Shown:
    """The aspects most spoken of, how they were spoken of, and whether they are spoken of more than before."""
    before = covered_before(where)

    def make() -> list[tuple[Mood, Shift | None]]:
        found = indicators.moods(facts_store(), where, 10)
        aspects = [one.aspect for one in found]
        shifts: Sequence[Shift | None] = (
            indicators.opinion_shifts(facts_store(), before, where, aspects) if before and aspects else [None] * len(found)
        )
        return list(zip(found, shifts, strict=True))

    told, marks, rows = [], [], []
    for mood, shift in reckoned(("topics", where.to_query()), make).value:
        about = where & Filter(aspect=(mood.aspect,))
        counts = ((-1, mood.negative), (0, mood.neutral), (1, mood.positive))
        sides = [Mark(count, "opinions", about & Filter(polarity=(side,))) for side, count in counts]
        total = max(mood.opinions, 1)
        whole = Mark(mood.opinions, "opinions", about)
        widths = [round(200 * one.count / total, 1) for one in sides]
        starts = [0.0, widths[0], widths[0] + widths[1]]
        parts = [
            {"url": link_of(one), "count": one.count, "width": width, "x": x, "side": side, "mark": one, "name": names.POLARITY[polarity]}
            for one, width, x, side, polarity in zip(sides, widths, starts, ("negative", "neutral", "positive"), (-1, 0, 1), strict=True)
        ]
        heat_words = _heat_words(shift)
        told.append(
            {"name": names.aspect_name(mood.aspect), "url": link_of(whole), "mark": whole, "sides": parts, "heat": heat_words, "shift": shift}
        )
        marks += [whole, *sides]
        ratio = shift.change.value if shift else None
        rows.append((names.aspect_name(mood.aspect), whole.count, *(one.count for one in sides), ratio, heat_words))
    head = (_("主题"), _("观点"), _("负面"), _("中性"), _("正面"), _("对比前段（倍）"), _("判断"))
    said = _("谈得最多的是 %(name)s，%(n)s 个观点") % {"name": told[0]["name"], "n": marks[0].count} if told else ""
    return Shown("topics", _("热点与情绪"), said, head, tuple(rows), tuple(marks), {"topics": told}, "" if told else _("还没有读出主题"))


def _heat_words(shift: Any) -> str:
    if shift is None or shift.verdict == "unknown":
        return _("比不了")
    if shift.verdict == "flat":
        return _("与前段无明显差别")
    return _("是前段的 %(n)s 倍") % {"n": f"{shift.change.value:.1f}"}


def voices(settings: Mapping[str, Any], where: Filter) -> Shown:
    """A few voices, the latest or the strongest."""
    order = settings.get("order", "newest")
    found = with_opinions(
        records.page(
            facts_store(),
            where,
            order if order in ("newest", "oldest", "most_negative", "most_positive") else "newest",
            0,
            int(settings.get("size", 3)),
        )
    )
    whole = mark_of("voices", where)
    rows = tuple(
        (one.fields["feedback_id"], str(one.fields["day"] or ""), one.fields["channel"], one.fields["product"], one.fields["text"]) for one in found
    )
    head = (_("编号"), _("日期"), _("渠道"), _("产品"), _("原话"))
    title = {"most_positive": _("最满意的话"), "most_negative": _("最难听的话")}.get(order, _("今日原声"))
    data = {"voices": found, "url": link_of(whole), "mark": whole}
    return Shown("voices", title, count_text(whole), head, rows, (whole,), data, "" if found else _("这段时间没有人说话"))


def note(settings: Mapping[str, Any], where: Filter) -> Shown:
    """Somebody's own words on the board."""
    text = str(settings.get("text", ""))
    return Shown("note", _("说明"), text, (_("说明"),), ((text,),), (), {"text": text})


def launch(settings: Mapping[str, Any], where: Filter) -> Shown:
    """A metric from the day of a launch on, beside earlier launches: day by day in the first four weeks, then week by week."""
    metric = METRICS[str(settings.get("metric", "complaint_rate"))]
    days = [date.fromisoformat(one) for one in (settings.get("day"), *settings.get("earlier", ())) if one]
    limit = where.until
    base = replace(where, since=None, until=None)
    daily = bool(days) and limit is not None and limit - days[0] < _DAYS * timedelta(days=1)
    step, steps, called = (1, _DAYS, _("第 %(n)s 天")) if daily else (7, _WEEKS, _("第 %(n)s 周"))
    lines, rows, marks = [], [], []
    for day in days:
        points = []
        for place in range(steps):
            start = day + timedelta(days=step * place)
            end = start + timedelta(days=step - 1)
            if limit is not None and end > limit:
                break
            one = figure(metric.key, replace(base, since=start, until=end))
            points.append((called % {"n": place + 1}, one))
            rows.append((day.isoformat(), place + 1, *figure_row(one)))
            marks.append(one.behind)
        lines.append(_line(day.isoformat(), points))
    head = (_("上线日"), _("第几天") if daily else _("第几周"), *figure_head())
    title = _("上线后的%(name)s") % {"name": metric.name}
    told = _("从 %(day)s 起每天一点，与 %(n)s 次较早的上线对齐") if daily else _("从 %(day)s 起每周一点，与 %(n)s 次较早的上线对齐")
    said = told % {"day": days[0].isoformat(), "n": len(days) - 1} if days else ""
    empty = "" if any(line["points"] for line in lines) else _("选一个上线的日子，第二天起这里有曲线")
    return Shown("launch", title, said, head, tuple(rows), tuple(marks), {"chart": {"lines": lines, "digits": metric.digits}}, empty)


def compare(settings: Mapping[str, Any], where: Filter) -> Shown:
    """Two values of a dimension side by side over several metrics, each difference with its verdict."""
    dimension = str(settings.get("dimension", "product"))
    chosen = [str(one) for one in settings.get("values", ())][:2] or values_of(where, dimension, 2)
    if len(chosen) < 2:
        return Shown("compare", _("比较"), empty=_("要两个才能比"))
    parts: list[dict[str, Any]] = [{dimension: (one,)} for one in chosen]
    sides = [where & Filter(**part) for part in parts]
    told, rows, marks = [], [], []
    for key in settings.get("metrics") or ("nps", "complaint_rate", "praise_rate", "negative_share"):
        pair = [figure(str(key), side) for side in sides]
        difference, verdict = contrast(str(key), *sides)
        words = {"up": _("后者确实更高"), "down": _("后者确实更低"), "flat": _("分不出差别")}.get(verdict, _("比不了"))
        told.append(
            {
                "name": str(pair[0].metric.name),
                "pair": [told_of(label, one) for label, one in zip(chosen, pair, strict=True)],
                "words": words,
                "verdict": verdict,
            }
        )
        for label, one in zip(chosen, pair, strict=True):
            rows.append((str(one.metric.name), label, *figure_row(one), difference.value, words))
            marks.append(one.behind)
    head = (_("指标"), str(DIMENSIONS[dimension]), *figure_head(), _("后者减前者"), _("判断"))
    labels = [_label(dimension, one) for one in chosen]
    title = _("%(one)s 与 %(other)s") % {"one": labels[0], "other": labels[1]}
    return Shown("compare", title, title, head, tuple(rows), tuple(marks), {"labels": labels, "told": told})


def _label(dimension: str, value: str) -> str:
    return names.aspect_name(value) if dimension == "aspect" else value or _("没有写明")


KINDS: dict[str, tuple[Any, Builder]] = {
    "tile": (gettext_lazy("指标"), tile),
    "trend": (gettext_lazy("走势"), trend),
    "breakdown": (gettext_lazy("分项"), breakdown),
    "heat": (gettext_lazy("热力表"), heat),
    "problems": (gettext_lazy("问题前五"), problems),
    "complaints": (gettext_lazy("五大抱怨"), complaints),
    "changes": (gettext_lazy("什么变了"), changed),
    "alarms": (gettext_lazy("预警"), unusual),
    "topics": (gettext_lazy("热点与情绪"), topics),
    "voices": (gettext_lazy("原声"), voices),
    "launch": (gettext_lazy("上线口碑"), launch),
    "compare": (gettext_lazy("两者比较"), compare),
    "note": (gettext_lazy("文字说明"), note),
}
"""What a board can hold: name and builder."""


def shown(kind: str, settings: Mapping[str, Any], where: Filter, title: str = "") -> Shown:
    """A widget's content over a filter; `title` replaces its own.

    Kept whole: it may rest on a hundred figures, each quick to reckon.
    """
    words = (get_language(), reading_setup().taxonomy, register_key(), changes_rest_on() if kind == "changes" else ())
    key = ("widget", kind, json.dumps(settings, sort_keys=True), where.to_query(), *words)
    found = reckoned(key, lambda: KINDS[kind][1](settings, where)).value
    return replace(found, title=title) if title else found
