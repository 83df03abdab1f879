"""A number as the REST interface tells it."""

from __future__ import annotations

from ninja import Schema

from huiyin.insight.findings import Estimate


class Number(Schema):
    """A number with its 95 % interval and the count it rests on; null below the minimum."""

    value: float | None
    low: float | None
    high: float | None
    n: int


def number(one: Estimate) -> Number:
    """An estimate, told."""
    return Number(value=one.value, low=one.low, high=one.high, n=one.n)
