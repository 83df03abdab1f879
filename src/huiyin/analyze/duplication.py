"""Which records of a load are the same record again, which share an id by mistake, and which repeat another's words."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from huiyin.text import duplicates
from huiyin.text.duplicates import Signatures

_U64 = NDArray[np.uint64]


@dataclass(slots=True)
class Ledger:
    """What is remembered of every record of a load: about 100 bytes each."""

    ids: list[_U64] = field(default_factory=list)
    contents: list[_U64] = field(default_factory=list)
    customers: list[_U64] = field(default_factory=list)
    when: list[NDArray[np.int64]] = field(default_factory=list)
    signatures: list[Signatures] = field(default_factory=list)

    def add(self, hashes: tuple[_U64, _U64, _U64], when: NDArray[np.int64], signatures: Signatures) -> None:
        """Remember a batch; `when` is microseconds, the smallest int64 where unknown."""
        for store, part in zip((self.ids, self.contents, self.customers), hashes, strict=True):
            store.append(part)
        self.when.append(when)
        self.signatures.append(signatures)

    def keep(self, batches: int) -> None:
        """Forget all but the first `batches`."""
        for part in (self.ids, self.contents, self.customers, self.when, self.signatures):
            del part[batches:]


@dataclass(frozen=True, slots=True)
class Settled:
    """`repeated`: rows that are the same record under the same id. `renamed`: rows whose id another record already has, with
    the number of that use (2, 3 …). `copies`: (row, of) rows that repeat what the same customer (or nobody known) said. `flood`: rows of the
    same words, at some length, out of many mouths.
    """

    repeated: NDArray[np.int64]
    renamed: list[tuple[int, int]]
    copies: NDArray[np.int64]
    flood: NDArray[np.int64]


UNKNOWN_TIME = np.iinfo(np.int64).min


def settle(ledger: Ledger) -> Settled:
    """Decide over all records at once. The order of the records plays no part except for naming identical ones."""
    if not ledger.ids:
        return Settled(np.zeros(0, np.int64), [], np.zeros((0, 2), np.int64), np.zeros(0, np.int64))
    ids, contents = np.concatenate(ledger.ids), np.concatenate(ledger.contents)
    customers, when = np.concatenate(ledger.customers), np.concatenate(ledger.when)
    order = np.lexsort((np.arange(len(ids)), contents, ids))
    same_id = np.concatenate([[False], ids[order][1:] == ids[order][:-1]])
    same_record = same_id & np.concatenate([[False], contents[order][1:] == contents[order][:-1]])
    repeated = np.sort(order[same_record])
    renamed = _renamed(order[same_id & ~same_record], ids)
    alive = np.ones(len(ids), dtype=bool)
    alive[repeated] = False
    rows = np.flatnonzero(alive)
    signatures = Signatures(
        np.concatenate([one.exact for one in ledger.signatures])[rows],
        np.concatenate([one.minhash for one in ledger.signatures])[rows],
        np.concatenate([one.letters for one in ledger.signatures])[rows],
    )
    groups = duplicates.group(signatures)
    copies = _copies(rows, groups, contents[rows], customers[rows], when[rows])
    return Settled(repeated, renamed, copies, _flood(rows, groups, customers[rows], signatures.letters))


def _renamed(rows: NDArray[np.int64], ids: _U64) -> list[tuple[int, int]]:
    uses: dict[int, int] = {}
    out = []
    for row in np.sort(rows).tolist():
        key = int(ids[row])
        uses[key] = uses.get(key, 1) + 1
        out.append((row, uses[key]))
    return out


def _copies(rows: NDArray[np.int64], groups: NDArray[np.int64], contents: _U64, customers: _U64, when: NDArray[np.int64]) -> NDArray[np.int64]:
    """(row, of): within a group of like texts by one customer, all but the earliest; and whole records that stand twice.

    Different known customers who say the same thing are different voices. A record that stands twice counts as a copy only
    where time or customer make it recognisable: two people may well write 好用 in a file of bare texts.
    """
    pairs = [_later(rows, (groups.astype(np.uint64), customers), when, contents, np.ones(len(rows), dtype=bool))]
    recognisable = (customers != 0) | (when != UNKNOWN_TIME)
    pairs.append(_later(rows, (contents, customers), when, contents, recognisable))
    both = np.concatenate(pairs)
    # A row named by both rules keeps the first: its group's earliest.
    _, first = np.unique(both[:, 0], return_index=True)
    return both[first]


def _flood(rows: NDArray[np.int64], groups: NDArray[np.int64], customers: _U64, letters: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows of groups of like long texts by at least `FLOOD` people; of records without a customer each counts as one."""
    long = letters >= duplicates.FLOOD_CHARACTERS
    people = np.unique(np.stack([groups[long].astype(np.uint64), customers[long]], axis=1)[customers[long] != 0], axis=0)[:, 0].astype(np.int64)
    nobody = groups[long & (customers == 0)]
    size = int(groups.max(initial=-1)) + 1
    many = np.bincount(people, minlength=size) + np.bincount(nobody, minlength=size) >= duplicates.FLOOD
    return rows[long & many[groups]] if size else rows[:0]


def _later(rows: NDArray[np.int64], keys: tuple[_U64, _U64], when: NDArray[np.int64], contents: _U64, counts: NDArray[np.bool_]) -> NDArray[np.int64]:
    at = np.flatnonzero(counts)
    order = at[np.lexsort((contents[at], when[at], keys[1][at], keys[0][at]))]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (keys[0][order][1:] != keys[0][order][:-1]) | (keys[1][order][1:] != keys[1][order][:-1])
    leader = order[np.maximum.accumulate(np.where(new, np.arange(len(order)), 0))] if len(order) else order
    return np.stack([rows[order[~new]], rows[leader[~new]]], axis=1)


def tables(settled: Settled, ids_of: dict[int, str]) -> tuple[pa.Array, pa.Table, pa.Table, pa.Array]:
    """The settlement as the facts store takes it; `ids_of` names the feedback id of each renamed row."""
    renamed = pa.table(
        {
            "row_no": pa.array([row for row, _ in settled.renamed], pa.int64()),
            "feedback_id": pa.array([f"{ids_of[row]}#{use}" for row, use in settled.renamed], pa.string()),
        }
    )
    copies = pa.table({"row_no": pa.array(settled.copies[:, 0]), "of_row_no": pa.array(settled.copies[:, 1])})
    return pa.array(settled.repeated), renamed, copies, pa.array(settled.flood)
