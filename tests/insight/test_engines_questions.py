"""Every question about scores, causes, effects, watching and integrity has one answer, whatever engine holds the facts."""

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from tests.insight.engines import opened, same

from huiyin.facts import Facts, Filter
from huiyin.insight import drivers, metrics, movement, surveillance
from huiyin.insight.bursts import burst_words
from huiyin.insight.cells import Dimension, cells
from huiyin.insight.conditions import conditions
from huiyin.insight.decomposition import Step, children, decompose
from huiyin.insight.effects import Intervention, judge
from huiyin.insight.effects import watch as watch_fix
from huiyin.insight.emerging import emerging
from huiyin.insight.facets import Facet, all_facets
from huiyin.insight.indicators import moods, opinion_shifts
from huiyin.insight.integrity import audit, metric_both_ways, pressure, quarantine
from huiyin.insight.nowcast import nowcast
from huiyin.insight.scales import continuity
from huiyin.simulate.planted import Draft, Plan, draw
from huiyin.simulate.planted.churn import plant_churn
from huiyin.simulate.planted.conditions import plant_attribute, plant_band, plant_number
from huiyin.simulate.planted.effects import plant_fix
from huiyin.simulate.planted.gaming import TRICKS, Overlay, honest_answers, tables
from huiyin.simulate.planted.outbreaks import plant_outbreak, plant_words
from huiyin.simulate.planted.scores import plant_harm, plant_waves

PLAN = Plan(seed=9, days=400, voices=10_000, customers=7_000, rates=(0.06, 0.03, 0.06, 0.03, 0.05, 0.02, 0.03, 0.04))
FIX, LATER = PLAN.first_day + timedelta(days=210), PLAN.first_day + timedelta(days=293)
BEFORE, AFTER = Filter(until=FIX - timedelta(days=1)), Filter(since=FIX)
CRASH = Intervention(FIX, ("app/crash",), name="release")
NARROW = Filter(product=("A1", "B2"), since=date(2025, 9, 1))
STEPS = (Step("ordering", ("app",)), Step("transport", ("delivery",)), Step("counter", (), ("shop",)), Step("talking", ("service",), ("shop",)))


def world() -> tuple[Draft, Overlay]:
    """A year in which complaints of late delivery swing, a crash is mended, a login breaks, noise follows speed, words come up, stores cheat."""
    draft, overlay = draw(PLAN), Overlay()
    late = draft.aspect("delivery/late")
    draft.chance[:, late] = 0.12 * (1 + 0.8 * np.sin(2 * np.pi * draft.day / 130))
    draft.redraw(late)
    plant_fix(draft, "app/crash", 210, 0.3)
    plant_outbreak(draft, "app/login", "B2", 370, 8.0)
    plant_attribute(draft, "版本", tuple(f"9.{one}" for one in range(5)), known=0.8)
    plant_attribute(draft, "staff", tuple(f"员工{one}" for one in range(12)), known=0.9)
    plant_number(draft, "车速", 0, 130)
    plant_band(draft, "product/noise", "车速", 78, 104, 4.0)
    draft.praises &= ~draft.complains
    draft.rescore()
    plant_harm(draft, "service/wait", 210, 2.0)
    honest_answers(draft)
    for at, plant in enumerate(TRICKS.values()):
        plant(draft, PLAN.stores[at], 0.4, overlay)
    plant_words(draft, "充电跳闸", 370, 0.06)
    plant_waves(draft, 30, 10)
    return draft, overlay


def with_gaps(feedback: pa.Table, mentions: pa.Table) -> tuple[pa.Table, pa.Table]:
    """The tables as files bring them: something is missing in most rows, a few are spam or on another scale, complaints placed nowhere."""
    rows = np.array([int(name[1:8]) for name in feedback["feedback_id"].to_pylist()])
    said = np.array([int(name[1:8]) for name in mentions["feedback_id"].to_pylist()])
    for turn, name in enumerate(("occurred_at", "customer_id", "product", "region", "channel", "segment")):
        feedback, mentions = (_without(table, name, at % 23 == turn) for table, at in ((feedback, rows), (mentions, said)))
    for turn, name in enumerate(("text", "store", "sentiment", "invited")):
        feedback = _without(feedback, name, rows % 29 == turn)
    mentions = _without(mentions, "aspect", (said % 3 == 0) & np.array([name == "price/high" for name in mentions["aspect"].to_pylist()]))
    points = pa.array([("shop", "phone", None, "")[row % 4] for row in rows], pa.string())
    feedback = _with(feedback, "touchpoint", points)
    feedback = _with(feedback, "is_spam", pa.array(rows % 97 == 0))
    return _with(feedback, "scale_max", pa.array(np.where(rows % 499 == 1, 5.0, 10.0))), mentions


def _with(table: pa.Table, name: str, column: pa.Array) -> pa.Table:
    return table.set_column(table.column_names.index(name), name, column)


def _without(table: pa.Table, name: str, gone: np.ndarray) -> pa.Table:
    return _with(table, name, pc.if_else(pa.array(gone), pa.scalar(None, table[name].type), table[name]))


def fixed(store: Facts) -> object:
    judged = judge(store, CRASH, until=LATER)
    return judged, watch_fix(store, CRASH, judged)


def audited(store: Facts) -> object:
    found = audit(store)
    marked = quarantine(found)
    return found, sorted(marked), metric_both_ways(store, marked, metric="nps"), metric_both_ways(store, marked, NARROW), pressure(store, found, 0.3)


def churned(store: Facts) -> object:
    return drivers.churn_drivers(store, plant_churn(draw(PLAN), {"app/crash": 1.6, "service/wait": 0.8}).customers)


QUESTIONS: dict[str, Callable[[Facts], object]] = {
    "measure nps": lambda store: metrics.measure(store, "nps"),
    "measure mean": lambda store: metrics.measure(store, "mean", NARROW),
    "measure csat": lambda store: metrics.measure(store, "csat"),
    "measure weighted": lambda store: metrics.measure(store, "nps", None, "segment", {"new": 0.2, "regular": 0.3, "vip": 0.5}),
    "difference": lambda store: metrics.difference(store, "nps", BEFORE, AFTER),
    "difference weighted": lambda store: metrics.difference(store, "mean", BEFORE, AFTER, "region", dict.fromkeys(PLAN.regions, 1.0)),
    "weekly": lambda store: metrics.weekly(store, "nps"),
    "responses": lambda store: [metrics.responses(store, "nps", where, sent) for where in (None, NARROW) for sent in (None, 9000)],
    "continuity": lambda store: [continuity(store, metric) for metric in (None, "nps", "csat")],
    "movement": lambda store: movement.explain(store, "nps", BEFORE, AFTER),
    "movement of one aspect": lambda store: movement.explain(store, "mean", BEFORE & NARROW, AFTER & NARROW, ("service/wait",)),
    "nowcast": lambda store: nowcast(store, "mean", today=PLAN.first_day + timedelta(days=399)),
    "nowcast of months": lambda store: nowcast(
        store, "nps", waves=tuple((PLAN.first_day + timedelta(days=30 * at), PLAN.first_day + timedelta(days=30 * at + 9)) for at in range(12))
    ),
    "score drivers": lambda store: drivers.score_drivers(store, "nps"),
    "churn drivers": churned,
    "judge and watch": fixed,
    "judge in one product": lambda store: judge(store, Intervention(FIX, ("delivery",), Filter(product=("A1",)))),
    "judge in ten stores": lambda store: judge(store, Intervention(FIX, ("app",), Filter(store=PLAN.stores[:10])), [CRASH]),
    "judge in one channel": lambda store: judge(store, Intervention(FIX, ("app/crash",), Filter(channel=("app",)))),
    "judge praise": lambda store: judge(store, Intervention(FIX, ("price/high",), polarity=1), where=Filter(region=("华东", "华南"))),
    "surveillance": lambda store: surveillance.watch(store),
    "surveillance by day": lambda store: surveillance.watch(store, NARROW, dimension=None, grain="day"),
    "surveillance by store": lambda store: surveillance.panel(store, dimension="store"),
    "early warnings": lambda store: surveillance.early_warnings(store, dimension=None),
    "burst words": lambda store: burst_words(store),
    "burst words unplaced": lambda store: burst_words(store, NARROW, scope="unplaced", weeks=40),
    "emerging": lambda store: emerging(store, dimension="product"),
    "children": lambda store: children(store, "app"),
    "decompose a theme": lambda store: decompose(store, theme="delivery"),
    "decompose a flow": lambda store: decompose(store, NARROW, steps=STEPS),
    "facets": lambda store: all_facets(store),
    "cells": lambda store: [
        sorted((place, counts.tolist()) for place, counts in cells(store, unit, NARROW, rows, Dimension("product", ("A1", "B2", ""))).items())
        for unit in ("voices", "customers", "opinions")
        for rows in (None, Dimension("aspect", ("delivery", "app/crash")), Dimension("region", ("华东", "华南")))
    ],
    "moods": lambda store: moods(store, NARROW),
    "shifts of aspects": lambda store: opinion_shifts(
        store, Filter(since=FIX - timedelta(days=60), until=FIX - timedelta(days=1)), Filter(since=FIX, until=LATER), ("delivery", "app/crash")
    ),
    "conditions": lambda store: conditions(store, "product/noise"),
    "conditions of two": lambda store: conditions(store, "delivery", NARROW, facets=[Facet("版本", "attribute"), Facet("region", "column")]),
    "integrity of stores": audited,
    "integrity of staff": lambda store: audit(store, NARROW, unit="attributes.staff"),
}


NOBODY = Filter(product=("Z9",))
OF_NOBODY: dict[str, Callable[[Facts], object]] = {
    "measure": lambda store: metrics.measure(store, "nps", NOBODY),
    "difference": lambda store: metrics.difference(store, "mean", NOBODY, AFTER),
    "weekly": lambda store: metrics.weekly(store, "nps", NOBODY),
    "responses": lambda store: metrics.responses(store, "nps", NOBODY),
    "movement": lambda store: movement.explain(store, "nps", BEFORE, NOBODY),
    "nowcast": lambda store: nowcast(store, "nps", NOBODY),
    "score drivers": lambda store: drivers.score_drivers(store, "nps", NOBODY),
    "churn drivers": lambda store: drivers.churn_drivers(store, pa.table({"customer_id": ["c1"], "churned": [True]}), NOBODY),
    "judge": lambda store: judge(store, CRASH, where=NOBODY),
    "surveillance": lambda store: surveillance.watch(store, NOBODY),
    "early warnings": lambda store: surveillance.early_warnings(store, NOBODY, grain="day"),
    "burst words": lambda store: burst_words(store, NOBODY),
    "emerging": lambda store: emerging(store, NOBODY),
    "decompose": lambda store: decompose(store, NOBODY, theme="delivery"),
    "conditions": lambda store: conditions(store, "product/noise", NOBODY),
    "integrity": lambda store: audit(store, NOBODY),
    "pressure": lambda store: pressure(store, audit(store, NOBODY), 0.3),
    "metric both ways": lambda store: metric_both_ways(store, ["v0000001"], NOBODY),
}
"""Where nobody spoke there is nothing to say, and nothing may break."""


@pytest.fixture(scope="module")
def both():
    draft, overlay = world()
    facts = with_gaps(*tables(draft, overlay))
    with opened(draft, "duckdb", facts) as duckdb, opened(draft, "clickhouse", facts) as clickhouse:
        yield duckdb, clickhouse


@pytest.mark.parametrize("question", QUESTIONS)
def test_one_answer(both, question: str) -> None:
    one, other = (QUESTIONS[question](store) for store in both)
    same(one, other, question)


@pytest.mark.parametrize("question", OF_NOBODY)
def test_one_silence(both, question: str) -> None:
    one, other = (OF_NOBODY[question](store) for store in both)
    same(one, other, question)


def test_a_difference_would_be_seen() -> None:
    told = Filter(product=("A1",))
    same([told, 1.0, np.zeros(2)], [told, 1.0 + 1e-12, np.zeros(2)])
    for other in ([told, 1.0001, np.zeros(2)], [told, 1, np.zeros(2)], [Filter(), 1.0, np.zeros(2)], [told, 1.0, np.ones(2)], [told, 1.0]):
        with pytest.raises(AssertionError):
            same([told, 1.0, np.zeros(2)], other)


def test_the_answers_say_something(both) -> None:
    """Two empty answers are equal too: the planted truths must be in them."""
    store = both[1]
    assert metrics.measure(store, "nps").reason is None
    assert movement.explain(store, "nps", BEFORE, AFTER).aspects
    assert len(nowcast(store, "mean").backtests) >= 8
    assert drivers.score_drivers(store, "nps").head
    judged, watched = fixed(store)
    assert judged.verdict == "worked" and watched.status == "steady"
    assert {(one.aspect, one.part) for one in surveillance.watch(store).alarms} == {("app/login", "B2")}
    assert {one.word for one in burst_words(store).words} == {"充电", "跳闸"}
    assert {one.facet for one in conditions(store, "product/noise").found} == {"车速"}
    assert len(audit(store).signals) >= 8
