"""Reads: fixes with their verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from huiyin.facts import Filter
from huiyin.insight import effects
from huiyin.insight.effects import Intervention, Judgement, Watch
from huiyin.insight.problems import Definition, Register
from huiyin.server.prioritise.fixes.models import Fix
from huiyin.server.prioritise.problems.heard import heard
from huiyin.server.prioritise.problems.register import name_of, register, register_key
from huiyin.server.understand.explorer import names
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.reckoning.keeping import reckoned

WIDTH, HEIGHT = 440, 120


@dataclass(frozen=True, slots=True)
class Drawn:
    """The chart: counts per week against what would have been, in a box of `WIDTH` × `HEIGHT`."""

    actual: str
    expected: str
    fixed_at: int
    top: float


@dataclass(frozen=True, slots=True)
class Judged:
    """A fix, the problem it is for, and what the voices say of it."""

    fix: Fix
    problem: Definition
    problem_name: str
    judgement: Judgement
    heard: str
    """The explorer's query for the complaints since."""
    watch: Watch | None = None
    """Of a fix that worked: whether the problem came back."""

    @property
    def relapsed(self) -> bool:
        """Whether it worked and the problem came back."""
        return self.watch is not None and self.watch.status == "relapsed"

    @property
    def standing(self) -> str:
        """The verdict in one word, a relapse among them."""
        return "relapsed" if self.relapsed else self.judgement.verdict

    @property
    def change(self) -> tuple[float, float, float] | None:
        """Per cent, from … to: −62, −71, −51; None where nothing can be told."""
        one = self.judgement.effect
        if one.value is None or one.low is None or one.high is None:
            return None
        return 100 * (one.value - 1), 100 * (one.low - 1), 100 * (one.high - 1)

    @property
    def moved_to(self) -> list[str]:
        """Where complaints rose instead."""
        return [names.aspect_name(one.name) if one.kind == "aspect" else one.name for one in self.judgement.displaced]

    @property
    def compared_with(self) -> list[str]:
        """Names of the series it was compared with."""
        chosen = [one for one in self.judgement.comparisons if one.reason == "chosen"]
        return [names.aspect_name(one.name) if one.kind == "aspect" else one.name for one in chosen][:5]

    @property
    def drawn(self) -> Drawn | None:
        """The chart; None where there is nothing to draw."""
        blocks = self.judgement.blocks
        top = max((max(one.count, one.expected) for one in blocks), default=0)
        if len(blocks) < 4 or not top:
            return None
        step = WIDTH / (len(blocks) - 1)
        place = [(round(at * step, 1), one) for at, one in enumerate(blocks)]
        first = next((at for at, one in place if one.phase != "before"), WIDTH)
        actual = " ".join(f"{at},{HEIGHT - round(HEIGHT * one.count / top, 1)}" for at, one in place)
        expected = " ".join(f"{at},{HEIGHT - round(HEIGHT * one.expected / top, 1)}" for at, one in place if one.phase != "before")
        return Drawn(actual, expected, int(first), top)


@dataclass(frozen=True, slots=True)
class _Act:
    """A fix as the library judges it."""

    fix: Fix
    problem: Definition
    intervention: Intervention


def next_check(problem_id: str) -> Fix | None:
    """The fix of a problem whose watch ends next; None where nothing is being watched."""
    today = timezone.localdate()
    watched = [one.fix for one in _acts() if one.problem.problem_id == problem_id and one.fix.day <= today <= one.fix.until]
    return min(watched, key=lambda fix: fix.day, default=None)


def relapses(within: Filter) -> dict[str, list[date]]:
    """Problem → the days from which it came back after a fix that had worked, earliest first: how often it had to be opened again."""
    found: dict[str, list[date]] = {}
    for one in judged(within):
        if one.watch is not None and one.watch.status == "relapsed":
            found.setdefault(one.problem.problem_id, []).append(date.fromisoformat(str(one.watch.since or one.watch.alarm)))
    return {problem: sorted(days) for problem, days in found.items()}


def fixes_of(problem_id: str, within: Filter) -> list[Judged]:
    """Fixes of one problem, the latest first; those of problems that went into it too."""
    everything = _acts()
    return [_judged(one, everything, within) for one in everything if one.problem.problem_id == problem_id]


def judged(within: Filter) -> list[Judged]:
    """All fixes with their verdicts, the latest first. Fixes near one another on the same voices are not told apart, and that is said."""
    everything = _acts()
    return [_judged(one, everything, within) for one in everything]


def _acts() -> list[_Act]:
    known, found = register(), []
    for row in Fix.objects.select_related("author"):
        problem = _problem(row, known)
        if problem is not None and problem.aspects:
            found.append(_Act(row, problem, Intervention(row.day, problem.aspects, Filter.from_query(row.query) & problem.condition, row.name)))
    return found


def _judged(one: _Act, everything: Sequence[_Act], within: Filter) -> Judged:
    """Kept for itself, so that a problem's page waits for its own fixes only."""
    others = [other.intervention for other in everything if other.fix.pk != one.fix.pk]
    key = ("fix", one.fix.pk, within.to_query(), register_key(), tuple((each.fix.pk, each.fix.day, each.fix.query) for each in everything))
    verdict = reckoned(key, lambda: effects.judge(facts_store(), one.intervention, others, within)).value
    watch = None
    if verdict.verdict == "worked":
        watch = reckoned((*key, "watch"), lambda: effects.watch(facts_store(), one.intervention, verdict, within)).value
    since = heard(one.problem) & Filter(since=one.fix.day) & Filter.from_query(one.fix.query)
    return Judged(one.fix, one.problem, name_of(one.problem), verdict, since.to_query(), watch)


def _problem(row: Fix, known: Register) -> Definition | None:
    try:
        return known.living(row.problem_id)
    except KeyError:
        return None
