"""Integrity on planted gaming: recall of each trick by size, precision of the names said, false accusations in honest companies.

A third of the worlds is honest; in the others four stores of thirty play one trick each.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter, defaultdict

import numpy as np

from huiyin.facts import DuckDBFacts
from huiyin.insight.integrity import audit, metric_both_ways, offers, quarantine
from huiyin.simulate.planted import Plan, draw
from huiyin.simulate.planted.gaming import TRICKS, Overlay, honest_answers, tables
from huiyin.simulate.planted.inducements import plant_offers

SIZES = {
    "deadline_score": (1.0, 2.0),
    "deadline_invites": (0.2, 0.5),
    "cherry_picking": (0.5, 0.9),
    "gift": (0.03, 0.1),
    "template": (0.05, 0.2),
    "near_template": (0.1, 0.25),
    "copy": (0.05, 0.2),
    "fast": (0.05, 0.2),
    "straight": (0.15, 0.3),
    "device": (0.05, 0.2),
    "minutes": (0.2, 0.4),
    "repeat": (0.1, 0.3),
    "clash": (0.3, 0.7),
}
VOICES = 10_000
PLAYERS = 4


def measure(worlds: int, first_seed: int = 0) -> dict:
    """Recall by trick and size; false accusations; precision and recall of the suspects; effect of the quarantine."""
    asked: Counter = Counter()
    caught: Counter = Counter()
    false: Counter = Counter()
    named = defaultdict(int)
    honest = {"worlds": 0, "worlds_with_a_name": 0, "units": 0, "units_named": 0}
    suspects = {"right": 0, "listed": 0, "planted": 0}
    quiet = defaultdict(list)
    for world in range(worlds):
        plan = Plan(seed=first_seed + world, voices=VOICES, customers=9_000)
        draft = draw(plan)
        honest_answers(draft)
        overlay = Overlay()
        clean = float(draft.score.mean())
        truths = {}
        if world % 3:
            names, turn = list(TRICKS), (world - world // 3 - 1) * PLAYERS
            for player in range(PLAYERS):
                trick = names[(turn + player) % len(names)]
                size = SIZES[trick][(world // len(names) + player) % 2]
                store = plan.stores[(7 * player + world) % len(plan.stores)]
                truths[store] = (trick, size, TRICKS[trick](draft, store, size, overlay))
        with_facts = DuckDBFacts()
        with_facts.append(*tables(draft, overlay))
        found = audit(with_facts)
        accused = {(one.unit, one.trick) for one in found.signals}
        units = {unit for unit, _ in accused}
        for trick, store in ((trick, store) for store, (trick, _, _) in truths.items()):
            asked[trick, truths[store][1]] += 1
            caught[trick, truths[store][1]] += _found(accused, store, trick)
        for unit, trick in accused:
            named["right" if unit in truths else "wrong"] += 1
            if unit not in truths:
                false[trick] += 1
        if not truths:
            honest["worlds"] += 1
            honest["worlds_with_a_name"] += bool(units)
            honest["units"] += len(plan.stores)
            honest["units_named"] += len(units)
            suspects_honest = len(found.suspects)
            quiet["suspects_per_1000_honest"].append(1000 * suspects_honest / len(draft))
        marked = quarantine(found)
        answers = {"gift", "template", "near_template", "fast", "straight", "device", "minutes", "repeat", "clash"}
        planted = {f"v{row:07d}" for trick, _, truth in truths.values() if trick in answers for row in truth.rows}
        if planted:
            suspects["right"] += len(marked & planted)
            suspects["listed"] += len(marked)
            suspects["planted"] += len(planted)
            both = metric_both_ways(with_facts, marked)
            quiet["bias_all"].append(both.everyone.value - clean)
            quiet["bias_without"].append(both.without.value - clean)
        with_facts.close()
    recall = {trick: {f"{size:g}": [caught[trick, size], asked[trick, size]] for size in SIZES[trick]} for trick in SIZES}
    return {
        "worlds": worlds,
        "offers": offered(max(worlds // 2, 1), first_seed),
        "recall": recall,
        "precision_of_names": round(named["right"] / max(sum(named.values()), 1), 3),
        "names": dict(named),
        "false_names_by_trick": dict(sorted(false.items())),
        "honest": honest,
        "false_accusation_rate": round(honest["units_named"] / max(honest["units"], 1), 5),
        "responses": {
            "precision": round(suspects["right"] / max(suspects["listed"], 1), 3),
            "recall": round(suspects["right"] / max(suspects["planted"], 1), 3),
        },
        **{name: round(sum(values) / len(values), 4) for name, values in quiet.items()},
    }


def offered(worlds: int, first_seed: int) -> dict:
    """All thirty stores make the same offer on a third of the days; in three of them it lifts the score by one point."""
    seen: Counter = Counter()
    for seed in range(first_seed, first_seed + worlds):
        plan = Plan(seed=seed, voices=9_000, customers=8_000, season=0.3)
        draft = draw(plan)
        draft.text = [""] * len(draft)
        # Away from the top of the scale, so that a point more is a point more.
        draft.score = np.clip(draft.score - 2, 0, 10)
        plant_offers(draft, plan.stores[3:], 0.0)
        plant_offers(draft, plan.stores[:3], 1.0)
        with DuckDBFacts() as store:
            store.append(*draft.tables())
            for one in offers(store).units:
                kind, truth = ("lifted", 1.0) if one.unit in plan.stores[:3] else ("honest", 0.0)
                if one.lift.value is not None:
                    seen[kind] += 1
                    seen[f"{kind}, named"] += one.named
                    seen[f"{kind}, covered"] += one.lift.low <= truth <= one.lift.high
    return dict(sorted(seen.items()))


def _found(accused: set, store: str, trick: str) -> bool:
    """A template is also near its copies; either name is right."""
    alike = {"template": ("template", "near_template"), "near_template": ("template", "near_template")}
    return any((store, name) in accused for name in alike.get(trick, (trick,)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=200)
    parser.add_argument("--first-seed", type=int, default=0)
    chosen = parser.parse_args()
    began = time.perf_counter()
    result = measure(chosen.worlds, chosen.first_seed)
    for trick, row in result.pop("recall").items():
        print(f"{trick:17}", "   ".join(f"size {size}: {hit}/{of}" for size, (hit, of) in row.items()))
    print(json.dumps(result, indent=1, ensure_ascii=False), f"{time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
