"""Daily counts of a target and of everything it could be compared with, put into blocks of seven days around the intervention."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from huiyin.facts import Filter, Voices
from huiyin.insight.effects.outcome import Intervention

Floats = NDArray[np.float64]
DIMENSIONS = ("product", "brand", "region", "store", "channel", "segment")
_SPLIT = "|#|"


@dataclass(frozen=True, slots=True)
class Panel:
    """Counts by block, arrays (T,). `block` numbers blocks from the intervention: −1 is the last one before, 0 the first after."""

    block: NDArray[np.int64]
    starts: tuple[date, ...]
    voices: Floats
    target: Floats
    aspects: dict[str, Floats]
    """Other leaf aspects within the scope."""
    elsewhere: dict[tuple[str, str], tuple[Floats, Floats]]
    """(dimension, value) outside of the scope → the target's count there, voices there."""
    channels: dict[str, tuple[Floats, Floats]]
    """Channel → the target's count, count of everything else complained of."""

    @property
    def before(self) -> NDArray[np.bool_]:
        """Blocks before the intervention."""
        return self.block < 0


def extent(store: Voices, scope: Filter) -> tuple[date, date] | None:
    """First and last day with a voice in the scope."""
    row = store.query("SELECT min(day) AS first, max(day) AS last FROM voice WHERE day IS NOT NULL", (), scope).to_pylist()[0]
    return None if row["first"] is None else (row["first"], row["last"])


def panel(store: Voices, act: Intervention, scope: Filter, first: date, last: date) -> Panel:
    """All series of whole blocks from `first` to `last`; both days are those the caller may use."""
    blocks = _whole_blocks(act.day, first, last)
    starts = tuple(act.day + timedelta(days=7 * int(block)) for block in blocks)
    if not len(blocks):
        empty = np.zeros(0)
        return Panel(blocks, starts, empty, empty, {}, {}, {})
    span = Filter(since=starts[0], until=starts[-1] + timedelta(days=6))
    here = scope & span
    voices = _series(store, "SELECT {block} AS block, '' AS label, count(*) AS n FROM voice GROUP BY 1, 2", act.day, blocks, [], here)
    label, values = _label(act)
    # A voice has one channel: its counts by channel add up to the count of voices, and one reading serves both.
    rows = _series(
        store,
        f"SELECT {{block}} AS block, concat({label}, '{_SPLIT}', coalesce(channel, '')) AS label, count(DISTINCT feedback_id) AS n FROM opinion "
        f"WHERE polarity = {act.polarity} AND aspect IS NOT NULL GROUP BY 1, 2",
        act.day,
        blocks,
        values,
        here,
    )
    said, channels = _unfolded(rows, len(blocks))
    target = said.pop("", np.zeros(len(blocks)))
    elsewhere = _elsewhere(store, act, blocks, scope, span)
    return Panel(blocks, starts, voices.get("", np.zeros(len(blocks))), target, dict(sorted(said.items())), elsewhere, channels)


def _unfolded(rows: dict[str, Floats], length: int) -> tuple[dict[str, Floats], dict[str, tuple[Floats, Floats]]]:
    """Counts by label, and by channel those of the target and those of all other labels."""
    said: dict[str, Floats] = {}
    channels: dict[str, tuple[Floats, Floats]] = {}
    for name, count in rows.items():
        label, channel = name.split(_SPLIT)
        said[label] = said.get(label, np.zeros(length)) + count
        if channel:
            target, rest = channels.get(channel, (np.zeros(length), np.zeros(length)))
            channels[channel] = (target, rest + count) if label else (target + count, rest)
    return said, dict(sorted(channels.items())) if len(channels) > 1 else {}


def _whole_blocks(day: date, first: date, last: date) -> NDArray[np.int64]:
    lowest = -((day - first).days // 7)
    highest = ((last - day).days + 1) // 7 - 1
    return np.arange(lowest, highest + 1, dtype=np.int64)


def _label(act: Intervention) -> tuple[str, list[object]]:
    """SQL that gives '' for the target's subtrees and the aspect otherwise."""
    tests = " OR ".join("aspect = ? OR starts_with(aspect, ?)" for _ in act.aspects)
    return f"CASE WHEN {tests} THEN '' ELSE aspect END", [part for path in act.aspects for part in (path, path + "/")]


def _series(store: Voices, sql: str, day: date, blocks: NDArray[np.int64], values: list[object], where: Filter) -> dict[str, Floats]:
    """label → counts by block."""
    # Whole days since the first block are never negative, so that integer division means the same on every engine.
    origin = (day + timedelta(days=7 * int(blocks[0]))).isoformat()
    expression = f"CAST(floor(date_diff('day', CAST('{origin}' AS DATE), day) / 7) AS INTEGER)"
    table = store.query(sql.format(block=expression), values, where)
    labels, at = np.unique(np.array(table["label"].to_pylist(), dtype=str), return_inverse=True)
    out = np.zeros((len(labels), len(blocks)))
    np.add.at(out, (at, table["block"].to_numpy().astype(np.int64)), table["n"].to_numpy().astype(np.float64))
    return {str(label): out[row] for row, label in enumerate(labels)}


def _elsewhere(
    store: Voices, act: Intervention, blocks: NDArray[np.int64], scope: Filter, span: Filter
) -> dict[tuple[str, str], tuple[Floats, Floats]]:
    """The target's series in other values of the one dimension that the scope narrows."""
    narrowed = [one.name for one in fields(act.scope) if one.name in DIMENSIONS and getattr(act.scope, one.name)]
    if len(narrowed) != 1:
        return {}
    name = narrowed[0]
    inside: tuple[str, ...] = getattr(act.scope, name)
    changed: dict[str, object] = {name: ()}
    wide = replace(scope, **changed) & span  # type: ignore[arg-type]
    label, values = _label(act)
    received = _series(
        store,
        f"SELECT {{block}} AS block, {name} AS label, count(*) AS n FROM voice WHERE {name} IS NOT NULL GROUP BY 1, 2",
        act.day,
        blocks,
        [],
        wide,
    )
    # A mention does not carry every column of its feedback (the store is missing): those are read from the voice.
    source = "opinion" if name != "store" else "(SELECT o.*, v.store AS store FROM opinion o JOIN voice v ON o.feedback_id = v.feedback_id) AS said"
    said = _series(
        store,
        f"SELECT {{block}} AS block, {name} AS label, count(DISTINCT feedback_id) AS n FROM {source} "
        f"WHERE polarity = {act.polarity} AND aspect IS NOT NULL AND {name} IS NOT NULL AND {label} = '' GROUP BY 1, 2",
        act.day,
        blocks,
        values,
        wide,
    )
    nothing = np.zeros(len(blocks))
    return {(name, value): (said.get(value, nothing), received[value]) for value in sorted(received) if value not in inside}
