"""The checks of single responses, each a query over `named`: one row per response that the check can judge, with `hit` 0 or 1.

`named` is `voice` with `place` (the unit under test: a store, a member of staff, a channel) and the attributes the checks read.
A check that lacks its data (no such attribute, no time of day) is not run, and said to be missing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np

from huiyin.facts import Filter, Voices
from huiyin.facts.filters import COLUMNS
from huiyin.insight.integrity.patterns import denied_expression, gift_expression

Trick = Literal[
    "deadline_score",
    "deadline_invites",
    "cherry_picking",
    "gift",
    "template",
    "near_template",
    "copy",
    "fast",
    "straight",
    "device",
    "contact",
    "minutes",
    "repeat",
    "clash",
]
ATTRIBUTES = ("seconds", "answers", "device", "ip", "contact", "staff_contact")
_SAMPLE = 20_000
_SIGNS = "，。！!？?、,.~…；;：:“”—()（） 0123456789"


def _normal_form() -> str:
    """The text without the usual signs and digits, small; plain `replace`, which every engine has and which is quicker than a regular expression."""
    expression = "lower(text)"
    for sign in _SIGNS:
        expression = f"replace({expression}, '{sign}', '')"
    return expression


_NORMAL = _normal_form()


@dataclass(frozen=True, slots=True)
class Settings:
    """What counts as a sign, and how much of it names a unit."""

    level: float = 0.01
    """False discoveries among the named, over all units and checks together."""
    minimum: int = 30
    """Responses a unit must have in a check before its name may be said."""
    deadline: Literal["month", "quarter"] = "month"
    deadline_days: int = 5
    minimum_jump: float = 0.5
    """Points of a ten-point scale by which scores before the deadline must exceed the rest, beyond the peers' difference."""
    minimum_invite_jump: float = 0.1
    """The same for the share of invited."""
    minimum_odds: float = 2.0
    """How many times less likely, against peers, the unhappy must be to be invited."""
    minimum_excess: float = 0.02
    """Share of hits above that of the peers; and at least twice it."""
    same_text: int = 3
    """Responses of a unit with one wording before it is a template."""
    text_letters: int = 10
    """Shorter texts are not compared: everybody says 「很好」."""
    near: float = 85.0
    """Likeness 0..100 from which two texts are near duplicates."""
    people_on_device: int = 3
    in_minutes: tuple[int, int] = (5, 10)
    """So many responses within so many minutes."""
    on_one_day: int = 3
    """Responses of one customer in one unit on one day."""
    fast_part: float = 1 / 3
    """Of the median time to answer (the speeder rule of Greszki, Meyer & Schoen, Public Opinion Quarterly 2015)."""
    reasons_elsewhere: int = 2
    """A response of a unit that is not named is suspect from so many reasons on."""
    most_suspects: int = 20_000
    deadline_months: int = 3
    """Fewer periods with both parts tell nothing of a deadline."""


@dataclass(frozen=True, slots=True)
class Check:
    """A query over `named` with columns feedback_id, place, hit, and its parameters."""

    trick: Trick
    sql: str
    parameters: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What the facts hold that checks can read, from a sample fixed by hash."""

    attributes: frozenset[str]
    median_seconds: float | None
    time_of_day: bool
    invited: bool
    scores: bool


def named(unit: str) -> tuple[str, list[object]]:
    """The common table `named` for units of a column, or of an attribute written `attributes.staff`.

    Raises:
        ValueError: no column of the facts.
    """
    if unit.startswith("attributes."):
        place, values = "attributes[?]", [unit.removeprefix("attributes.")]
    elif unit in COLUMNS and unit != "customer_id":
        place, values = unit, []
    else:
        raise ValueError(f"unit {unit!r}: a column ({', '.join(COLUMNS)}) or attributes.NAME")
    extra = ", ".join(f"CASE WHEN attributes['{name}'] = '' THEN NULL ELSE attributes['{name}'] END AS {name}" for name in ATTRIBUTES)
    sql = (
        f"named AS (SELECT feedback_id, unit, day, occurred_at, customer_id, invited, sentiment, text, metric, scale_max, "
        f"CASE WHEN scale_max > 0 AND coalesce(metric, '') <> 'ces' THEN score * 10 / scale_max END AS points, {place} AS place, {extra} FROM voice)"
    )
    return sql, list(values)


def known(store: Voices, where: Filter | None) -> Known:
    """Which checks can be run."""
    table = store.query("SELECT attributes, occurred_at, invited, score FROM voice ORDER BY unit, feedback_id LIMIT ?", [_SAMPLE], where)
    attributes: set[str] = set()
    seconds = []
    for pairs in table["attributes"].to_pylist():
        held = dict(pairs or ())
        attributes.update(name for name in ATTRIBUTES if held.get(name))
        if re.fullmatch(r"\d+(\.\d+)?", held.get("seconds") or ""):
            seconds.append(float(held["seconds"]))
    moments = [moment for moment in table["occurred_at"].to_pylist() if moment is not None]
    times = {(moment.hour, moment.minute, moment.second) for moment in moments}
    asked = set(table["invited"].to_pylist())
    scored = table["score"].null_count < table.num_rows
    # Files that state only the day put every response at midnight.
    timed = len(times) > 0.2 * min(len(moments), 1000)
    return Known(frozenset(attributes), float(np.median(seconds)) if len(seconds) >= 30 else None, timed, len(asked - {None}) > 1, scored)


def checks(have: Known, rules: Settings) -> tuple[list[Check], list[tuple[Trick, str]]]:
    """The checks of single responses that can be run, and those that cannot with what they lack."""
    out = [_gift(), _template(rules), _repeat(rules)]
    missing: list[tuple[Trick, str]] = []
    if have.scores:
        out.append(_clash())
    else:
        missing.append(("clash", "score"))
    if have.median_seconds is not None:
        out.append(_fast(have.median_seconds * rules.fast_part))
    else:
        missing.append(("fast", "attributes.seconds"))
    if "answers" in have.attributes:
        out.append(_straight())
    else:
        missing.append(("straight", "attributes.answers"))
    devices = [name for name in ("device", "ip") if name in have.attributes]
    if devices:
        out.append(_device(devices[0], rules))
    else:
        missing.append(("device", "attributes.device"))
    if {"contact", "staff_contact"} <= have.attributes:
        out.append(_contact())
    else:
        missing.append(("contact", "attributes.contact, attributes.staff_contact"))
    if have.time_of_day:
        out.append(_minutes(rules))
    else:
        missing.append(("minutes", "occurred_at"))
    return out, missing


def _gift() -> Check:
    return Check(
        "gift",
        "SELECT feedback_id, place, CASE WHEN regexp_matches(text, ?) AND NOT regexp_matches(text, ?) THEN 1 ELSE 0 END AS hit "
        "FROM named WHERE text IS NOT NULL",
        (gift_expression(), denied_expression()),
    )


def _template(rules: Settings) -> Check:
    return Check(
        "template",
        f"SELECT feedback_id, place, CASE WHEN count(*) OVER (PARTITION BY place, normal) >= {rules.same_text} THEN 1 ELSE 0 END AS hit "
        f"FROM (SELECT feedback_id, place, {_NORMAL} AS normal FROM named WHERE length(text) >= {rules.text_letters}) written "
        f"WHERE length(normal) >= {rules.text_letters}",
    )


def _repeat(rules: Settings) -> Check:
    return Check(
        "repeat",
        f"SELECT feedback_id, place, CASE WHEN count(*) OVER (PARTITION BY place, unit, day) >= {rules.on_one_day} THEN 1 ELSE 0 END AS hit "
        "FROM named WHERE customer_id IS NOT NULL AND day IS NOT NULL",
    )


def _clash() -> Check:
    return Check(
        "clash",
        "SELECT feedback_id, place, CASE WHEN sentiment <= -0.5 THEN 1 ELSE 0 END AS hit FROM named WHERE points >= 9 AND sentiment IS NOT NULL",
    )


def _fast(seconds: float) -> Check:
    number = "TRY_CAST(seconds AS DOUBLE)"
    return Check("fast", f"SELECT feedback_id, place, CASE WHEN {number} < {seconds} THEN 1 ELSE 0 END AS hit FROM named WHERE {number} IS NOT NULL")


def _straight() -> Check:
    """All answers of a battery alike: without the first answer and the commas nothing is left."""
    left = "replace(replace(answers, split_part(answers, ',', 1), ''), ',', '')"
    return Check(
        "straight",
        f"SELECT feedback_id, place, CASE WHEN length({left}) = 0 THEN 1 ELSE 0 END AS hit FROM named "
        "WHERE length(answers) - length(replace(answers, ',', '')) >= 3",
    )


def _device(name: str, rules: Settings) -> Check:
    return Check(
        "device",
        f"SELECT n.feedback_id AS feedback_id, n.place AS place, CASE WHEN s.people >= {rules.people_on_device} THEN 1 ELSE 0 END AS hit "
        f"FROM named n JOIN (SELECT {name}, count(DISTINCT unit) AS people FROM named WHERE {name} IS NOT NULL GROUP BY {name}) s "
        f"ON n.{name} = s.{name}",
    )


def _contact() -> Check:
    """Answered from a telephone or mailbox of anybody of the staff; blanks, hyphens and case do not matter."""
    given, known_of_staff = (f"lower(replace(replace({name}, ' ', ''), '-', ''))" for name in ("contact", "staff_contact"))
    return Check(
        "contact",
        "SELECT n.feedback_id AS feedback_id, n.place AS place, CASE WHEN s.address IS NULL THEN 0 ELSE 1 END AS hit "
        f"FROM (SELECT feedback_id, place, {given} AS address FROM named WHERE contact IS NOT NULL) n "
        f"LEFT JOIN (SELECT DISTINCT {known_of_staff} AS address FROM named WHERE staff_contact IS NOT NULL) s ON n.address = s.address",
    )


def _minutes(rules: Settings) -> Check:
    count, minutes = rules.in_minutes
    earlier = f"lag(occurred_at, {count - 1}) OVER (PARTITION BY place ORDER BY occurred_at, feedback_id)"
    return Check(
        "minutes",
        f"SELECT feedback_id, place, day, CASE WHEN date_diff('second', earlier, occurred_at) <= {60 * minutes} THEN 1 ELSE 0 END AS hit "
        f"FROM (SELECT feedback_id, place, day, occurred_at, {earlier} AS earlier FROM named WHERE occurred_at IS NOT NULL) timed",
    )
