"""Do the intervals of the ranked list cover, is the probability of a rank right, are neighbours called tied when they are?"""

from __future__ import annotations

import argparse
import json
from typing import Any

import numpy as np

from huiyin.facts import DuckDBFacts
from huiyin.insight.problems import Definition, Row, problem_list
from huiyin.simulate.planted import Plan, draw

ASPECTS = ("delivery/late", "app/crash", "service/attitude", "price/high", "app/login", "product/noise")
INTENSITY = 4 / 7
"""Mean of the Beta(4, 3) from which strengths are drawn."""
TIE = {"app/crash": (0.05, 1.0), "app/login": (0.049, 1.0), "delivery/late": (0.08, 0.4), "product/noise": (0.03, 0.0)}
"""(rate, harm): two that 5,000 customers cannot tell apart, one clearly less, one harmless."""


def ranked(rates: tuple[float, ...], harms: tuple[float, ...], aspects: tuple[str, ...], seed: int) -> tuple[Row, ...]:
    """The list of a world of 5,000 customers, one voice each, away from the ends of the scale."""
    plan = Plan(seed=seed, voices=5000, customers=5000, aspects=aspects, rates=rates, harms=harms, mean_score=6.0, score_noise=1.0)
    draft = draw(plan)
    draft.customer = np.arange(len(draft))
    with DuckDBFacts() as store:
        store.append(*draft.tables())
        return problem_list(store, tuple(Definition(path, path, (path,)) for path in aspects)).rows


def measure(worlds: int, first_seed: int = 0) -> dict[str, Any]:
    """Over `worlds` worlds whose rates (1–10 %) and harms (0.2–2 points) are drawn anew each time."""
    covered: dict[str, list[bool]] = {"frequency": [], "intensity": [], "harm": [], "score": []}
    stated: list[float] = []
    right: list[bool] = []
    inside: list[bool] = []
    tied = apart = last = 0
    for seed in range(first_seed, first_seed + worlds):
        rng = np.random.default_rng([seed, 99])
        rates = tuple(np.exp(rng.uniform(np.log(0.01), np.log(0.1), len(ASPECTS))).tolist())
        harms = tuple(rng.uniform(0.2, 2.0, len(ASPECTS)).tolist())
        truth = {path: (1000 * rate, INTENSITY, harm, 1000 * rate * INTENSITY * harm) for path, rate, harm in zip(ASPECTS, rates, harms, strict=True)}
        order = sorted(ASPECTS, key=lambda path: -truth[path][3])  # noqa: B023
        for row in ranked(rates, harms, ASPECTS, seed):
            for name, value in zip(covered, truth[row.problem_id], strict=True):
                estimate = getattr(row, name)
                covered[name].append(estimate.low <= value <= estimate.high)
            stated.append(row.rank_certainty)
            right.append(order[row.rank - 1] == row.problem_id)
            inside.append(row.rank_low <= order.index(row.problem_id) + 1 <= row.rank_high)
        place = {
            row.problem_id: row for row in ranked(tuple(one for one, _ in TIE.values()), tuple(one for _, one in TIE.values()), tuple(TIE), seed)
        }
        tied += place["app/login"].rank in place["app/crash"].tied_with
        apart += place["delivery/late"].rank not in place["app/crash"].tied_with
        last += place["product/noise"].rank == len(TIE)
    chances, hits = np.array(stated), np.array(right)
    edges = {"under .5": (0.0, 0.5), ".5 to .8": (0.5, 0.8), ".8 to .95": (0.8, 0.95), ".95 up": (0.95, 1.01)}
    bands = {name: (chances >= low) & (chances < high) for name, (low, high) in edges.items()}
    return {
        "worlds": worlds,
        "coverage": {name: round(float(np.mean(values)), 3) for name, values in covered.items()},
        "band of ranks holds the true rank": round(float(np.mean(inside)), 3),
        "rank certainty": {
            name: {"stated": round(float(chances[at].mean()), 3), "true": round(float(hits[at].mean()), 3), "n": int(at.sum())}
            for name, at in bands.items()
            if at.any()
        },
        "two nearly equal problems called tied": round(tied / worlds, 3),
        "two clearly different ones kept apart": round(apart / worlds, 3),
        "harmless problem stands last": round(last / worlds, 3),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=200)
    print(json.dumps(measure(parser.parse_args().worlds), ensure_ascii=False, indent=2))
