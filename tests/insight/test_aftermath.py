"""What happened around a voice: match rates counted by hand, and the theme after which customers really leave, alone."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from huiyin.facts import FEEDBACK, MENTION, Facts, Filter, open_facts
from huiyin.insight.aftermath import kinds, leaving, matches

ENGINES = ["memory", "clickhouse"]
_NUMBERS = itertools.count()
START = datetime(2026, 1, 1, 4, tzinfo=UTC)


def opened(engine: str) -> Facts:
    """An empty store."""
    return open_facts(f"chdb://memory/aftermath_{next(_NUMBERS)}" if engine == "clickhouse" else None)


def voices(rows: list[dict[str, object]]) -> tuple[pa.Table, pa.Table]:
    """Rows of (customer, day, theme complained of or None, order) as both tables."""
    feedback, mentions = [], []
    for at, row in enumerate(rows):
        when = START + timedelta(days=int(str(row["day"])))
        named = [("order_id", row["order"])] if row.get("order") else []
        feedback.append({"feedback_id": f"v{at:06d}", "occurred_at": when, "customer_id": row.get("customer"), "text": "…", "attributes": named})
        if row.get("theme"):
            mentions.append({"feedback_id": f"v{at:06d}", "mention_no": 0, "aspect": f"{row['theme']}/某处", "polarity": -1, "start": 0, "end": 1})
    return pa.Table.from_pylist(feedback, schema=FEEDBACK), pa.Table.from_pylist(mentions, schema=MENTION)


def happened(rows: list[tuple[str, str | None, int, str | None]]) -> pa.Table:
    said = [
        {"operation_id": f"o{at}", "kind": kind, "customer_id": customer, "occurred_at": START + timedelta(days=day), "order_id": order}
        for at, (kind, customer, day, order) in enumerate(rows)
    ]
    schema = pa.schema([(name, pa.timestamp("us", tz="UTC") if name == "occurred_at" else pa.string()) for name in said[0]])
    return pa.Table.from_pylist(said, schema=schema)


@pytest.mark.parametrize("engine", ENGINES)
def test_match_rates_are_the_ones_counted_by_hand(engine):
    with opened(engine) as store:
        store.append(
            *voices(
                [
                    {"customer": "a", "day": 40, "order": "N1"},
                    {"customer": "b", "day": 40},
                    {"customer": "c", "day": 100, "order": "N9"},
                    {"day": 40},
                ]
            )
        )
        store.operate(
            happened(
                [("order", "a", 30, "N1"), ("order", "c", 30, "N2"), ("order", "d", 30, "N3"), ("order", None, 30, "N4"), ("ticket", "b", 41, None)]
            )
        )
        assert kinds(store) == ("order", "ticket")
        found = {(one.kind, one.by): ((one.voices.value, one.voices.n), (one.operations.value, one.operations.n)) for one in matches(store)}
        third = pytest.approx(1 / 3)
        assert found[("order", "customer")] == ((pytest.approx(2 / 3), 3), (pytest.approx(2 / 3), 3))
        assert found[("order", "order")] == ((0.5, 2), (0.25, 4))
        assert found[("order", "time")] == ((third, 3), (third, 3))  # c's order lies 70 days before
        assert found[("ticket", "customer")] == ((third, 3), (1.0, 1))
        assert found[("ticket", "time")] == ((0.0, 3), (0.0, 1))  # the ticket came after the voice
        assert matches(store, Filter(store=("nowhere",))) == ()


def planted(effect: float, seed: int) -> tuple[tuple[pa.Table, pa.Table], pa.Table]:
    """1,200 customers, each complaining of none, one or two of four themes; 10 % leave, of those who complained of `配送` `effect` more.

    Whoever complains of `配送` complains of `客服` too more often, which of itself drives nobody away.
    """
    draw = np.random.default_rng(seed)
    said, gone = [], [("churn", "nobody", 400, None)]
    for at in range(1200):
        day, late = int(draw.integers(0, 200)), draw.random() < 0.25
        themes = (["配送"] if late else []) + (["客服"] if draw.random() < (0.6 if late else 0.2) else [])
        themes += [one for one in ("价格", "做工") if draw.random() < 0.15]
        said += [{"customer": f"k{at}", "day": day, "theme": theme} for theme in (themes or [None])]
        if draw.random() < 0.10 + (effect if late else 0.0):
            gone.append(("churn", f"k{at}", day + 14 + int(draw.integers(1, 90)), None))
    return voices(said), happened(gone)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_theme_after_which_customers_leave_is_found_alone_and_its_size_covered(engine):
    with opened(engine) as store:
        tables, gone = planted(0.2, seed=3)
        store.append(*tables)
        store.operate(gone)
        found = leaving(store)
        assert [one.theme for one in found if one.shown] == ["配送"]
        assert found[0].difference.low <= 20 <= found[0].difference.high
        assert found[0].complained.n + found[0].others.n == 1200


def test_intervals_cover_and_nothing_is_shown_where_nothing_makes_customers_leave():
    covered = shown = 0
    for seed in range(60):
        with opened("memory") as store:
            tables, gone = planted(0.0, seed)
            store.append(*tables)
            store.operate(gone)
            found = leaving(store)
            covered += sum(one.difference.low <= 0 <= one.difference.high for one in found)
            shown += any(one.shown for one in found)
    # 240 intervals of 95 %, 60 worlds with the false discoveries held at 5 %: both within what chance allows (99.9 %).
    assert 216 <= covered <= 239
    assert shown <= 9


def test_who_could_not_be_followed_counts_on_neither_side():
    with opened("memory") as store:
        store.append(*voices([{"customer": f"k{at}", "day": 10 if at < 60 else 380, "theme": "配送" if at % 2 else None} for at in range(120)]))
        store.operate(happened([("churn", "k1", 40, None), ("churn", "k2", 5, None), ("churn", "k3", 20, None), ("churn", "nobody", 400, None)]))
        (one,) = leaving(store)
        # Of 60 early customers k2 had left before she spoke and k3 before the landmark; the 60 late ones were not followed long enough.
        assert (one.complained.n, one.others.n) == (29, 29)
        assert one.complained.value == pytest.approx(100 / 29)


def test_without_churn_nothing_is_said():
    with opened("memory") as store:
        store.append(*voices([{"customer": f"k{at}", "day": 1, "theme": "配送"} for at in range(50)]))
        assert leaving(store) == ()
