"""Reads of operations: how they meet voices, what came of complaints, what happened with one customer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from huiyin.facts import Filter
from huiyin.insight.aftermath import Left, Matched, leaving, matches
from huiyin.server.understand.explorer import names
from huiyin.server.understand.operations.models import KINDS, Feed, FeedRun
from huiyin.server.understand.reading.facts import facts_store

_KIND_NAMES = dict(KINDS)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of operation: how many there are, from when to when, and how they meet voices in each way."""

    kind: str
    name: Any
    count: int
    customers: int
    first: Any
    last: Any
    met: dict[str, Matched]

    @property
    def ways(self) -> list[tuple[Matched | None, Any]]:
        """How it meets voices, in the order of the table, each with its heading."""
        named = (("customer", _("同一位客户")), ("order", _("同一张订单")), ("time", _("说之前 30 天内")))
        return [(self.met.get(way), label) for way, label in named]


def kinds_of(within: Filter) -> list[Kind]:
    """What there is, commonest first, with match rates."""
    rows = facts_store().query(
        "SELECT kind, count(*) AS n, count(DISTINCT customer_id) AS customers, min(day) AS first_day, max(day) AS last_day "
        "FROM happening GROUP BY kind ORDER BY n DESC, kind",
        where=within,
    )
    met: dict[str, dict[str, Matched]] = {}
    for one in matches(facts_store(), within):
        met.setdefault(one.kind, {})[one.by] = one
    return [
        Kind(row["kind"], kind_name(row["kind"]), int(row["n"]), int(row["customers"]), row["first_day"], row["last_day"], met.get(row["kind"], {}))
        for row in rows.to_pylist()
    ]


def who_left(within: Filter) -> list[tuple[str, Left]]:
    """Themes with their names, the surest difference first."""
    return [(names.aspect_name(one.theme), one) for one in leaving(facts_store(), within)][:12]


def count_of(source: str) -> int:
    """How many operations a feed has brought."""
    return int(facts_store().query("SELECT count(*) AS n FROM happening WHERE source = ?", [source])["n"][0].as_py())


def counts_by_feed() -> dict[str, int]:
    """The same of every feed that brought any, in one question."""
    rows = facts_store().query("SELECT source, count(*) AS n FROM happening GROUP BY source ORDER BY source")
    return {row["source"]: int(row["n"]) for row in rows.to_pylist()}


def feeds_with_latest() -> list[Feed]:
    """Every feed, by name; `latest` of each holds its last run, or nothing. A feed asked every hour has thousands: the others are not read."""
    return list(Feed.objects.prefetch_related(Prefetch("runs", FeedRun.objects.all()[:1], to_attr="latest")))


def happened(customer: str, within: Filter, most: int = 60) -> list[dict[str, Any]]:
    """What happened with a customer, the latest first."""
    rows = facts_store().query(
        "SELECT kind, occurred_at, order_id, product, store, amount, status, operation_id "
        "FROM happening ORDER BY occurred_at DESC, operation_id LIMIT ?",
        [most],
        within & Filter(customer_id=(customer,)),
    )
    return [{**row, "name": kind_name(row["kind"])} for row in rows.to_pylist()]


def kind_name(kind: str) -> Any:
    """订单, 工单 …"""
    return _KIND_NAMES.get(kind, kind)
