"""What a screen is asked, out of its address, and addresses that ask a little more or less."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, QueryDict

from huiyin.facts import Filter
from huiyin.facts.corrections import TAG
from huiyin.facts.filters import COLUMNS as COLUMNS_OF_A_VOICE
from huiyin.facts.filters import MAPPED
from huiyin.insight.records import Order
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.web.fragments import number_asked

PAGE = 30
COLUMNS = (
    "occurred_at",
    "source",
    "channel",
    "product",
    "brand",
    "region",
    "store",
    "segment",
    "customer_id",
    "score",
    "sentiment",
    "emotion",
    "intent",
    "urgency",
)
"""What a table may show beside the words."""
ORDERS: tuple[Order, ...] = ("newest", "oldest", "most_negative", "most_positive")
Part = Literal["polarity", "aspect", "channel", "product", "region", "store", "segment", "intent", "emotion", "urgency", "source", "touchpoint"]


@dataclass(frozen=True, slots=True)
class Asked:
    """The filter of the address, the order and the page. `within` is the filter narrowed to the rows that the person may see."""

    filter: Filter
    within: Filter
    order: Order
    page: int
    wrong: str = ""
    """The part of the address that could not be read, where one could not."""
    columns: tuple[str, ...] = ()
    """Columns of a table; none: voices as they are read."""

    @classmethod
    def of(cls, request: HttpRequest) -> Asked:
        """Out of a request. A part that is none is left out and named."""
        return cls.of_query(request.GET, request.user)

    @classmethod
    def of_query(cls, query: QueryDict, user: Any) -> Asked:
        """Out of the query of an address, for a person."""
        given, wrong = query.copy(), ""
        words = given.pop("q", [])
        for word in " ".join(str(one) for one in words).split()[:8]:
            given.appendlist("text", word[:100])
        while True:
            try:
                found = Filter.from_query(_known(given))
                break
            except ValueError as error:
                wrong = str(error).split(":")[0]
                if wrong not in given:
                    found = Filter()
                    break
                del given[wrong]
        order = query.get("order", "newest")
        page = query.get("page", "1")
        return cls(
            found,
            found & scope_filter(user),
            order if order in ORDERS else "newest",
            min(number_asked(page) or 1, 2000),
            wrong,
            tuple(one for one in COLUMNS if one in query.getlist("column")),
        )

    def address(self, chosen: Filter | None = None, **other: Any) -> str:
        """The query of an address that asks `chosen`, in the same order, on the first page."""
        parts = [(chosen if chosen is not None else self.filter).to_query()]
        order = other.get("order", self.order)
        parts += [urlencode({"order": order})] if order != "newest" else []
        parts += [urlencode([("column", one) for one in other.get("columns", self.columns)])]
        parts += [urlencode({"page": other["page"]})] if other.get("page", 1) > 1 else []
        return "?" + "&".join(part for part in parts if part)

    def toggled(self, part: Part, value: Any) -> str:
        """The address with one value more, or less if it is there."""
        now: tuple[Any, ...] = getattr(self.filter, part)
        changed = tuple(one for one in now if one != value) if value in now else (*now, value)
        return self.address(_changed(self.filter, part, changed))

    def without(self, part: str, value: Any = None) -> str:
        """The address without one value, or without the whole part."""
        now = getattr(self.filter, part)
        if isinstance(now, tuple):
            return self.address(_changed(self.filter, part, tuple(one for one in now if one != value)))
        if isinstance(now, Mapping):
            return self.address(_changed(self.filter, part, {key: one for key, one in now.items() if key != value}))
        return self.address(_changed(self.filter, part, None))

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the search field does not show, for the form around it."""
        parts = parse_qsl(replace(self.filter, since=None, until=None).to_query(), keep_blank_values=True)
        parts += [("column", one) for one in self.columns]
        return [*parts, ("order", self.order)] if self.order != "newest" else parts

    def tagged(self, tag: str) -> str:
        """The address with a tag more, or less if it is there."""
        now = dict(self.filter.attributes)
        if now.pop(TAG + tag, None) is None:
            now[TAG + tag] = ("1",)
        return self.address(_changed(self.filter, "attributes", now))

    def under(self, kind: str, value: str) -> str:
        """The address with one condition more, or less if it is there."""
        now = dict(self.filter.conditions)
        held = now.get(kind, ())
        now[kind] = tuple(one for one in held if one != value) if value in held else (*held, value)
        return self.address(_changed(self.filter, "conditions", now))

    def apart_from(self, part: Part) -> Filter:
        """What is asked but for one part: the choices of a facet are counted without its own."""
        return _changed(self.within, part, ()) if getattr(self.filter, part) else self.within

    def apart_from_condition(self, kind: str) -> Filter:
        """What is asked but for one kind of condition."""
        return _changed(self.within, "conditions", {one: values for one, values in self.within.conditions.items() if one != kind})


def _known(given: QueryDict) -> str:
    """The parts that can belong to a filter; a field left empty asks nothing, but a column may be asked to be empty."""
    blank = COLUMNS_OF_A_VOICE
    return urlencode([(name, value) for name in given for value in given.getlist(name) if value or name in blank or name.startswith(MAPPED)])


def _changed(chosen: Filter, part: str, value: Any) -> Filter:
    parts: dict[str, Any] = {part: value}
    return replace(chosen, **parts)
