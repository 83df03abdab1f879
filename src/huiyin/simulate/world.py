"""Records with known truth: one table, a stream of batches, or a CSV file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc_csv

from huiyin.simulate import company
from huiyin.simulate.draws import BLOCK_ROWS, Draw, Ints, Plan, draw_block
from huiyin.simulate.rates import COMPLAINT_PATHS, PRAISE_PATHS
from huiyin.simulate.texts import CHANNEL_NAMES, paths_per_row, write_texts
from huiyin.simulate.truth import Tally, Truth

START = date(2025, 11, 24)
WEEKS = 52
SCORE = "推荐意愿评分(0-10)"
SCHEMA = pa.schema(
    [
        ("反馈编号", pa.string()),
        ("时间", pa.timestamp("s")),
        ("客户编号", pa.string()),
        ("产品", pa.string()),
        ("地区", pa.string()),
        ("渠道", pa.string()),
        (SCORE, pa.int8()),
        ("内容", pa.string()),
        ("门店", pa.string()),
        ("客群", pa.string()),
    ]
)


@dataclass(frozen=True)
class Block:
    """Up to 10,000 consecutive records and what was planted in each."""

    records: pa.Table
    labels: list[tuple[str, ...]]  # complained aspects per row
    praised: list[tuple[str, ...]]  # praised aspects per row
    draw: Draw


@dataclass(frozen=True)
class World:
    """A company's feedback with its truth. `labels[i]` are the aspect paths planted as complaints in row i, `praised[i]` as praise."""

    records: pa.Table
    labels: list[tuple[str, ...]]
    praised: list[tuple[str, ...]]
    truth: Truth

    def batches(self, rows_per_batch: int) -> Iterator[pa.Table]:
        """The records in slices."""
        for first in range(0, self.records.num_rows, rows_per_batch):
            yield self.records.slice(first, rows_per_batch)


def simulate(rows: int = 20_000, seed: int = 7, start: date = START, weeks: int = WEEKS) -> World:
    """A whole world in memory; about 1 KB a row. For millions of rows use `simulate_batches` or `write_csv`."""
    plan = Plan(rows, seed, start, weeks)
    tally = Tally(plan)
    blocks = list(simulate_blocks(plan, tally))
    return World(
        records=pa.concat_tables([block.records for block in blocks]).combine_chunks(),
        labels=[paths for block in blocks for paths in block.labels],
        praised=[paths for block in blocks for paths in block.praised],
        truth=tally.truth(),
    )


def simulate_batches(
    rows: int = 20_000,
    seed: int = 7,
    start: date = START,
    weeks: int = WEEKS,
    batch_rows: int = BLOCK_ROWS,
) -> Iterator[pa.Table]:
    """The same records as `simulate`, `batch_rows` at a time, in bounded memory; the content does not depend on `batch_rows`."""
    if batch_rows < 1:
        raise ValueError(f"batch_rows must be at least 1, got {batch_rows}")
    waiting = SCHEMA.empty_table()
    for block in simulate_blocks(Plan(rows, seed, start, weeks)):
        waiting = pa.concat_tables([waiting, block.records])
        while waiting.num_rows >= batch_rows:
            yield waiting.slice(0, batch_rows)
            waiting = waiting.slice(batch_rows)
    if waiting.num_rows:
        yield waiting


def write_csv(path: Path | str, rows: int = 20_000, seed: int = 7, start: date = START, weeks: int = WEEKS) -> Truth:
    """Stream the records to a CSV file as Chinese offices expect it: UTF-8 with byte-order mark, Chinese headers."""
    plan = Plan(rows, seed, start, weeks)
    tally = Tally(plan)
    with Path(path).open("wb") as file:
        file.write(b"\xef\xbb\xbf")
        with pc_csv.CSVWriter(file, SCHEMA, write_options=pc_csv.WriteOptions(quoting_style="needed")) as writer:
            for block in simulate_blocks(plan, tally):
                writer.write_table(block.records)
    return tally.truth()


def simulate_blocks(plan: Plan, tally: Tally | None = None) -> Iterator[Block]:
    """Each block of 10,000 rows has its own child of the seed, so that any block can be made without the others."""
    for index in range(plan.blocks):
        child = np.random.SeedSequence(plan.seed, spawn_key=(index,))
        draw = draw_block(plan, index, np.random.default_rng(child))
        texts = write_texts(draw, Random(int(child.generate_state(2, np.uint64)[1])))
        if tally is not None:
            tally.add(draw)
        yield Block(
            records=_table(draw, texts, index * BLOCK_ROWS),
            labels=[tuple(paths) for paths in paths_per_row(draw.complaints, COMPLAINT_PATHS)],
            praised=[tuple(paths) for paths in paths_per_row(draw.praises, PRAISE_PATHS)],
            draw=draw,
        )


def _table(draw: Draw, texts: list[str], first: int) -> pa.Table:
    stores = [f"栖川{store}" for region in company.REGIONS for store in region.stores]
    number = np.where(draw.store >= 0, draw.region * 3 + draw.store, -1)
    given = ~np.isnan(draw.score)
    columns = [
        pa.array([f"FK{row:09d}" for row in range(first + 1, first + len(texts) + 1)]),
        pa.array(draw.when),
        pa.array([f"KH{customer:08d}" for customer in draw.customer.tolist()]),
        _named(draw.product, [item.name for item in company.PRODUCTS]),
        _named(draw.region, [item.name for item in company.REGIONS]),
        _named(draw.channel, list(CHANNEL_NAMES)),
        pa.array(np.where(given, draw.score, 0).astype(np.int8), mask=~given),
        pa.array(texts, pa.string()),
        _named(number, stores),
        _named(draw.segment, [name for name, _ in company.SEGMENTS]),
    ]
    return pa.Table.from_arrays(columns, schema=SCHEMA)


def _named(codes: Ints, names: list[str]) -> pa.Array:
    return pa.array(names, pa.string()).take(pa.array(codes, mask=codes < 0))
