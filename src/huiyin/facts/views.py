"""The tables that every question is asked of: `voice`, `opinion` and `happening`, narrowed by a filter, as common table expressions.

`voice`    one row per feedback that counts (copies of another one left out): the columns of `feedback`, and
           `unit` (the customer as a number; a feedback without a customer stands for one), `day` (local) and `week` (its Monday).
`opinion`  one row per mention of such a feedback: the columns of `mention`, and `unit`, `day`, `week`.
`happening`    one row per operation: the columns of `operation`, and `week`. Narrowed by what an operation has: period, product, region,
           store, segment, customer; the other parts of a filter say nothing of it.

A filter by aspect, polarity, intent, urgency, emotion, effort or condition narrows `voice` to those that hold such an opinion: one and the same
opinion has to satisfy all of these parts.
"""

from __future__ import annotations

import math
import re

from huiyin.facts.filters import COLUMNS, NOTHING, OPINION_COLUMNS, SAID, Band, Filter

COPIED = ("channel", "product", "brand", "region", "segment", "customer_id")
"""Columns of a filter that a mention carries itself, beside the day."""
_OWN = tuple(name for name in COLUMNS if name not in COPIED)
_HAPPENED = ("product", "region", "store", "segment", "customer_id")
"""Columns of a filter that an operation has."""
_BOTH = "CAST(date_trunc('week', day) AS DATE) AS week"


class _Conditions:
    """Conditions joined by AND, and the values of their parameters in order."""

    def __init__(self, first: str | None = None) -> None:
        self.parts = [first] if first else []
        self.values: list[object] = []

    def __bool__(self) -> bool:
        return bool(self.parts)

    def __str__(self) -> str:
        return " AND ".join(self.parts)

    def add(self, condition: str, *values: object) -> None:
        self.parts.append(condition)
        self.values += values

    def join(self, other: _Conditions) -> None:
        self.parts += other.parts
        self.values += other.values

    def listed(self, expression: str, admitted: tuple[object, ...], *values: object) -> None:
        """`expression` is one of `admitted`; `values` are the parameters inside the expression."""
        if admitted:
            named = [value for value in admitted if value != NOTHING]
            if named:
                self.add(f"{expression} IN ({', '.join('?' for _ in named)})", *values, *named)
            else:
                self.add("FALSE")

    def within(self, expression: str, bands: tuple[Band, ...], key: str) -> None:
        """The number that `expression` holds under a key lies in one of the bands."""
        number = f"TRY_CAST({expression} AS DOUBLE)"
        parts: list[str] = []
        values: list[object] = []
        for low, high in bands:
            bounds = [(sign, bound) for sign, bound in ((">", low), ("<=", high)) if math.isfinite(bound)]
            some = " AND ".join(f"{number} {sign} CAST(? AS DOUBLE)" for sign, _ in bounds) or f"{number} IS NOT NULL"
            parts.append(some if low < high else "FALSE")
            if low < high:
                values += [value for _, bound in bounds for value in (key, bound)] or [key]
        self.add(f"({' OR '.join(parts)})", *values)


def with_views(sql: str, where: Filter | None = None, version: str | None = None) -> tuple[str, list[object]]:
    """`sql` with the two views in front, and the values of the filter's parameters in order (those of `sql` follow).

    `version` is the taxonomy version whose mentions are meant; None takes the mentions as they stand, whatever their version.
    """
    chosen, body = where or Filter(), sql.strip()
    copied, own, said = _copied(chosen), _own(chosen), _said(chosen)
    labelled = _Conditions()
    if version is not None:
        labelled.add("version = ?", version)
    voice, opinion = _Conditions("counted"), _Conditions("counted")
    voice.join(copied)
    voice.join(own)
    if said:
        # The mention carries day, product and the like itself: narrowed by them too, the inner query reads a part of the table.
        _within(voice, "mention", labelled, said, copied)
    opinion.join(labelled)
    opinion.join(copied)
    opinion.join(said)
    if own and "voice" in body:
        # The same feedback, found once: where the filter reads texts, finding it is what the query costs.
        opinion.add("feedback_id IN (SELECT feedback_id FROM voice)")
    elif own:
        _within(opinion, "feedback", own, copied)
    happened = _happened(chosen)
    # A view that is not asked for costs a millisecond of binding its columns.
    views = [(name, table, conditions) for name, table, conditions in _named(voice, opinion, happened) if name in body]
    if not views:
        return body, []
    listed = ", ".join(f"{name} AS (SELECT *, {_BOTH} FROM {table} WHERE {conditions})" for name, table, conditions in views)
    joined = f"WITH {listed}, {body[5:]}" if body[:5].upper() == "WITH " else f"WITH {listed} {body}"
    return joined, [value for _, _, conditions in views for value in conditions.values]


def _named(voice: _Conditions, opinion: _Conditions, happened: _Conditions) -> tuple[tuple[str, str, _Conditions], ...]:
    return ("voice", "feedback", voice), ("opinion", "mention", opinion), ("happening", "operation", happened)


def _happened(chosen: Filter) -> _Conditions:
    """What an operation can be asked. A filter that admits nothing admits no operation either."""
    found = _Conditions("TRUE")
    if chosen.since:
        found.add("day >= CAST(? AS DATE)", chosen.since.isoformat())
    if chosen.until:
        found.add("day <= CAST(? AS DATE)", chosen.until.isoformat())
    for name in _HAPPENED:
        found.listed(*_column(name, getattr(chosen, name)))
    if any(NOTHING in getattr(chosen, name) for name in (*COLUMNS, "aspect")):
        found.add("FALSE")
    return found


def _within(outer: _Conditions, table: str, *conditions: _Conditions) -> None:
    inner = _Conditions()
    for one in conditions:
        inner.join(one)
    outer.add(f"feedback_id IN (SELECT feedback_id FROM {table} WHERE {inner})", *inner.values)


def _copied(chosen: Filter) -> _Conditions:
    """What both tables can be asked."""
    found = _Conditions()
    if chosen.since:
        found.add("day >= CAST(? AS DATE)", chosen.since.isoformat())
    if chosen.until:
        found.add("day <= CAST(? AS DATE)", chosen.until.isoformat())
    for name in COPIED:
        found.listed(*_column(name, getattr(chosen, name)))
    return found


def _own(chosen: Filter) -> _Conditions:
    """What only the feedback can be asked."""
    found = _Conditions()
    for name in _OWN:
        found.listed(*_column(name, getattr(chosen, name)))
    for name, column in (("invited", "invited"), ("spam", "is_spam")):
        if getattr(chosen, name) is not None:
            found.add(f"coalesce({column}, FALSE) = {str(getattr(chosen, name)).upper()}")
    for name, column in (("scored", "score"), ("named", "customer_id")):
        if getattr(chosen, name) is not None:
            found.add(f"{column} IS {'NOT ' if getattr(chosen, name) else ''}NULL")
    found.listed("coalesce(scale_max, 0)", chosen.scale)
    for key in sorted(chosen.attributes):
        found.listed("coalesce(attributes[?], '')", chosen.attributes[key], key)
    for name in sorted(chosen.bands):
        if not name.startswith(SAID):
            found.within("attributes[?]", chosen.bands[name], name)
    # Last: it reads the text, the widest column, and is asked only of what the others left.
    for text in chosen.text:
        cased = "".join(sign for sign in text if sign.lower() != sign.upper())
        # Lowering every text costs five times the search: Chinese has no case, and for a Latin word the pattern passes over it.
        if not cased:
            found.add("contains(text, ?)", text)
        elif cased.isascii():
            found.add("regexp_matches(text, ?)", "(?i)" + re.escape(text))
        else:
            found.add("contains(lower(text), lower(?))", text)
    return found


def _said(chosen: Filter) -> _Conditions:
    """What only the mention can be asked."""
    found = _Conditions()
    named = [path for path in chosen.aspect if path != NOTHING]
    if named:
        found.add(
            "(" + " OR ".join("aspect = ? OR starts_with(aspect, ?)" for _ in named) + ")", *(part for path in named for part in (path, path + "/"))
        )
    elif chosen.aspect:
        found.add("FALSE")
    found.listed("polarity", chosen.polarity)
    for name in OPINION_COLUMNS:
        found.listed(*_column(name, getattr(chosen, name)))
    for kind in sorted(chosen.conditions):
        found.listed("conditions[?]", chosen.conditions[kind], kind)
    for name in sorted(chosen.bands):
        if name.startswith(SAID):
            found.within("conditions[?]", chosen.bands[name], name.removeprefix(SAID))
    return found


def _column(name: str, admitted: tuple[str, ...]) -> tuple[str, tuple[object, ...]]:
    """The column, with what is not stated as `""` where the filter asks for it."""
    return (f"coalesce({name}, '')" if "" in admitted else name), admitted
