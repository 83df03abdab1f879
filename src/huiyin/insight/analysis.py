"""All questions of the main job, asked once of the facts: what hurts, how much, since when, where, in whose words."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from huiyin.facts import FactsStore, Filter, Voices
from huiyin.insight import concentration, coverage, evidence, overview, population, ranking, trends
from huiyin.insight.catalogue import Catalogue
from huiyin.insight.findings import Change, Estimate, Findings, Praise, Problem, Trend
from huiyin.insight.intervals import wilson
from huiyin.insight.population import Complaints, Population
from huiyin.insight.ranking import Ranked

_RANKS_SHOWN = 10
_PRAISED = 8
_PRAISE_QUOTES = 4


@dataclass(frozen=True, slots=True)
class Intake:
    """What the run knows and the facts do not."""

    title: str
    generated_at: str
    read: int
    rejected: int
    repeated: int
    partial: bool
    copies: int = 0
    """Near-duplicates: stored, and counted for nothing."""
    notes: tuple[str, ...] = ()
    time_zone: str = population.TIME_ZONE
    """Days and weeks are those of this zone."""


def analyse_load(store: FactsStore, catalogue: Catalogue, intake: Intake) -> Findings:
    """Every finding about a finished load."""
    population.prepare(store, intake.time_zone)
    return analyse(store, catalogue, intake)


def analyse(store: Voices, catalogue: Catalogue, intake: Intake, where: Filter | None = None) -> Findings:
    """Every finding about the voices within a filter. Deterministic; only `generated_at` is taken from outside."""
    people = population.population(store, where)
    complaints = population.complaints(store, people, where=where)
    ranked = ranking.rank(people, complaints, population.scores(store, complaints.aspects, where))
    paths = [complaints.aspects[at] for at in ranked.aspect]
    cards = {card.path: card for card in catalogue.aspects}
    mondays, total, series = trends.weekly(store, where)
    judged = trends.judge(mondays, total, [series.get(path, np.zeros(len(mondays), dtype=np.int64)) for path in paths])
    gathered = concentration.conditions(store, [(path, cards[path].name) for path in paths], where)
    walls = evidence.walls(store, paths, where=where)
    problems = _problems(people, complaints, ranked, catalogue, judged)
    problems = tuple(replace(one, concentrations=gathered.get(one.aspect, ()), evidence=walls.get(one.aspect, ())) for one in problems)
    findings = Findings(
        title=intake.title,
        generated_at=intake.generated_at,
        taxonomy=f"{catalogue.pack}@{catalogue.version}",
        taxonomy_name=catalogue.name,
        partial=intake.partial,
        volume=overview.volume(store, people, intake.read, intake.rejected, intake.repeated, intake.copies, where),
        sentiment=overview.sentiment(store, where),
        score=overview.score(store, where),
        problems=problems,
        too_small=tuple((cards[complaints.aspects[at]].name, int((complaints.aspect == at).sum())) for at in ranked.too_small),
        minimum_customers=ranking.MINIMUM_CUSTOMERS,
        changes=_changes(problems),
        steps=tuple(concentration.steps(store, catalogue, where)),
        praised=_praised(store, people, catalogue, where),
        coverage=coverage.measure(store, where),
        replicates=ranking.REPLICATES,
        checksum="",
        notes=intake.notes,
    )
    return replace(findings, checksum=_checksum(findings))


def problem_id(path: str) -> str:
    """The stable id of the problem that an aspect stands for.

    >>> problem_id("ordering/address") == problem_id("ordering/address")
    True
    """
    return "P-" + hashlib.sha256(path.encode()).hexdigest()[:6].upper()


def _problems(people: Population, complaints: Complaints, ranked: Ranked, catalogue: Catalogue, judged: list[Trend]) -> tuple[Problem, ...]:
    cards = {card.path: card for card in catalogue.aspects}
    chances, ties = ranked.rank_probabilities(), ranked.ties()
    places = _places(ranked)
    mentions = np.bincount(complaints.aspect, weights=complaints.mentions, minlength=len(complaints.aspects))
    feedback = np.bincount(complaints.aspect, weights=complaints.feedback, minlength=len(complaints.aspects))
    out = []
    for k, at in enumerate(ranked.aspect):
        path = complaints.aspects[at]
        card, theme = cards[path], catalogue.parent(path)
        customers = int(ranked.customers[k])
        out.append(
            Problem(
                problem_id=problem_id(path),
                rank=k + 1,
                aspect=path,
                name=card.name,
                parent=theme.name if theme else None,
                definition=card.definition,
                owner=card.owner,
                touchpoint=card.touchpoint,
                customers=customers,
                feedback=int(feedback[at]),
                mentions=int(mentions[at]),
                frequency=wilson(customers, len(people), 1000.0),
                intensity=_estimate(ranked.intensity[k], ranked.intensity_replicates[:, k], customers),
                harm=_estimate(ranked.harm[k], ranked.harm_replicates[:, k], ranked.scored) if ranked.scored else None,
                score=_estimate(ranked.score[k], ranked.score_replicates[:, k], customers),
                rank_probability=tuple(round(float(one), 4) for one in chances[k, :_RANKS_SHOWN]),
                rank_certainty=round(float(chances[k, k]), 4),
                tied_with=ties[k],
                rank_by={name: int(place[k]) for name, place in places.items()},
                trend=judged[k],
                concentrations=(),
                evidence=(),
                evidence_customers=customers,
            )
        )
    return tuple(out)


def _places(ranked: Ranked) -> dict[str, NDArray[np.int64]]:
    """Rank of each problem by one part alone."""
    parts = {"frequency": ranked.customers.astype(float), "intensity": ranked.intensity}
    if ranked.scored:
        parts["harm"] = ranked.harm
    return {name: np.argsort(np.argsort(-values, kind="stable"), kind="stable") + 1 for name, values in parts.items()}


def _estimate(value: float, replicates: NDArray[np.float64], n: int) -> Estimate:
    low, high = np.quantile(replicates, [0.025, 0.975])
    return Estimate(float(value), float(low), float(high), n)


def _changes(problems: tuple[Problem, ...]) -> tuple[Change, ...]:
    """Judged changes, the ones that moved most complaints first."""
    out = []
    for problem in problems:
        trend = problem.trend
        if trend.verdict in ("up", "down") and trend.since and trend.before.value is not None and trend.after.value is not None:
            out.append(Change(problem.problem_id, problem.name, trend.verdict, trend.since, trend.before.value, trend.after.value, trend.ratio))
    return tuple(sorted(out, key=lambda one: (-abs(one.after - one.before), one.problem_id)))


def _praised(store: Voices, people: Population, catalogue: Catalogue, where: Filter | None) -> tuple[Praise, ...]:
    praise = population.complaints(store, people, polarity=1, where=where)
    counts = np.bincount(praise.aspect, minlength=len(praise.aspects))
    order = [at for at in np.lexsort((np.arange(len(counts)), -counts))[:_PRAISED] if counts[at] >= ranking.MINIMUM_CUSTOMERS]
    cards = {card.path: card for card in catalogue.aspects}
    walls = evidence.walls(store, [praise.aspects[at] for at in order], polarity=1, shown=_PRAISE_QUOTES, where=where)
    return tuple(
        Praise(
            praise.aspects[at],
            cards[praise.aspects[at]].name,
            int(counts[at]),
            wilson(int(counts[at]), len(people), 1000.0),
            walls.get(praise.aspects[at], ()),
        )
        for at in order
    )


def _checksum(findings: Findings) -> str:
    """Hash of everything but when and from which file, floats to nine digits: the same voices give the same checksum."""
    content = findings.as_dict()
    for key in ("title", "generated_at", "checksum", "notes"):
        del content[key]
    text = json.dumps(_rounded(content), ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _rounded(value: object) -> object:
    """Sums of floats differ in the last digit with the order in which threads add them."""
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return [_rounded(one) for one in value] if isinstance(value, list | tuple) else value
