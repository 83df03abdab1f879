"""Does the ratio of two needs cover when people voice both, are groups alike called alike and planted gaps found, are words controlled?"""

from __future__ import annotations

import argparse
import json
from typing import Any

import numpy as np

from huiyin.facts import DuckDBFacts, Filter
from huiyin.insight import comparing
from huiyin.insight.comparing import difference_of_shares, log_odds, overlapping_ratio
from huiyin.simulate.planted import Plan, draw

A, B = Filter(product=("A1",)), Filter(product=("B2",))


def ratios(worlds: int, first_seed: int) -> dict[str, float]:
    """Coverage of a ratio of 2, by customers and by how much the two needs go together; 20 samples a world."""
    out = {}
    for customers in (400, 4000):
        for together in (0.0, 0.5):
            rng = np.random.default_rng([first_seed, customers, int(10 * together)])
            held = []
            for _ in range(worlds * 20):
                second = rng.random(customers) < 0.04
                first = np.where(
                    second, rng.random(customers) < 0.08 + together * 0.92, rng.random(customers) < (0.08 - 0.04 * (0.08 + together * 0.92)) / 0.96
                )
                found = overlapping_ratio(int(first.sum()), int(second.sum()), int((first & second).sum()))
                held.append(found.value is not None and found.low <= 2.0 <= found.high)
            out[f"{customers} customers, together {together}"] = round(float(np.mean(held)), 3)
    return out


def shares(worlds: int, first_seed: int) -> dict[str, float]:
    """Coverage of a difference of shares, 20 samples a world."""
    out = {}
    for n_a, p_a, n_b, p_b in ((60, 0.1, 80, 0.1), (60, 0.02, 500, 0.05), (1000, 0.05, 1000, 0.08)):
        rng = np.random.default_rng([first_seed, n_a, n_b])
        found = [
            difference_of_shares(int(a), n_a, int(b), n_b)[0]
            for a, b in zip(rng.binomial(n_a, p_a, worlds * 20), rng.binomial(n_b, p_b, worlds * 20), strict=True)
        ]
        out[f"{n_a} at {p_a} against {n_b} at {p_b}"] = round(float(np.mean([one.low <= p_a - p_b <= one.high for one in found])), 3)
    return out


def groups(worlds: int, first_seed: int) -> dict[str, float]:
    """Worlds of 6,000 voices: B2 crashes 1, 1.5, 2, 3 times as often as A1."""
    out: dict[str, float] = {}
    for times in (1.0, 1.5, 2.0, 3.0):
        found = false = 0
        for seed in range(first_seed, first_seed + worlds):
            draft = draw(Plan(seed=seed, voices=6000, customers=5000))
            crash = draft.aspect("app/crash")
            draft.chance[draft.product == 1, crash] *= times
            draft.redraw(crash)
            with DuckDBFacts() as store:
                store.append(*draft.tables())
                gaps = {one.aspect: one for one in comparing.by_aspect(store, A, B)}
            found += gaps["app/crash"].attention_verdict == "second"
            false += any(one.attention_verdict != "not_shown" for name, one in gaps.items() if name != "app/crash")
        out[f"×{times}: found" if times > 1 else "alike: called different"] = round(found / worlds, 3)
        out[f"×{times}: another aspect called different"] = round(false / worlds, 3)
    return out


def words(worlds: int, first_seed: int) -> dict[str, float]:
    """2,000 words of Zipf's frequencies; 20 of them twice as frequent in one group. False discovery rate and share found."""
    rates = []
    hits = []
    silent = 0
    for seed in range(first_seed, first_seed + worlds):
        rng = np.random.default_rng(seed)
        share = 1 / np.arange(10, 2010)
        chosen = rng.choice(300, 20, replace=False)
        other = share.copy()
        other[chosen] *= 2
        a, b, c = (rng.multinomial(60_000, one / one.sum()) for one in (share, other, share))
        names = [f"w{at}" for at in range(2000)]
        shown = [
            one.word for one in log_odds(dict(zip(names, a.tolist(), strict=True)), dict(zip(names, b.tolist(), strict=True))) if one.q_value <= 0.05
        ]
        true = {f"w{at}" for at in chosen}
        rates.append(len(set(shown) - true) / max(len(shown), 1))
        hits.append(len(set(shown) & true) / 20)
        same = log_odds(dict(zip(names, a.tolist(), strict=True)), dict(zip(names, c.tolist(), strict=True)))
        silent += not any(one.q_value <= 0.05 for one in same)
    return {
        "false discovery rate": round(float(np.mean(rates)), 3),
        "found": round(float(np.mean(hits)), 3),
        "groups alike: silent": round(silent / worlds, 3),
    }


def measure(worlds: int, first_seed: int = 0) -> dict[str, Any]:
    """All of it."""
    return {
        "worlds": worlds,
        "ratio coverage": ratios(worlds, first_seed),
        "share difference coverage": shares(worlds, first_seed),
        "groups": groups(max(worlds // 4, 1), first_seed),
        "words": words(worlds, first_seed),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=200)
    print(json.dumps(measure(parser.parse_args().worlds), ensure_ascii=False, indent=2))
