"""Are drivers ordered right, do intervals of importance and effect cover, are ties told, is nothing blamed where nothing matters?"""

from __future__ import annotations

import argparse
import json
import time
from typing import Any

import numpy as np

from huiyin.facts import DuckDBFacts
from huiyin.insight.driver_weights import Weights, logistic_weights, shapley_weights
from huiyin.insight.drivers import churn_drivers, score_drivers
from huiyin.insight.patterns import Patterns
from huiyin.simulate.planted import Plan, draw
from huiyin.simulate.planted.churn import plant_churn

NAMES = tuple("abcdef")
RATES = np.array([0.10, 0.08, 0.06, 0.06, 0.05, 0.05])
HARMS = np.array([2.0, 1.2, 1.0, 1.0, 0.0, 0.0])
ODDS = np.array([1.4, 0.9, 0.8, 0.8, 0.0, 0.0])


def patterns(seed: int, customers: int, outcome: str, together: float = 0.3) -> Patterns:
    """Customers whose second complaint often comes with the first; the outcome linear or logistic in complaints."""
    rng = np.random.default_rng(seed)
    said = (rng.random((customers, 6)) < RATES).astype(float)
    said[:, 1] = np.maximum(said[:, 1], said[:, 0] * (rng.random(customers) < together))
    if outcome == "score":
        y = 8 - said @ HARMS + rng.normal(0, 1.6, customers)
    else:
        y = (rng.random(customers) < 1 / (1 + np.exp(2.2 - said @ ODDS))).astype(float)
    return Patterns(rng.integers(0, 512, customers), said, np.ones(customers), y, y**2, NAMES)


def arrays(worlds: int, first_seed: int) -> dict[str, Any]:
    """Coverage of importance and effect, order, ties and false heads over worlds of 3,000 customers (score) and 5,000 (churn)."""
    out: dict[str, Any] = {}
    for outcome, customers in (("score", 3000), ("churn", 5000)):
        weigh = shapley_weights if outcome == "score" else logistic_weights
        truth = _truth(weigh, outcome)
        held, effects = [[] for _ in NAMES], [[] for _ in NAMES]
        ordered, tied, seconds = 0, 0, 0.0
        for seed in range(first_seed, first_seed + worlds):
            world = patterns(seed, customers, outcome)
            started = time.perf_counter()
            found = weigh(world)
            seconds += time.perf_counter() - started
            for at in range(6):
                _, low, high = found.importance(at)
                held[at].append(low <= truth[at] <= high)
                _, low, high = found.effect(at, churn=False)
                effects[at].append(low <= (HARMS[at] if outcome == "score" else -ODDS[at]) <= high)
            ordered += int(found.raw[0].argmax() == 0)
            tied += 3 in found.ties(0.95)[2]
        out[outcome] = {
            "true_share": {name: round(float(one), 3) for name, one in zip(NAMES, truth, strict=True)},
            "importance_coverage": {name: round(float(np.mean(one)), 3) for name, one in zip(NAMES, held, strict=True)},
            "importance_coverage_all": round(float(np.mean(held)), 4),
            "effect_coverage": {name: round(float(np.mean(one)), 3) for name, one in zip(NAMES, effects, strict=True)},
            "effect_coverage_all": round(float(np.mean(effects)), 4),
            "head_right": ordered,
            "c_and_d_told_as_tie": tied,
            "seconds_per_call": round(seconds / worlds, 3),
        }
    return out


def _truth(weigh: Any, outcome: str) -> np.ndarray:
    """Shares in one world of a million customers."""
    found: Weights = weigh(patterns(10**6, 1_000_000, outcome))
    return found.signed_roots()[0] ** 2


def stores(worlds: int, first_seed: int) -> dict[str, Any]:
    """Through the store: the head cause of NPS and of churn, and heads named where churn has no cause."""
    right = {"nps": 0, "churn": 0, "false_head": 0}
    odds = {"app/crash": 1.6, "service/wait": 0.8}
    for seed in range(first_seed, first_seed + worlds):
        draft = draw(Plan(seed=seed, voices=12_000, customers=7_000, harms=(3.0, 0.5, 1.0, 0.5, 0.5, 0.8, 0.5, 0.3)))
        facts = DuckDBFacts()
        facts.append(*draft.tables())
        right["nps"] += score_drivers(facts, "nps").head[:1] == ("delivery/late",)
        right["churn"] += churn_drivers(facts, plant_churn(draft, odds).customers).head[:1] == ("app/crash",)
        right["false_head"] += bool(churn_drivers(facts, plant_churn(draft, {}).customers).head)
    return {"of": worlds, **right}


def measure(worlds: int, first_seed: int = 0) -> dict[str, Any]:
    """Every yardstick of drivers."""
    return {"worlds": worlds, **arrays(worlds, first_seed), "store": stores(worlds, first_seed)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    result = measure(chosen.worlds, chosen.seed)
    print(json.dumps(result, ensure_ascii=False, indent=1) if chosen.json else "\n".join(f"{name}: {value}" for name, value in result.items()))


if __name__ == "__main__":
    main()
