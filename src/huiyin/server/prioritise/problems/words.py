"""Why a problem stands where it does, and what would change it, in sentences made from the numbers beside them."""

from __future__ import annotations

import math

from django.utils.translation import gettext as _

from huiyin.insight.problems import Against, Listing, Row, Why, why
from huiyin.insight.ranking import REPLICATES
from huiyin.server.prioritise.problems.register import name_of, register

_FAR = 20.0
_WEIGHT = 3.0


def part_name(part: str) -> str:
    """频率, 强度, 伤害."""
    return {"frequency": _("频率"), "intensity": _("强度"), "harm": _("伤害")}[part]


def sign(value: float, digits: int) -> str:
    """A number with a true minus sign.

    >>> sign(-1.25, 1)
    '−1.2'
    """
    return f"{value:.{digits}f}".replace("-", "−")


def harm_range(row: Row) -> str:
    """The interval of what is lost, as it is written: −2.4 至 −1.4."""
    if row.harm is None or row.harm.low is None or row.harm.high is None:
        return "—"
    return _("%(low)s 至 %(high)s") % {"low": sign(-row.harm.high, 2), "high": sign(-row.harm.low, 2)}


def formula(row: Row, listing: Listing) -> str:
    """59.2 × 0.78 × 1.9 = 87.7, with the weights where they are not 1."""
    parts = [("frequency", row.frequency.value, 1), ("intensity", row.intensity.value, 2)]
    if row.harm is not None:
        parts.append(("harm", max(row.harm.value or 0.0, 0.0), 2))
    raised = {0: "⁰", 1: "", 2: "²", 3: "³"}
    written = []
    for part, value, digits in parts:
        weight = getattr(listing.weights, part)
        if weight:
            written.append(f"{value or 0.0:.{digits}f}" + (raised[int(weight)] if weight in raised else f"^{weight:g}"))
    return " × ".join(written) + f" = {row.score.value or 0.0:.1f}" if written else ""


def reasons(listing: Listing, problem_id: str) -> list[str]:
    """Why it stands there: what it is highest in, and how sure its place is."""
    found = why(listing, problem_id)
    row = listing.row(problem_id)
    said = [_standing(listing, row, found)]
    times = round(row.rank_certainty * REPLICATES)
    said.append(_("把客户重抽 %(all)s 次，有 %(times)s 次排在第 %(rank)s。") % {"all": f"{REPLICATES:,}", "times": f"{times:,}", "rank": row.rank})
    if found.below is not None and math.isfinite(found.below.ratio):
        terms = found.below.terms
        leading = max(terms, key=lambda part: terms[part])
        if terms[leading] > 0:
            said.append(
                _("是第 %(rank)s 名「%(name)s」的 %(ratio)s 倍，主要因为%(part)s。")
                % {"rank": row.rank + 1, "name": _name(found.below.other_id), "ratio": f"{found.below.ratio:.2f}", "part": part_name(leading)}
            )
    return said


def _standing(listing: Listing, row: Row, found: Why) -> str:
    parts = [part for part in found.lift if getattr(listing.weights, part)]
    first = [part for part in parts if _place(listing, row, part) == 1]
    if first:
        return _("%(parts)s在全部 %(count)s 个问题里最高。") % {"parts": "、".join(part_name(part) for part in first), "count": len(listing.rows)}
    part = found.leading
    return _("靠%(part)s：是各问题平均的 %(lift)s 倍，排第 %(place)s。") % {
        "part": part_name(part),
        "lift": f"{found.lift[part]:.1f}",
        "place": _place(listing, row, part),
    }


def changes(listing: Listing, problem_id: str) -> list[str]:
    """What would change the order: by how much a part would have to move, and which weight would do it."""
    found = why(listing, problem_id)
    row = listing.row(problem_id)
    said: list[str] = []
    for other, place in ((found.above, row.rank - 1), (found.below, row.rank + 1)):
        if other is not None:
            said += _against(other, place)
    if row.tied_with:
        said.append(_("与第 %(ranks)s 名难分，随时互换。") % {"ranks": _ranks(row.tied_with)})
    elif len(listing.rows) > 1:
        said.append(_("与前后都分得开：换一批客户，次序多半不变。"))
    return said


def _against(other: Against, place: int) -> list[str]:
    said = []
    factors = {part: value for part, value in other.factor.items() if math.isfinite(value) and 1 / _FAR < value < _FAR}
    if factors:
        part = min(factors, key=lambda one: abs(math.log(factors[one])))
        change = (factors[part] - 1) * 100
        said.append(
            (
                _("%(part)s再高 %(size)s%%，就与第 %(place)s 名「%(name)s」换位。")
                if change > 0
                else _("%(part)s低 %(size)s%%，就与第 %(place)s 名「%(name)s」换位。")
            )
            % {"part": part_name(part), "size": f"{abs(change):.0f}", "place": place, "name": _name(other.other_id)}
        )
    weights = {part: value for part, value in other.weight.items() if value is not None and value <= _WEIGHT}
    if weights:
        part = min(weights, key=lambda one: abs((weights[one] or 0.0) - 1))
        said.append(_("%(part)s的权重调到 %(weight)s，它们也换位。") % {"part": part_name(part), "weight": f"{weights[part]:.1f}"})
    return said


def tie(row: Row) -> str:
    """与第 4 名难分, in place of a pretended order; empty where the order is sure."""
    return _("与第 %(ranks)s 名难分") % {"ranks": _ranks(row.tied_with)} if row.tied_with else ""


def _ranks(tied: tuple[int, ...]) -> str:
    """3, or 3、4, or 3–9 where many stand together."""
    if len(tied) > 2:
        return f"{min(tied)}–{max(tied)}"
    return _("、").join(str(one) for one in tied)


def _place(listing: Listing, row: Row, part: str) -> int:
    def value(one: Row) -> float:
        found = getattr(one, part)
        return found.value or 0.0 if found is not None else 0.0

    return 1 + sum(value(one) > value(row) for one in listing.rows)


def _name(problem_id: str) -> str:
    return name_of(register().living(problem_id))
