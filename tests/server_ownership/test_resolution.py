"""The most specific line of the map holds, as a plain loop over all lines would find it."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from huiyin.server.prioritise.ownership.resolution import Resolution

NODES = ("a", "b", "c", "d")
"""A line of nodes: each stands under the one before it."""
PRODUCTS = ("", "T11", "S5")
REGIONS = ("", "华东", "华北")


@dataclass(frozen=True)
class Line:
    node: str
    product: str
    region: str


lines = st.lists(st.builds(Line, st.sampled_from(NODES), st.sampled_from(PRODUCTS), st.sampled_from(REGIONS)), unique=True)


def by_loop(known: list[Line], depth: int, product: str, region: str) -> Line | None:
    fitting = [one for one in known if NODES.index(one.node) <= depth and one.product in ("", product) and one.region in ("", region)]
    return max(fitting, key=lambda one: (NODES.index(one.node), one.product != "", one.region != ""), default=None)


@given(lines, st.integers(0, 3), st.sampled_from(PRODUCTS), st.sampled_from(REGIONS))
def test_as_a_plain_loop_finds_it(known, depth, product, region):
    found = Resolution((one.node, one) for one in known).of(NODES[depth::-1], product, region)
    assert found == by_loop(known, depth, product, region)
