"""Single responses under suspicion, each with its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from huiyin.facts import Filter, Voices
from huiyin.insight.integrity.checks import Check, Settings, Trick


@dataclass(frozen=True, slots=True)
class Suspect:
    """One response: why it is suspect. Two reasons weigh more than one."""

    feedback_id: str
    unit: str
    reasons: tuple[Trick, ...]


def suspects(
    store: Voices,
    where: Filter | None,
    base: str,
    values: Sequence[object],
    chosen: Sequence[Check],
    accused: set[tuple[str, Trick]],
    near: Sequence[tuple[str, str]],
    rules: Settings,
) -> tuple[tuple[Suspect, ...], int]:
    """Hits of a named unit's own trick, and responses anywhere with several reasons at once; the list and how many there are in all.

    A high score beside hard words is no reason by itself outside a named unit: honest customers mix praise and blame.
    """
    union = " UNION ALL ".join(
        f"SELECT feedback_id, place, '{check.trick}' AS trick FROM ({check.sql}) c{at} WHERE hit = 1" for at, check in enumerate(chosen)
    )
    parameters = [*values, *(value for check in chosen for value in check.parameters)]
    pairs = sorted((unit, trick) for unit, trick in accused if trick in {check.trick for check in chosen})
    ours = " OR ".join("(place = ? AND trick = ?)" for _ in pairs) or "FALSE"
    table = store.query(
        f"WITH {base}, hits AS ({union}) SELECT feedback_id, place, min(CASE WHEN {ours} THEN 0 ELSE 1 END) AS elsewhere, "
        "string_agg(trick, ',') AS tricks, count(*) AS n, count(*) OVER () AS total FROM hits WHERE place IS NOT NULL GROUP BY feedback_id, place "
        f"HAVING min(CASE WHEN {ours} THEN 0 ELSE 1 END) = 0 "
        f"OR sum(CASE WHEN trick <> 'clash' THEN 1 ELSE 0 END) >= {int(rules.reasons_elsewhere)} "
        f"ORDER BY n DESC, feedback_id LIMIT {int(rules.most_suspects)}",
        [*parameters, *(part for pair in pairs for part in pair), *(part for pair in pairs for part in pair)],
        where,
    )
    found: dict[str, tuple[str, set[str]]] = {}
    for feedback_id, place, tricks in zip(*(table[name].to_pylist() for name in ("feedback_id", "place", "tricks")), strict=True):
        found[feedback_id] = (place, set(tricks.split(",")))
    for feedback_id, place in near:
        if feedback_id in found or (place, "near_template") in accused:
            found.setdefault(feedback_id, (place, set()))[1].add("near_template")
    total = int(table["total"][0].as_py()) + len(found) - table.num_rows if table.num_rows else len(found)
    listed = [Suspect(one, place, tuple(sorted(reasons))) for one, (place, reasons) in found.items()]  # type: ignore[arg-type]
    listed.sort(key=lambda one: (-len(one.reasons), one.feedback_id))
    return tuple(listed[: rules.most_suspects]), max(total, len(listed))
