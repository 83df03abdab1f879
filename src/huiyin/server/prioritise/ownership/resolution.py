"""Which line of the map holds for a place: the most specific one that fits. Knows no database.

The order, first difference decides: the deeper node; then a line that names the product; then one that names the region. A line for
a product and a region fits only where both are met. For each node, product and region there is one line at most, so there are no ties.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Generic, Protocol, TypeVar


class Line(Protocol):
    """What is asked of a line; `""` stands for every product, every region."""

    @property
    def product(self) -> str: ...  # noqa: D102
    @property
    def region(self) -> str: ...  # noqa: D102


L = TypeVar("L", bound=Line)


class Resolution(Generic[L]):
    """Lines by node, product and region. To ask it costs four look-ups for each level of the tree."""

    def __init__(self, lines: Iterable[tuple[str, L]]) -> None:
        self._lines: Mapping[tuple[str, str, str], L] = {(node, line.product, line.region): line for node, line in lines}

    def of(self, upward: Sequence[str], product: str = "", region: str = "") -> L | None:
        """The line that holds at a node, given as the ids from it up to the top; `""` where no single product or region is meant.

        >>> from types import SimpleNamespace as N
        >>> everywhere, one_product = N(product="", region=""), N(product="T11", region="")
        >>> known = Resolution([("late", everywhere), ("delivery", one_product)])
        >>> known.of(["late", "delivery"], "T11") is everywhere, known.of(["delivery"], "T11") is one_product, known.of(["delivery"])
        (True, True, None)
        """
        for node in upward:
            for key in dict.fromkeys(((product, region), (product, ""), ("", region), ("", ""))):
                if found := self._lines.get((node, *key)):
                    return found
        return None
