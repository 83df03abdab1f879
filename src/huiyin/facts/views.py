"""The two tables that every question is asked of: `voice` and `opinion`, narrowed by a filter, as common table expressions.

`voice`    one row per feedback that counts (copies of another one left out): the columns of `feedback`, and
           `unit` (the customer as a number; a feedback without a customer stands for one), `day` (local) and `week` (its Monday).
`opinion`  one row per mention of such a feedback: the columns of `mention`, and `unit`, `day`, `week`.
"""

from __future__ import annotations

from huiyin.facts.filters import COLUMNS, OPINION_COLUMNS, Filter

COPIED = ("channel", "product", "brand", "region", "segment", "customer_id")
"""Columns of a filter that a mention carries itself."""
_BOTH = "CAST(date_trunc('week', day) AS DATE) AS week"


def with_views(sql: str, where: Filter | None = None) -> tuple[str, list[object]]:
    """`sql` with the two views in front, and the values of the filter's parameters in order (those of `sql` follow)."""
    chosen = where or Filter()
    own, own_values = _voice_conditions(chosen)
    said, said_values = _opinion_conditions(chosen)
    voice = ["counted", *own]
    values = list(own_values)
    if said:
        voice.append(f"feedback_id IN (SELECT feedback_id FROM mention WHERE {' AND '.join(said)})")
        values += said_values
    copied, copied_values = _voice_conditions(chosen, only=COPIED)
    opinion = ["counted", *copied, *said]
    values_of_opinion = [*copied_values, *said_values]
    rest, rest_values = _voice_conditions(chosen, without=(*COPIED, "since", "until"))
    if rest:
        opinion.append(f"feedback_id IN (SELECT feedback_id FROM feedback WHERE {' AND '.join(rest)})")
        values_of_opinion += rest_values
    views = (
        f"voice AS (SELECT *, {_BOTH} FROM feedback WHERE {' AND '.join(voice)}), "
        f"opinion AS (SELECT *, {_BOTH} FROM mention WHERE {' AND '.join(opinion)})"
    )
    body = sql.strip()
    joined = f"WITH {views}, {body[5:]}" if body[:5].upper() == "WITH " else f"WITH {views} {body}"
    return joined, values + values_of_opinion


def _voice_conditions(chosen: Filter, only: tuple[str, ...] | None = None, without: tuple[str, ...] = ()) -> tuple[list[str], list[object]]:
    conditions: list[str] = []
    values: list[object] = []
    if "since" not in without and chosen.since:
        conditions.append("day >= CAST(? AS DATE)")
        values.append(chosen.since.isoformat())
    if "until" not in without and chosen.until:
        conditions.append("day <= CAST(? AS DATE)")
        values.append(chosen.until.isoformat())
    for name in COLUMNS:
        if (only is None or name in only) and name not in without:
            _listed(f"coalesce({name}, '')" if "" in getattr(chosen, name) else name, getattr(chosen, name), conditions, values)
    if only is None:
        for text in chosen.text:
            conditions.append("contains(lower(text), ?)")
            values.append(text.lower())
        for name, column in (("invited", "invited"), ("spam", "is_spam")):
            if getattr(chosen, name) is not None:
                conditions.append(f"coalesce({column}, FALSE) = {str(getattr(chosen, name)).upper()}")
        for key in sorted(chosen.attributes):
            if chosen.attributes[key]:
                values.append(key)
                _listed("coalesce(attributes[?], '')", chosen.attributes[key], conditions, values)
    return conditions, values


def _opinion_conditions(chosen: Filter) -> tuple[list[str], list[object]]:
    conditions: list[str] = []
    values: list[object] = []
    if chosen.aspect:
        conditions.append("(" + " OR ".join("aspect = ? OR starts_with(aspect, ?)" for _ in chosen.aspect) + ")")
        values += [part for path in chosen.aspect for part in (path, path + "/")]
    _listed("polarity", chosen.polarity, conditions, values)
    for name in OPINION_COLUMNS:
        _listed(name, getattr(chosen, name), conditions, values)
    return conditions, values


def _listed(expression: str, admitted: tuple[object, ...], conditions: list[str], values: list[object]) -> None:
    if admitted:
        conditions.append(f"{expression} IN ({', '.join('?' for _ in admitted)})")
        values += admitted
