"""How much is complained of: by problem and day, and what share of it somebody answers for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from huiyin.facts import Filter
from huiyin.insight.problems import numbers_of
from huiyin.server.prioritise.ownership.selectors import OwnershipMap
from huiyin.server.prioritise.problems.register import register, register_key
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.reckoning.behind import behind
from huiyin.server.understand.reckoning.commonest import commonest
from huiyin.server.understand.reckoning.keeping import reckoned

_VALUES = 200
NEGATIVE = Filter(polarity=(-1,))


@dataclass(frozen=True, slots=True)
class Complained:
    """Days on which voices complained of a problem, in order, and how many voices up to and with each."""

    days: tuple[date, ...]
    upto: tuple[int, ...]

    @property
    def first(self) -> date:
        """The first of them."""
        return self.days[0]

    def since(self, day: date | None) -> int:
        """Voices on that day and later; all without a day."""
        at = bisect_left(self.days, day) if day else 0
        return self.upto[-1] - (self.upto[at - 1] if at else 0)


@dataclass(frozen=True, slots=True)
class Share:
    """Negative opinions that the taxonomy places, those of them somebody answers for, and those it does not place at all."""

    placed: int
    owned: int
    unplaced: int
    unowned_voices: int
    """Voices that complain of a leaf nobody answers for: the count of the explorer under `unowned`."""
    unowned: Filter | None
    """None where every leaf has a team."""

    @property
    def share(self) -> float | None:
        """Owned ÷ placed."""
        return self.owned / self.placed if self.placed else None


def complained_by_problem(within: Filter) -> Mapping[str, Complained]:
    """Problem → its complaints by day, of problems that have any."""
    return reckoned(("ownership.complained", within.to_query(), register_key()), lambda: _complained(within)).value


def _complained(within: Filter) -> Mapping[str, Complained]:
    definitions = register().definitions
    numbers = numbers_of(facts_store(), definitions)
    rows = facts_store().query(
        f"SELECT problem, day, count(DISTINCT feedback_id) AS voices FROM ({numbers.sql}) named WHERE day IS NOT NULL "
        "GROUP BY problem, day ORDER BY problem, day",
        numbers.values,
        where=within,
        tables=numbers.tables,
    )
    found: dict[str, list[tuple[date, int]]] = {}
    for row in rows.to_pylist():
        found.setdefault(definitions[int(row["problem"])].problem_id, []).append((row["day"], int(row["voices"])))
    return {one: _summed(days) for one, days in found.items()}


def customers_by_problem(within: Filter) -> Mapping[str, int]:
    """Problem → customers who complain of it, as the ranked list counts them, without ranking anything."""
    return reckoned(("ownership.customers", within.to_query(), register_key()), lambda: _customers(within)).value


def _customers(within: Filter) -> Mapping[str, int]:
    definitions = register().definitions
    numbers = numbers_of(facts_store(), definitions)
    sql = f"SELECT problem, count(DISTINCT unit) AS n FROM ({numbers.sql}) named GROUP BY problem ORDER BY problem"
    rows = facts_store().query(sql, numbers.values, where=within, tables=numbers.tables).to_pylist()
    return {definitions[int(row["problem"])].problem_id: int(row["n"]) for row in rows}


def _summed(days: list[tuple[date, int]]) -> Complained:
    total, upto = 0, []
    for _day, count in days:
        total += count
        upto.append(total)
    return Complained(tuple(day for day, _count in days), tuple(upto))


def owned_share(within: Filter, known: OwnershipMap) -> Share:
    """What share of negative volume has an owner. A line for one product or region counts for what it covers."""
    products, regions = (tuple(sorted({getattr(line, part) for _node, line in known.placed} - {""})) for part in ("product", "region"))
    rows = reckoned(("ownership.negative", within.to_query(), products, regions), lambda: _negative(within, products, regions)).value
    placed = owned = unplaced = 0
    for aspect, product, region, count in rows:
        if aspect is None:
            unplaced += count
            continue
        placed += count
        owned += count if known.team_at(aspect, product, region) else 0
    paths = known.tree.paths()
    gaps = tuple(paths[leaf.id] for leaf in known.tree.leaves() if known.team_at(paths[leaf.id]) is None)
    unowned = Filter(aspect=gaps, polarity=(-1,)) if gaps else None
    return Share(placed, owned, unplaced, _voices(unowned & within) if unowned else 0, unowned)


def _voices(within: Filter) -> int:
    return behind(within).value.voices


def _negative(within: Filter, products: Sequence[str], regions: Sequence[str]) -> list[tuple[str | None, str, str, int]]:
    """Negative opinions by aspect and by the products and regions that lines name; "" stands for all others."""
    named = pa.table({"product": pa.array(products, pa.string())}), pa.table({"region": pa.array(regions, pa.string())})
    rows = facts_store().query(
        "SELECT o.aspect AS aspect, coalesce(p.product, '') AS product, coalesce(r.region, '') AS region, count(*) AS n FROM opinion o "
        "LEFT JOIN named_products p ON o.product = p.product LEFT JOIN named_regions r ON o.region = r.region "
        "WHERE o.polarity = -1 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        where=within,
        tables={"named_products": named[0], "named_regions": named[1]},
    )
    return [(row["aspect"], row["product"], row["region"], int(row["n"])) for row in rows.to_pylist()]


def known_values(column: str, within: Filter) -> list[str]:
    """Products or regions there are, most spoken of first."""
    return [value for value, _count in commonest(column, within, _VALUES)]
