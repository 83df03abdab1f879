"""Do intervals of metrics cover, are changes found, do the parts of a movement cover, is the nowcast silent when it should be?"""

from __future__ import annotations

import argparse
import json
import sys
import time
from datetime import timedelta
from typing import Any

import numpy as np

from huiyin.facts import DuckDBFacts, Filter
from huiyin.insight import metrics, movement
from huiyin.insight.nowcast import WINDOW, Daily, foretell
from huiyin.insight.patterns import Patterns, sums
from huiyin.insight.scoring import Answers, contrast, estimate, linear, values_of
from huiyin.simulate.planted import Draft, Plan, draw
from huiyin.simulate.planted.scores import plant_base, plant_harm, plant_mix, plant_silent_scale_break, with_scale_break

SHAPES = {
    "good": np.array([2, 1, 1, 1, 1, 3, 4, 9, 18, 25, 35.0]),
    "mixed": np.array([12, 6, 6, 5, 5, 10, 8, 12, 12, 10, 14.0]),
}
SIZES = ((8, 1), (12, 1), (20, 1), (50, 1), (200, 1), (1000, 1), (20, 3), (100, 3))
SPLIT = 200


def _answers(rng: np.random.Generator, shape: np.ndarray, customers: int, each: int) -> Answers:
    """Customers who each answer `each` times; answers of one customer are alike seven times of ten."""
    share = shape / shape.sum()
    own = rng.choice(11, customers, p=share)
    score = np.where(rng.random((customers, each)) < 0.7, own[:, None], rng.choice(11, (customers, each), p=share)).ravel()
    bucket = np.repeat(rng.integers(0, 2**40, customers) % 512, each)
    return Answers(bucket, np.zeros(len(score), np.int64), score.astype(float), np.ones(len(score), np.int64))


def coverage(worlds: int, first_seed: int) -> dict[str, Any]:
    """Share of intervals that hold the truth, by metric, shape and (customers, answers of each); 4 samples a world."""
    out: dict[str, Any] = {}
    levels = np.arange(11.0)
    for kind in ("nps", "csat", "mean"):
        for name, shape in SHAPES.items():
            truth = float(values_of(kind, levels, 10.0) @ shape / shape.sum())
            for customers, each in SIZES:
                rng = np.random.default_rng([first_seed, customers, each])
                found = [estimate(kind, _answers(rng, shape, customers, each), 10.0) for _ in range(worlds * 4)]
                out[f"{kind} {name} {customers}×{each}"] = round(float(np.mean([one.low <= truth <= one.high for one in found])), 3)
    return out


def differences(worlds: int, first_seed: int) -> dict[str, Any]:
    """False alarms, detection by size and coverage of the difference of two NPS of 150 customers; 4 samples a world."""
    out: dict[str, Any] = {}
    levels = np.arange(11.0)
    for kind in ("nps", "csat", "mean"):
        for name, tilt in (("none", 1.0), ("small", 1.25), ("middle", 1.6), ("large", 2.2)):
            rng = np.random.default_rng([first_seed, 7])
            before = SHAPES["mixed"]
            after = before * np.where(levels >= 9, tilt, 1.0)
            truth = [float(values_of(kind, levels, 10.0) @ shape / shape.sum()) for shape in (before, after)]
            held, told = [], []
            for _ in range(worlds * 4):
                ones = []
                for shape in (before, after):
                    answers = _answers(rng, shape, 150, 1)
                    ones.append(linear(answers, values_of(kind, answers.score, 10.0)))
                change, p_value = contrast(kind, *ones)
                held.append(change.low <= truth[1] - truth[0] <= change.high)
                told.append(p_value <= 0.05)
            row = {"truth": round(truth[1] - truth[0], 2), "told": round(float(np.mean(told)), 3), "coverage": round(float(np.mean(held)), 3)}
            out[f"{kind} {name}"] = row
    return out


def _moved(seed: int, voices: int, each: int) -> Draft:
    """A company that moved for three reasons. Customers speak `each` times; those of twenty times have habits and a mood of their own."""
    draft = draw(Plan(seed=seed, voices=voices, customers=voices // each, volume_season=0.0))
    habits = np.random.default_rng([seed, 5])
    if each > 2:
        draft.chance *= np.exp(0.5 * habits.normal(size=(draft.plan.customers, draft.chance.shape[1])) - 0.125)[draft.customer]
        for at in range(draft.chance.shape[1]):
            draft.redraw(at)
    plant_mix(draft, "delivery/late", SPLIT, 1.8)
    plant_harm(draft, "app/crash", SPLIT, 3.0)
    plant_base(draft, SPLIT, -0.3)
    if each > 2:
        draft.score = np.clip(np.rint(draft.score + habits.normal(size=draft.plan.customers)[draft.customer]), 0, 10)
    draft.text = [""] * len(draft)
    return draft


def _true_parts(each: int) -> dict[str, float]:
    """Parts of the movement, means of twelve large worlds: the error of one alone is a fifth of that of the samples, and common to all of them."""
    found = []
    for seed in range(10**6, 10**6 + 12):
        draft = _moved(seed, 300_000, each)
        sides = []
        for rows in (draft.day < SPLIT, draft.day >= SPLIT):
            x = values_of("nps", draft.score[rows], 10.0)
            said = draft.complains[rows].astype(np.float64)
            sides.append(sums(Patterns(draft.customer[rows] % 512, said, np.ones(len(x)), x, x**2, draft.plan.aspects)))
        parts = movement.decompose(sides[0], sides[1], np.ones((1, 512)))
        one = {"mix_sum": parts.mix.sum(), "effect_sum": parts.effect.sum(), "remainder": parts.remainder[0]}
        one |= {f"mix {name}": part for name, part in zip(draft.plan.aspects, parts.mix[0], strict=True)}
        found.append(one | {f"effect {name}": part for name, part in zip(draft.plan.aspects, parts.effect[0], strict=True)})
    return {name: float(np.mean([one[name] for one in found])) for name in found[0]}


def movements(worlds: int, first_seed: int) -> dict[str, Any]:
    """Coverage of every part of a movement by mix, effect and base, with customers of two voices and of twenty."""
    return {name: _movement(worlds, first_seed, each) for name, each in (("two voices each", 2), ("twenty voices each", 20))}


def _movement(worlds: int, first_seed: int, each: int) -> dict[str, Any]:
    first_day = Plan().first_day
    sides = Filter(until=first_day + timedelta(days=SPLIT - 1)), Filter(since=first_day + timedelta(days=SPLIT))
    aspects = Plan().aspects
    truth = _true_parts(each)
    held: dict[str, list[bool]] = {}
    sizes: dict[str, list[tuple[float, float]]] = {"mix_sum": [], "effect_sum": [], "remainder": []}
    worst, seconds, named = 0.0, 0.0, 0
    for seed in range(first_seed, first_seed + worlds):
        with DuckDBFacts() as facts:
            facts.append(*_moved(seed, 12_000, each).tables())
            started = time.perf_counter()
            told = movement.explain(facts, "nps", *sides, aspects)
            seconds += time.perf_counter() - started
        total = sum(one.total.value for one in told.aspects) + told.remainder.value
        worst = max(worst, abs(total - told.change.difference.value))
        named += {one.aspect for one in told.aspects[:2]} == {"delivery/late", "app/crash"}
        for name, one in _parts(told).items():
            held.setdefault(name.split(" ")[0], []).append(one.low <= truth[name] <= one.high)
            if name in sizes:
                sizes[name].append((one.value, (one.high - one.low) / 2 / 1.965))
    return {
        "coverage": {name: round(float(np.mean(many)), 3) for name, many in sorted(held.items())},
        "coverage_all": round(float(np.mean([one for many in held.values() for one in many])), 4),
        "spread, stated": {
            name: (round(float(np.std([value for value, _ in many])), 3), round(float(np.mean([error for _, error in many])), 3))
            for name, many in sizes.items()
        },
        "largest_gap_of_the_sum": worst,
        "both_causes_first": named,
        "seconds_per_call": round(seconds / worlds, 3),
    }


def _parts(told: movement.Movement) -> dict[str, Any]:
    out = {"mix_sum": told.mix, "effect_sum": told.effect, "remainder": told.remainder}
    for one in told.aspects:
        out[f"mix {one.aspect}"], out[f"effect {one.aspect}"] = one.mix, one.effect
    return out


def breaks(worlds: int, first_seed: int) -> dict[str, int]:
    """Stated and silent changes of scale found, and false ones in worlds without."""
    found = {"stated": 0, "silent": 0, "silent_within_3_days": 0, "false": 0}
    for seed in range(first_seed, first_seed + worlds):
        draft = draw(Plan(seed=seed, voices=2000))
        draft.text = [""] * len(draft)
        plant_harm(draft, "app/crash", 150, 3.0)
        feedback, mentions = draft.tables()
        for name, table in (("false", feedback), ("stated", with_scale_break(draft, feedback, 180, 5.0))):
            facts = DuckDBFacts()
            facts.append(table, mentions)
            found[name] += metrics.measure(facts, "mean").reason == "broken_series"
        plant_silent_scale_break(draft, 180)
        facts = DuckDBFacts()
        facts.append(*draft.tables())
        told = metrics.measure(facts, "mean")
        found["silent"] += told.reason == "broken_series"
        day = np.datetime64(draft.date_of(180))
        found["silent_within_3_days"] += any(abs((np.datetime64(one.day) - day).astype(int)) <= 3 for one in told.breaks)
    return found


def _daily(seed: int, moving: float, waves: int = 14, every: int = 45, answers: int = 150) -> tuple[Daily, list[tuple[int, int]], np.ndarray, float]:
    """Two aspects; the share of the first wanders by `moving`, a complaint of it costs 60 points, of the second 20; and the wave to come."""
    rng = np.random.default_rng(seed)
    days = (waves + 1) * every
    wander = np.zeros(days)
    for day in range(1, days):
        wander[day] = 0.985 * wander[day - 1] + moving * np.sqrt(1 - 0.985**2) * rng.normal()
    share = np.column_stack([np.clip(0.3 + wander, 0.02, 0.6), np.full(days, 0.1)])
    said = rng.binomial(200, share).astype(float)
    spans = [(every * w + every - 7, every * w + every - 1) for w in range(waves + 1)]
    gram, moment = np.zeros((days, 3, 3)), np.zeros((days, 3))
    for first, last in spans:
        for day in range(first, last + 1):
            x = np.column_stack([np.ones(answers), rng.random((answers, 2)) < share[day]])
            gram[day], moment[day] = x.T @ x, x.T @ (40 - 60 * x[:, 1] - 20 * x[:, 2] + rng.normal(0, 50, answers))
    end = spans[-1][0]
    following = float(moment[end:, 0].sum() / gram[end:, 0, 0].sum())
    known = Daily(Plan().first_day, np.full(end, 200.0), said[:end], gram[:end], moment[:end], ("app/crash", ""))
    heard = np.cumsum(np.concatenate([np.zeros((1, 2)), said[:end]]), axis=0)
    day = np.arange(1, end + 1)
    since = np.maximum(day - WINDOW, 0)
    return known, spans[:-1], (heard[day] - heard[since]) / (200.0 * (day - since))[:, None], following


def nowcasts(worlds: int, first_seed: int) -> dict[str, Any]:
    """Spoken or silent, error against carrying forward, and whether the next real wave fell into the interval; 14 waves known."""
    out: dict[str, Any] = {}
    for name, moving in (("steady", 0.0), ("moving", 0.06), ("moving much", 0.12)):
        spoken, held, errors, carried = 0, [], [], []
        for seed in range(first_seed, first_seed + worlds):
            known, spans, mix, actual = _daily(seed, moving)
            told = foretell("nps", known, spans, mix)
            if told.value.value is None:
                continue
            spoken += 1
            held.append(told.value.low <= actual <= told.value.high)
            errors.append((told.value.value - actual) ** 2)
            carried.append((told.waves[-1].value - actual) ** 2)
        row: dict[str, Any] = {"spoken": spoken, "of": worlds}
        if spoken:
            row |= {"coverage": round(float(np.mean(held)), 3), "error": round(float(np.sqrt(np.mean(errors))), 2)}
            row["carried_error"] = round(float(np.sqrt(np.mean(carried))), 2)
        out[name] = row
    return out


def measure(worlds: int, first_seed: int = 0) -> dict[str, Any]:
    """Every yardstick of metrics, movement and nowcast."""
    out: dict[str, Any] = {"worlds": worlds}
    for part in (nowcasts, coverage, differences, movements, breaks):
        out[part.__name__] = part(worlds, first_seed)
        print(part.__name__, "done", file=sys.stderr)
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
    for part in ("coverage", "differences"):
        print(part)
        for name, value in result[part].items():
            print(f"  {name:<22}{value}")
    for part in ("breaks", "movements", "nowcasts"):
        print(part, result[part])


if __name__ == "__main__":
    main()
