"""Surveillance on planted truths: false alarms, chance and delay of detection by size, coverage of its intervals.

`--worlds 200` draws 200 companies; in each the whole year is watched week by week with only the past known then.
"""

from __future__ import annotations

import argparse
import json
import time
from datetime import date, timedelta

import numpy as np

from huiyin.insight.surveillance import Panel, Settings, judge, rolling
from huiyin.insight.surveillance.baseline import prediction_interval
from huiyin.simulate.planted import Plan, draw
from huiyin.simulate.planted.outbreaks import plant_outbreak, plant_overdispersion, plant_weekday, weekly_counts

DAYS = 728
FIRST_WEEK = 60
START = 80 * 7
RATIOS = (1.5, 2.0, 3.0, 5.0)
KINDS = ("steady", "season", "restless")


def _panel(draft) -> Panel:
    keys, counts, voices = weekly_counts(draft)
    first = draft.plan.first_day
    starts = np.array([np.datetime64(first + timedelta(weeks=at), "D") for at in range(counts.shape[1])])
    return Panel(tuple(keys), starts, "week", counts, voices, 0)


def _daily(seed: int) -> tuple[int, int]:
    """False alarms and series-days of the last 60 days of a company whose late deliveries have a strong weekday rhythm."""
    draft = _world(seed, "steady")
    plant_weekday(draft, "delivery/late", (2.5, 0.7, 0.7, 0.7, 0.7, 0.7, 1.0))
    days = draft.plan.days
    voices = np.bincount(draft.day, minlength=days).astype(float)
    counts = np.array([np.bincount(draft.day, weights=said, minlength=days) for said in draft.complains.T])
    starts = np.array([np.datetime64(draft.date_of(day), "D") for day in range(days)])
    series = Panel(tuple((path, None) for path in draft.plan.aspects), starts, "day", counts, np.tile(voices, (len(counts), 1)), 0)
    alarm = rolling(series, Settings(), days - 60)
    return int(alarm.sum()), 60 * len(counts)


def _world(seed: int, kind: str, voices: int = 40_000):
    plan = Plan(seed=seed, first_day=date(2024, 7, 1), days=DAYS, voices=voices, customers=30_000, season=0.3 if kind == "season" else 0.0)
    draft = draw(plan)
    if kind == "restless":
        plant_overdispersion(draft, 0.05)
    return draft


def measure(worlds: int, first_seed: int = 0) -> dict:
    """False alarms in honest worlds; power and delay by size; interval coverage."""
    rules = Settings()
    honest = {kind: [0, 0, 0, 0] for kind in KINDS}  # alarms, series-weeks, weeks with any alarm, weeks
    covered = {"prediction": [0, 0], "ratio": [0, 0]}
    found = {f"{ratio:g}x": [] for ratio in RATIOS}
    daily = [0, 0]
    for world in range(worlds):
        seed = first_seed + world
        kind = KINDS[world % len(KINDS)]
        if world % 10 == 0:
            daily = [sum(pair) for pair in zip(daily, _daily(seed + 2_000_000), strict=True)]
        series = _panel(_world(seed, kind))
        alarm = rolling(series, rules, FIRST_WEEK)[:, FIRST_WEEK:]
        tally = honest[kind]
        for at, number in enumerate((alarm.sum(), alarm.size, alarm.any(axis=0).sum(), alarm.shape[1])):
            tally[at] += int(number)
        judged = judge(series, Settings(windows_of_weeks=(1,)))
        low, high = prediction_interval(judged.expected, judged.variance)
        seen = judged.expected >= 5
        covered["prediction"][0] += int(((judged.count >= low) & (judged.count <= high))[seen].sum())
        covered["prediction"][1] += int(seen.sum())
        ratio = RATIOS[world % len(RATIOS)]
        draft = _world(seed + 1_000_000, KINDS[(world // len(RATIOS)) % len(KINDS)])
        truth = plant_outbreak(draft, "app/login", "B2", START, ratio)
        planted = _panel(draft)
        row = planted.keys.index((truth.aspect, truth.product))
        hit = np.flatnonzero(rolling(planted, rules, START // 7)[row])
        found[f"{ratio:g}x"].append(int((hit[0] - START // 7 + 1) * 7 - 1) if len(hit) else None)
        late = judge(planted, Settings(windows_of_weeks=(4,)), at=START // 7 + 3)
        error = 1.96 * late.ratio_error[row]
        measured = np.log(max(late.count[row], 0.5) / late.expected[row])
        covered["ratio"][0] += int(abs(measured - np.log(ratio)) <= error)
        covered["ratio"][1] += 1
    return {
        "worlds": worlds,
        "series": len(series.keys),
        "honest": {
            kind: {
                "false_alarms_per_1000_series_weeks": round(1000 * a / max(n, 1), 2),
                "weeks_with_a_false_alarm": round(any_ / max(w, 1), 3),
                "series_weeks": n,
            }
            for kind, (a, n, any_, w) in honest.items()
        },
        "daily_with_weekday_rhythm": {"false_alarms_per_1000_series_days": round(1000 * daily[0] / max(daily[1], 1), 2), "series_days": daily[1]},
        "outbreaks": {size: _delays(days) for size, days in found.items()},
        "coverage": {name: {"covered": round(hit / max(total, 1), 3), "of": total} for name, (hit, total) in covered.items()},
    }


def _delays(days: list[int | None]) -> dict:
    known = sorted(day for day in days if day is not None)
    share = {f"within_{limit}_days": round(sum(day < limit for day in known) / max(len(days), 1), 3) for limit in (7, 28, 84)}
    return {"planted": len(days), **share, "median_delay_days": known[len(known) // 2] if known else None}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=200)
    parser.add_argument("--first-seed", type=int, default=0)
    chosen = parser.parse_args()
    began = time.perf_counter()
    result = measure(chosen.worlds, chosen.first_seed)
    for kind, row in result["honest"].items():
        print(f"{kind:10} {row['false_alarms_per_1000_series_weeks']:6.2f} false alarms per 1,000 series-weeks ({row['series_weeks']:,})")
    print("daily     ", result["daily_with_weekday_rhythm"])
    for size, row in result["outbreaks"].items():
        print(f"{size:>5} {row}")
    print(json.dumps(result["coverage"]), f"{time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
