"""Reads of customers: the list, and what one said from the first voice to the last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from huiyin.facts import Filter
from huiyin.insight import records
from huiyin.server.understand.explorer import names
from huiyin.server.understand.explorer.selectors import Voice, with_opinions
from huiyin.server.understand.reading.facts import facts_store

Order = Literal["latest", "most", "worst"]
ORDERS: tuple[Order, ...] = ("latest", "most", "worst")
PAGE, VOICES = 40, 30
_SORTED: dict[Order, str] = {
    "latest": "last_day DESC, customer_id",
    "most": "voices DESC, customer_id",
    # Summed, not averaged: one bad word among strangers does not stand above ten of the same customer.
    "worst": "sum(CASE WHEN sentiment < 0 THEN sentiment ELSE 0 END) ASC, customer_id",
}
_WIDTH, _HEIGHT = 560, 72


@dataclass(frozen=True, slots=True)
class Point:
    """One answer on the path of scores: `x`, `y` in the drawing's units, the score as a share of its scale 0..1."""

    x: int
    y: int
    day: date
    score: float
    scale_max: float
    feedback_id: str


@dataclass(frozen=True, slots=True)
class Theme:
    """What the customer speaks of: an aspect with the number of opinions, and how many of them are against."""

    aspect: str
    name: str
    opinions: int
    negative: int


@dataclass(frozen=True, slots=True)
class Customer:
    """All of one customer that may be seen."""

    customer: str
    voices: int
    first: date | None
    last: date | None
    negative: int
    positive: int
    themes: tuple[Theme, ...]
    path: tuple[Point, ...]

    @property
    def line(self) -> str:
        """The path as an SVG polyline's points; empty with fewer than two answers."""
        return " ".join(f"{one.x},{one.y}" for one in self.path) if len(self.path) > 1 else ""


def customers_of(within: Filter, order: Order, page: int) -> tuple[list[dict[str, Any]], int]:
    """A page of customers, and how many there are: voices, the last day, the share of them that is against."""
    store = facts_store()
    total = int(store.query("SELECT count(DISTINCT customer_id) AS n FROM voice WHERE customer_id IS NOT NULL", where=within)["n"][0].as_py())
    rows = store.query(
        "SELECT customer_id, count(*) AS voices, min(day) AS first_day, max(day) AS last_day, "
        "sum(CASE WHEN sentiment < 0 THEN 1 ELSE 0 END) AS against, count(DISTINCT channel) AS channels, max(product) AS product "
        f"FROM voice WHERE customer_id IS NOT NULL GROUP BY customer_id ORDER BY {_SORTED[order]} LIMIT ? OFFSET ?",
        [PAGE, (page - 1) * PAGE],
        within,
    )
    return rows.to_pylist(), total


def customer_of(customer: str, within: Filter) -> Customer | None:
    """One customer; None where nothing of theirs may be seen."""
    store, theirs = facts_store(), within & Filter(customer_id=(customer,))
    head = store.query("SELECT count(*) AS voices, min(day) AS first_day, max(day) AS last_day FROM voice", where=theirs).to_pylist()[0]
    if not head["voices"]:
        return None
    said = store.query(
        "SELECT aspect, count(*) AS n, sum(CASE WHEN polarity < 0 THEN 1 ELSE 0 END) AS against, "
        "sum(CASE WHEN polarity > 0 THEN 1 ELSE 0 END) AS praise FROM opinion GROUP BY aspect ORDER BY n DESC, aspect",
        where=theirs,
    ).to_pylist()
    themes = [Theme(row["aspect"], names.aspect_name(row["aspect"]), int(row["n"]), int(row["against"])) for row in said if row["aspect"]]
    negative, positive = (int(sum(row[side] for row in said)) for side in ("against", "praise"))
    return Customer(customer, int(head["voices"]), head["first_day"], head["last_day"], negative, positive, tuple(themes[:8]), _path(theirs))


def _path(theirs: Filter) -> tuple[Point, ...]:
    rows = (
        facts_store()
        .query(
            "SELECT feedback_id, day, score, scale_max FROM voice WHERE score IS NOT NULL AND scale_max > 0 AND day IS NOT NULL "
            "ORDER BY occurred_at, feedback_id LIMIT 500",
            where=theirs,
        )
        .to_pylist()
    )
    if not rows:
        return ()
    first, days = rows[0]["day"], max((rows[-1]["day"] - rows[0]["day"]).days, 1)
    placed = []
    for row in rows:
        share = min(max(row["score"] / row["scale_max"], 0.0), 1.0)
        x, y = round(6 + (row["day"] - first).days / days * (_WIDTH - 12)), round(_HEIGHT - 6 - share * (_HEIGHT - 12))
        placed.append(Point(x, y, row["day"], row["score"], row["scale_max"], row["feedback_id"]))
    return tuple(placed)


def said_by(customer: str, within: Filter, page: int) -> list[Voice]:
    """A page of what a customer said, newest first."""
    theirs = within & Filter(customer_id=(customer,))
    return with_opinions(records.page(facts_store(), theirs, "newest", (page - 1) * VOICES, VOICES))
