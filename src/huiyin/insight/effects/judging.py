"""Did a fix or launch help? Refuse, or compare; check by placebo days; look where complaints went; give the verdict.

    worked      the target fell (praise: rose) by more than chance, and did not go elsewhere
    moved       it fell, but at least half of what was avoided turned up in another aspect or, for a fix in one channel, in another one
    worse       it rose (praise: fell) by more than chance
    not_shown   the interval holds 1, or every tenth day without any intervention looks as good
    cannot_tell the data cannot tell, with the reason

"More than chance" is the 95 % interval of the ratio (see `regression`), and, with ten placebo days or more, at most a tenth of them
as sure as the real day. The counterfactual needs the pool of comparisons (or trend and season) to have gone on as before.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from huiyin.facts import Filter, Voices
from huiyin.insight.effects import displacement, placebo
from huiyin.insight.effects.comparing import Series, choose, compared, drifts, interrupted, pooled
from huiyin.insight.effects.outcome import Block, Comparison, Displaced, EffectVerdict, Intervention, Judgement, Refusal
from huiyin.insight.effects.regression import Fit
from huiyin.insight.effects.series import DIMENSIONS, Panel, extent, panel
from huiyin.insight.findings import Estimate
from huiyin.insight.intervals import rate_ratio, wilson

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Settings:
    """The bounds of a study."""

    before_blocks: int = 40
    """At most so many weeks before are compared."""
    after_blocks: int = 12
    least_before: int = 6
    least_after: int = 3
    settling_days: int = 0
    """Whole weeks right after the intervention that count for neither side, in days (rounded up)."""
    least_voices: int = 20
    """Voices of the target before; and half as many expected after."""
    near_days: int = 14
    """Another intervention on the same voices this near cannot be told apart."""
    season_blocks: int = 104
    """Weeks before that an interrupted series without comparison may use."""


@dataclass(frozen=True, slots=True)
class _Study:
    """One panel under one method: rows after settling was taken out."""

    panel: Panel
    settling: Bools
    """(T,) rows left out of the fit."""
    chosen: list[Series]

    @property
    def method(self) -> str:
        return "compared" if self.chosen else "interrupted"

    @property
    def after(self) -> Bools:
        return np.asarray(~self.panel.before & ~self.settling)

    def fit(self, rows: NDArray[np.int64], after: Bools) -> Fit:
        if self.chosen:
            pool, offset = pooled(self.panel, self.chosen)
            return compared(self.panel.target[rows], pool[rows], offset[rows], after)
        return interrupted(self.panel.target[rows], self.panel.voices[rows], self.panel.block[rows], after)

    def whole(self) -> Fit:
        rows = np.flatnonzero(~self.settling)
        return self.fit(rows, self.after[rows])


def judge(
    store: Voices,
    act: Intervention,
    others: Sequence[Intervention] = (),
    where: Filter | None = None,
    until: date | None = None,
    settings: Settings | None = None,
) -> Judgement:
    """The verdict on `act`. `others` are all interventions known; `where` narrows the voices asked; `until` is the last day to use.

    Raises:
        ValueError: an intervention that names no aspect.
    """
    if not act.aspects:
        raise ValueError("an intervention must name at least one aspect that it should move")
    bounds = settings or Settings()
    scope = replace(where or Filter(), since=None, until=None) & replace(act.scope, since=None, until=None)
    span = extent(store, scope)
    if span is None:
        return _refused("no_voices")
    window = _window(act, others, span, until, bounds)
    if isinstance(window, Judgement):
        return window
    first, last, cut = window
    recent = max(first, act.day - timedelta(days=7 * bounds.before_blocks))
    near = panel(store, act, scope, recent, last)
    refusal = _too_little(near, bounds)
    if refusal:
        return replace(_described(_refused(refusal), near, _settling(near, bounds)), shortened_by=cut)
    touched = _touched(act, others, first, last)
    chosen, listed = choose(near, touched)
    # Without a comparison the season must come from the series itself, for which more of the past is read.
    whole = near if chosen or first == recent else panel(store, act, scope, first, last)
    study = _Study(whole, _settling(whole, bounds), chosen)
    return replace(_judged(study, act, listed, touched, bounds), shortened_by=cut)


def _window(
    act: Intervention, others: Sequence[Intervention], span: tuple[date, date], until: date | None, bounds: Settings
) -> tuple[date, date, tuple[str, ...]] | Judgement:
    """First and last usable day: cut where another intervention touches the same; refused where one is too near."""
    first = max(span[0], act.day - timedelta(days=7 * bounds.season_blocks))
    last = min(span[1], until or span[1], act.day + timedelta(days=7 * bounds.after_blocks + bounds.settling_days - 1))
    cut = []
    for other in others:
        if other == act or not (_same_aspects(act, other) and _overlap(act.scope, other.scope)):
            continue
        apart = (other.day - act.day).days
        if abs(apart) <= bounds.near_days:
            return replace(_refused("simultaneous_launch"), shortened_by=(other.name,))
        if apart < 0 and other.day >= first:
            first = other.day + timedelta(days=bounds.settling_days)
            cut.append(other.name)
        elif apart > 0 and other.day <= last:
            last = other.day - timedelta(days=1)
            cut.append(other.name)
    return first, last, tuple(cut)


def _same_aspects(one: Intervention, other: Intervention) -> bool:
    return any(a == b or a.startswith(b + "/") or b.startswith(a + "/") for a in one.aspects for b in other.aspects)


def _overlap(one: Filter, other: Filter) -> bool:
    """Whether two scopes can hold the same voice: on every dimension that both narrow they share a value."""
    pairs = [(getattr(one, name), getattr(other, name)) for name in DIMENSIONS]
    return all(not a or not b or set(a) & set(b) for a, b in pairs)


def _touched(act: Intervention, others: Sequence[Intervention], first: date, last: date) -> tuple[str, ...]:
    """Aspects that other interventions moved among the same voices within the study."""
    return tuple(path for one in others if one != act and first <= one.day <= last and _overlap(act.scope, one.scope) for path in one.aspects)


def _settling(whole: Panel, bounds: Settings) -> Bools:
    return np.asarray((whole.block >= 0) & (whole.block < math.ceil(bounds.settling_days / 7)))


def _too_little(whole: Panel, bounds: Settings) -> Refusal | None:
    before, after = whole.before, ~whole.before & ~_settling(whole, bounds)
    if before.sum() < bounds.least_before:
        return "before_too_short"
    if after.sum() < bounds.least_after:
        return "after_too_short"
    said = float(whole.target[before].sum())
    expected = said * float(whole.voices[after].sum()) / max(float(whole.voices[before].sum()), 1.0)
    # A launch may bring complaints nobody had before: then those after it count.
    enough = said >= bounds.least_voices and expected >= bounds.least_voices / 2
    return None if enough or float(whole.target[after].sum()) >= bounds.least_voices else "too_few_voices"


def _judged(study: _Study, act: Intervention, listed: tuple[Comparison, ...], touched: tuple[str, ...], bounds: Settings) -> Judgement:
    whole, chosen = study.panel, study.chosen
    blank = Judgement("cannot_tell", None, "none", comparisons=listed)
    if not chosen:
        before = whole.before
        if before.sum() < 52 and drifts(whole.target[before], whole.voices[before], whole.block[before]):
            return replace(_described(blank, whole, study.settling), reason="season_without_comparison")
        return _concluded(blank, act, study, study.whole(), [], bounds)
    rose = displacement.displaced(whole, chosen, study.after) if act.polarity == -1 else []
    tainted = {finding.name for finding, *_ in rose} & {one.name for one in chosen}
    if tainted and len(chosen) > len(tainted):
        chosen, listed = choose(whole, touched, tainted)
        study = replace(study, chosen=chosen)
        rose = displacement.displaced(whole, chosen, study.after)
    return _concluded(replace(blank, comparisons=listed), act, study, study.whole(), rose, bounds)


def _concluded(
    blank: Judgement,
    act: Intervention,
    study: _Study,
    effect: Fit,
    rose: list[tuple[Displaced, Fit, float]],
    bounds: Settings,
) -> Judgement:
    length = int(study.after.sum())
    checks = placebo.placebos(study.panel.block, study.panel.starts, length, study.fit, bounds.least_before)
    chance = placebo.share(checks, effect.statistic(1))
    ratio, low, high = effect.interval(1)
    total = int(study.panel.target.sum())
    direction = act.polarity if low > 1 else -act.polarity if high < 1 else 0
    # For praise a rise is good, for complaints a fall: 1 is good.
    if chance is not None and chance > 0.1:
        direction = 0
    later = float(study.panel.target[study.after].sum())
    moved = displacement.moved_share(effect, later, rose) if direction == 1 and act.polarity == -1 else Estimate(None, None, None, 0)
    verdict: EffectVerdict = "not_shown" if direction == 0 else "worked" if direction == 1 else "worse"
    if verdict == "worked" and rose and (moved.value or 0.0) >= 0.5:
        verdict = "moved"
    reach = (float(stats.t.ppf(0.975, effect.freedom)) + float(stats.t.ppf(0.8, effect.freedom))) * effect.error(1)
    plain = _described(blank, study.panel, study.settling, effect)
    return replace(
        plain,
        verdict=verdict,
        method="compared" if study.chosen else "interrupted",
        effect=Estimate(ratio, low, high, total),
        avoided=Estimate(later * (1 / ratio - 1), later * (1 / high - 1), later * (1 / low - 1), int(later)),
        placebos=checks,
        placebo_share=chance,
        displaced=tuple(finding for finding, *_ in rose) if direction == 1 else (),
        moved_share=moved,
        detectable=math.exp(-reach * -act.polarity) if act.polarity == -1 else math.exp(reach),
        dispersion=effect.dispersion,
        correlation=effect.correlation,
    )


def _refused(reason: Refusal) -> Judgement:
    return Judgement("cannot_tell", reason, "none")


def _described(plain: Judgement, whole: Panel, settling: Bools, effect: Fit | None = None) -> Judgement:
    """The judgement with rates before and after, the plain ratio and the blocks of its chart."""
    before, after = whole.before, np.asarray(~whole.before & ~settling)
    sums = [(float(whole.target[part].sum()), float(whole.voices[part].sum())) for part in (before, after)]
    rates = [wilson(int(count), int(voices), 1000.0) for count, voices in sums]
    unadjusted = Estimate(None, None, None, int(whole.target.sum()))
    if sums[0][1] and sums[1][1]:
        unadjusted = Estimate(*rate_ratio(*sums[1], *sums[0], dispersion=effect.dispersion if effect else 1.0), int(whole.target.sum()))
    expected = whole.target.copy()
    if effect is not None:
        kept = ~settling
        expected[kept] = effect.fitted
        expected[after] = expected[after] / math.exp(float(effect.beta[1]))
    else:
        expected = whole.voices * sums[0][0] / max(sums[0][1], 1.0)
    blocks = tuple(
        Block(start.isoformat(), int(count), int(voices), float(one), "before" if early else "settling" if unsettled else "after")
        for start, count, voices, one, early, unsettled in zip(whole.starts, whole.target, whole.voices, expected, before, settling, strict=True)
    )
    return replace(plain, before=rates[0], after=rates[1], unadjusted=unadjusted, blocks=blocks)
