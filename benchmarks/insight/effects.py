"""How often are verdicts on fixes right? Worlds with planted effects go through the store; a confusion matrix and the coverage of intervals.

Every world has weeks of their own (overdispersion with memory), a yearly season in half of them, 7,000 to 18,000 voices a year.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from typing import Any

import numpy as np

from huiyin.facts import DuckDBFacts
from huiyin.insight.effects import Intervention, judge, watch
from huiyin.simulate.planted import Draft, Plan, draw
from huiyin.simulate.planted.effects import plant_displacing_fix, plant_fading_fix, plant_fix, plant_unrest

DAY = 273
TARGET = "delivery/late"
SCENARIOS: dict[str, tuple[str, float]] = {
    "nothing": ("not_shown", 1.0),
    "fix ×0.75": ("worked", 0.75),
    "fix ×0.60": ("worked", 0.60),
    "fix ×0.40": ("worked", 0.40),
    "fix ×0.20": ("worked", 0.20),
    "worse ×1.4": ("worse", 1.4),
    "worse ×1.8": ("worse", 1.8),
    "moved ×0.40": ("moved", 0.40),
    "nothing, alone": ("not_shown", 1.0),
    "fix ×0.40, alone": ("worked", 0.40),
    "two at once": ("cannot_tell", 0.40),
    "few voices": ("cannot_tell", 0.40),
}
VERDICTS = ("worked", "not_shown", "worse", "moved", "cannot_tell")


def world(seed: int, scenario: str) -> tuple[Draft, float]:
    rng = np.random.default_rng([seed, 99])
    ratio = SCENARIOS[scenario][1]
    aspects, rates, harms = Plan().aspects, Plan().rates, Plan().harms
    voices = int(rng.integers(7_000, 18_000))
    if scenario.endswith("alone"):
        aspects, rates, harms = aspects[:1], rates[:1], harms[:1]
    if scenario == "few voices":
        voices = 300
    season = float(rng.choice([0.0, 0.35]))
    plan = Plan(seed=seed, voices=voices, customers=voices // 2, aspects=aspects, rates=rates, harms=harms, season=season)
    draft = draw(plan)
    plant_unrest(draft, 0.12, 0.3)
    if scenario.startswith("moved"):
        plant_displacing_fix(draft, TARGET, "service/wait", DAY, ratio)
    elif ratio != 1.0:
        plant_fix(draft, TARGET, DAY, ratio)
    return draft, ratio


def stored(draft: Draft) -> DuckDBFacts:
    draft.text = [""] * len(draft)
    facts = DuckDBFacts()
    facts.append(*draft.tables())
    return facts


def measure(worlds: int, first_seed: int = 0) -> dict[str, Any]:
    """Confusion matrix, coverage of effect intervals, median ratio, relapse alarms."""
    matrix: dict[str, Counter[str]] = {name: Counter() for name in SCENARIOS}
    covered: dict[str, list[bool]] = {name: [] for name in SCENARIOS}
    reasons: Counter[str] = Counter()
    found: dict[str, list[float]] = {name: [] for name in SCENARIOS}
    seconds = 0.0
    for seed in range(first_seed, first_seed + worlds):
        for at, name in enumerate(SCENARIOS):
            if name != "two at once":
                draft, ratio = world(1000 * at + seed, name)
                facts = stored(draft)
            act = Intervention(draft.date_of(DAY), (TARGET,), name="fix")
            others = [Intervention(draft.date_of(DAY + 4), ("delivery",), name="launch")] if name == "two at once" else []
            started = time.perf_counter()
            result = judge(facts, act, others)
            seconds += time.perf_counter() - started
            matrix[name][result.verdict] += 1
            if result.reason:
                reasons[f"{name}: {result.reason}"] += 1
            if result.effect.value is not None:
                covered[name].append(result.effect.low <= ratio <= result.effect.high)  # type: ignore[operator]
                found[name].append(result.effect.value)
    known = [one for name in SCENARIOS for one in covered[name]]
    return {
        "worlds": worlds,
        "matrix": {name: {verdict: matrix[name][verdict] for verdict in VERDICTS} for name in SCENARIOS},
        "coverage": {name: round(float(np.mean(covered[name])), 3) for name in SCENARIOS if covered[name]},
        "coverage_all": round(float(np.mean(known)), 4),
        "median_ratio": {name: round(float(np.median(found[name])), 3) for name in SCENARIOS if found[name]},
        "reasons": dict(sorted(reasons.items())),
        "relapse": relapse(max(worlds // 2, 1), first_seed),
        "seconds_per_call": round(seconds / (worlds * len(SCENARIOS)), 4),
    }


def relapse(worlds: int, first_seed: int) -> dict[str, Any]:
    """Alarms over the 28 weeks of watching after a proven fix: one that holds, one that is undone at day 430."""
    out: dict[str, Any] = {}
    for name, left in (("holds", 1.0), ("fades", 0.0)):
        alarms, delays, proven = 0, [], 0
        for seed in range(first_seed, first_seed + worlds):
            draft = draw(Plan(seed=50_000 + seed, voices=16_000, customers=9_000, days=560))
            plant_unrest(draft, 0.12, 0.3)
            plant_fading_fix(draft, TARGET, DAY, 0.4, 430, left)
            facts = stored(draft)
            act = Intervention(draft.date_of(DAY), (TARGET,))
            until = draft.date_of(DAY + 83)
            judged = judge(facts, act, until=until)
            if judged.verdict != "worked":
                continue
            proven += 1
            seen = watch(facts, act, judged)
            if seen.status == "relapsed" and seen.alarm:
                alarms += 1
                delays.append((np.datetime64(seen.alarm) - np.datetime64(draft.date_of(430))).astype(int) / 7)
        out[name] = {"proven": proven, "alarms": alarms, "median_delay_weeks": round(float(np.median(delays)), 1) if delays else None}
        if name == "fades":
            out[name]["before_the_relapse"] = int(sum(one < 0 for one in delays))
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    result = measure(chosen.worlds, chosen.seed)
    if chosen.json:
        print(json.dumps(result, ensure_ascii=False, indent=1))
        return
    print(f"{'planted':<18}" + "".join(f"{verdict:>12}" for verdict in VERDICTS) + f"{'coverage':>10}{'median':>8}")
    for name, row in result["matrix"].items():
        tail = f"{result['coverage'].get(name, float('nan')):>10.3f}{result['median_ratio'].get(name, float('nan')):>8.2f}"
        print(f"{name:<18}" + "".join(f"{row[verdict]:>12}" for verdict in VERDICTS) + tail)
    print("coverage over all:", result["coverage_all"], " seconds a call:", result["seconds_per_call"])
    print("refusals:", result["reasons"])
    print("relapse:", result["relapse"])


if __name__ == "__main__":
    main()
