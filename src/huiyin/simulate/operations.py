"""What happened with the customers of the fictional company: orders before they spoke, and who left afterwards, with a known cause.

Of the customers, `ORDERED` placed an order some days before their first voice. From `SETTLED` days after it on, `LEAVES` of them leave
within the next 90 days; of those who complained of `CAUSE` in their first days, `CAUSED` more. What would lie after the last week has not
happened yet and is not in the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from huiyin.simulate.draws import Plan
from huiyin.simulate.world import START, WEEKS, simulate_blocks

ORDERED, LEAVES, CAUSED, CAUSE = 0.7, 0.06, 0.2, "service"
SETTLED, WITHIN = 14, 90
SCHEMA = pa.schema(
    [
        ("记录编号", pa.string()),
        ("类型", pa.string()),
        ("会员号", pa.string()),
        ("时间", pa.timestamp("s")),
        ("订单号", pa.string()),
        ("产品", pa.string()),
        ("地区", pa.string()),
        ("门店", pa.string()),
        ("金额", pa.float64()),
        ("状态", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class Happened:
    """How many orders and departures were written, and how many departures among those who complained of the cause."""

    orders: int
    left: int
    caused: int


def write_operations(path: Path | str, rows: int = 20_000, seed: int = 7, start: date = START, weeks: int = WEEKS) -> Happened:
    """Orders and departures of the customers that `write_csv` with the same arguments gives voices, as one CSV file with a mark."""
    draw = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(1 << 20,)))
    first: dict[str, tuple[dict[str, object], bool]] = {}
    for block in simulate_blocks(Plan(rows, seed, start, weeks)):
        for row, complaints in zip(block.records.to_pylist(), block.labels, strict=True):
            customer, of_cause = row["客户编号"], any(path.split("/")[0] == CAUSE for path in complaints)
            known = first.get(customer)
            if known is None or row["时间"] < known[0]["时间"]:
                earlier = known is not None and known[1] and (known[0]["时间"] - row["时间"]).days <= SETTLED
                first[customer] = (row, of_cause or earlier)
            elif of_cause and (row["时间"] - known[0]["时间"]).days <= SETTLED:
                first[customer] = (known[0], True)
    end = datetime.combine(start, datetime.min.time()) + timedelta(weeks=weeks)
    made: list[dict[str, object]] = []
    caused = 0
    for number, (customer, (row, of_cause)) in enumerate(sorted(first.items())):
        spoke: datetime = row["时间"]  # type: ignore[assignment]
        ordered, leaves = draw.random() < ORDERED, draw.random() < LEAVES + CAUSED * of_cause
        before, after, amount = int(draw.integers(1, 45)), SETTLED + 1 + int(draw.integers(0, WITHIN - 1)), float(draw.lognormal(6.8, 0.6))
        common = {"会员号": customer, "产品": row["产品"], "地区": row["地区"], "门店": row["门店"]}
        if ordered:
            placed = {"记录编号": f"D{number:08d}", "类型": "订单", "订单号": f"N{number:08d}", "金额": round(amount, 2), "状态": "已完成"}
            made.append({**common, **placed, "时间": spoke - timedelta(days=before)})
        if leaves and spoke + timedelta(days=after) < end:
            made.append({**common, "记录编号": f"L{number:08d}", "类型": "流失", "时间": spoke + timedelta(days=after), "状态": "注销"})
            caused += of_cause
    with Path(path).open("wb") as file:
        file.write(b"\xef\xbb\xbf")
        pa_csv.write_csv(pa.Table.from_pylist(made, schema=SCHEMA), file)
    return Happened(sum(one["类型"] == "订单" for one in made), sum(one["类型"] == "流失" for one in made), caused)
