"""From the raw columns of a file to the canonical table, whole columns at a time."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from huiyin.files.attributes import MAX_COLUMNS, attribute_map
from huiyin.files.dates import DateReading, read_dates
from huiyin.files.options import Limits
from huiyin.files.records import RAW_SHOWN, Chunk, FileWarning, Reject, SourceInfo
from huiyin.files.schema import INTAKE
from huiyin.files.scores import Scale, read_scores

_EXAMPLES = 5
_PLAIN = {
    "external_id": "id",
    "channel": "channel",
    "customer_id": "customer",
    "product": "product",
    "brand": "brand",
    "region": "region",
    "store": "store",
    "touchpoint": "touchpoint",
    "segment": "segment",
    "url": "url",
}
_YES = ["1", "true", "yes", "y", "t", "是", "有", "1.0"]
_NO = ["0", "false", "no", "n", "f", "否", "无", "0.0"]


class Intake:
    """Turns the chunks of one file into record batches, and keeps its warnings."""

    def __init__(
        self,
        info: SourceInfo,
        dates: DateReading,
        scale: Scale | None,
        channel: str | None,
        prefix: str,
        limits: Limits,
    ) -> None:
        self._info = info
        self._mapping = info.mapping
        self._dates = dates
        self._scale = scale
        self._channel = channel
        self._prefix = prefix
        self._limits = limits
        mapped = {column.index for column in info.mapping.values()}
        free = [place for place in range(len(info.columns)) if place + 1 not in mapped]
        self._attributes = free[:MAX_COLUMNS]
        self._used = sorted({place - 1 for place in mapped} | set(self._attributes))
        self.warnings: dict[tuple[str, str], FileWarning] = {}

    def convert(self, chunk: Chunk) -> tuple[pa.RecordBatch, list[Reject]]:
        """The rows of a chunk that can be kept, and rejects for the others, in file order."""
        rejects = [Reject(self._info.name, one.row, one.code, one.column, one.detail, one.raw) for one in chunk.rejects]
        columns = {place: _plain_string(chunk.columns[place]) for place in self._used}
        rows = np.asarray(chunk.rows, dtype=np.int64)
        ordinals = np.asarray(chunk.ordinals, dtype=np.int64)
        columns = {place: self._without_nul(place, column, rows) for place, column in columns.items()}
        bad = self._oversized(columns, rows)
        bad |= {place: reject for place, reject in self._empty(columns, rows).items() if place not in bad}
        if bad:
            rejects = sorted([*rejects, *bad.values()], key=lambda reject: reject.row)
            keep = np.ones(len(rows), dtype=bool)
            keep[list(bad)] = False
            columns = {place: column.filter(pa.array(keep)) for place, column in columns.items()}
            rows, ordinals = rows[keep], ordinals[keep]
        return self._table(columns, rows, ordinals), rejects

    def _table(self, columns: dict[int, pa.Array], rows: np.ndarray, ordinals: np.ndarray) -> pa.RecordBatch:
        count = len(rows)
        made: dict[str, pa.Array] = {field: self._trimmed(columns, role) for field, role in _PLAIN.items() if role in self._mapping}
        if self._channel is not None:
            made["channel"] = pa.repeat(pa.scalar(self._channel, pa.string()), count)
        made["source"] = pa.repeat(pa.scalar(self._info.name, pa.string()), count)
        made["feedback_id"] = self._feedback_ids(made.get("external_id"), ordinals)
        made |= self._title_and_text(columns)
        if "time" in self._mapping:
            made["occurred_at"] = self._occurred_at(columns, rows)
        if "rating" in self._mapping:
            made |= self._rating(columns, rows)
        if "invited" in self._mapping:
            made["invited"] = _truth(self._trimmed(columns, "invited"))
        names = [self._info.columns[place] for place in self._attributes]
        free = [columns[place] for place in self._attributes]
        made["attributes"] = attribute_map(names, free, count)
        arrays = [made.get(field.name, pa.nulls(count, field.type)) for field in INTAKE]
        return pa.RecordBatch.from_arrays(arrays, schema=INTAKE)

    def _column(self, columns: dict[int, pa.Array], role: str) -> pa.Array:
        return columns[self._mapping[role].index - 1]

    def _trimmed(self, columns: dict[int, pa.Array], role: str) -> pa.Array:
        return _null_if_empty(pc.utf8_trim_whitespace(self._column(columns, role)))

    def _feedback_ids(self, external: pa.Array | None, ordinals: np.ndarray) -> pa.Array:
        ids = pa.array(ordinals, pa.int64()).cast(pa.string())
        if external is not None:
            ids = pc.coalesce(external, ids)
        if not self._prefix:
            return ids
        return pc.binary_join_element_wise(pa.scalar(self._prefix), ids, "")

    def _title_and_text(self, columns: dict[int, pa.Array]) -> dict[str, pa.Array]:
        text = self._column(columns, "text")
        if "title" not in self._mapping:
            return {"text": text}
        title = self._column(columns, "title")
        body = pc.if_else(_blank(text), title, text)
        return {"title": _null_if_empty(title), "text": body}

    def _occurred_at(self, columns: dict[int, pa.Array], rows: np.ndarray) -> pa.Array:
        written = self._trimmed(columns, "time")
        read = read_dates(written, self._dates)
        self._note_unread("unreadable_date", "time", written, read, rows)
        return read

    def _rating(self, columns: dict[int, pa.Array], rows: np.ndarray) -> dict[str, pa.Array]:
        written = self._trimmed(columns, "rating")
        rating = read_scores(written)
        if self._scale is None:
            self._note_unread("unreadable_rating", "rating", written, rating, rows)
            return {"rating": rating}
        scale = self._scale
        inside = pc.and_(pc.greater_equal(rating, scale.lowest), pc.less_equal(rating, scale.scale_max))
        rating = pc.if_else(inside, rating, pa.scalar(None, pa.float64()))
        self._note_unread("unreadable_rating", "rating", written, rating, rows)
        known = pc.is_valid(rating)
        metric = pc.if_else(known, pa.scalar(scale.metric), pa.scalar(None, pa.string()))
        scale_max = pc.if_else(known, pa.scalar(scale.scale_max), pa.scalar(None, pa.float64()))
        return {"rating": rating, "score": rating, "metric": metric, "scale_max": scale_max}

    def _note_unread(self, code: str, role: str, written: pa.Array, read: pa.Array, rows: np.ndarray) -> None:
        if written.null_count == read.null_count:
            return
        places = _places(pc.and_(pc.is_valid(written), pc.is_null(read)))
        self._warn(code, self._mapping[role].name, written, places, rows)

    def _warn(self, code: str, column: str, values: pa.Array, places: np.ndarray, rows: np.ndarray) -> None:
        warning = self.warnings.setdefault((code, column), FileWarning(self._info.name, code, column))
        warning.count += len(places)
        for place in places[: _EXAMPLES - len(warning.examples)]:
            value = values[int(place)].as_py() or ""
            warning.examples.append((int(rows[place]), value[:RAW_SHOWN].replace("\x00", "")))

    def _without_nul(self, place: int, column: pa.Array, rows: np.ndarray) -> pa.Array:
        """NUL characters go; PostgreSQL would refuse them and nobody typed them."""
        found = pc.match_substring(column, "\x00")
        if not pc.any(found).as_py():
            return column
        self._warn("nul_removed", self._info.columns[place], column, _places(found), rows)
        return pc.replace_substring(column, "\x00", "")

    def _oversized(self, columns: dict[int, pa.Array], rows: np.ndarray) -> dict[int, Reject]:
        limit = self._limits.cell_bytes
        bad: dict[int, Reject] = {}
        for place, column in columns.items():
            sizes = pc.binary_length(column)
            if (pc.max(sizes).as_py() or 0) <= limit:
                continue
            for at in _places(pc.greater(sizes, limit)):
                detail = f"{sizes[int(at)].as_py():,} bytes, limit {limit:,}"
                name = self._info.columns[place]
                self._reject(bad, int(at), rows, "cell_too_large", name, detail, columns)
        return bad

    def _empty(self, columns: dict[int, pa.Array], rows: np.ndarray) -> dict[int, Reject]:
        blank = _blank(self._column(columns, "text"))
        if "title" in self._mapping:
            blank = pc.and_(blank, _blank(self._column(columns, "title")))
        bad: dict[int, Reject] = {}
        if not pc.any(blank).as_py():
            return bad
        name = self._mapping["text"].name
        for at in _places(blank):
            self._reject(bad, int(at), rows, "empty_text", name, "no text and no title", columns)
        return bad

    def _reject(
        self,
        bad: dict[int, Reject],
        at: int,
        rows: np.ndarray,
        code: str,
        column: str,
        detail: str,
        columns: dict[int, pa.Array],
    ) -> None:
        cells = [(pc.utf8_slice_codeunits(columns[place][at], 0, RAW_SHOWN).as_py() or "") for place in columns]
        raw = (self._info.delimiter or ",").join(cells)[:RAW_SHOWN]
        bad.setdefault(at, Reject(self._info.name, int(rows[at]), code, column, detail, raw))


def _plain_string(column: pa.Array) -> pa.Array:
    return column if column.type == pa.string() else column.cast(pa.string())


def _blank(column: pa.Array) -> pa.Array:
    trimmed = pc.utf8_trim_whitespace(column)
    return pc.fill_null(pc.equal(pc.binary_length(trimmed), 0), True)


def _null_if_empty(column: pa.Array) -> pa.Array:
    empty = pc.equal(pc.binary_length(column), 0)
    return pc.if_else(empty, pa.scalar(None, pa.string()), column)


def _places(mask: pa.Array) -> np.ndarray:
    return np.flatnonzero(pc.fill_null(mask, False).to_numpy(zero_copy_only=False))


def _truth(values: pa.Array) -> pa.Array:
    lowered = pc.utf8_lower(values)
    yes = pc.is_in(lowered, pa.array(_YES))
    known = pc.or_(yes, pc.is_in(lowered, pa.array(_NO)))
    return pc.if_else(known, yes, pa.scalar(None, pa.bool_()))
