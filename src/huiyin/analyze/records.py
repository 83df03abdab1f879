"""From records as they came in to rows of the facts, with personal data masked on the way."""

from __future__ import annotations

import hashlib
import os
import re
from datetime import UTC, datetime

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from huiyin.facts import COPIED_DOWN, FEEDBACK, MENTION
from huiyin.text import Reading
from huiyin.text.masking import mask_batch

_PERSONAL_COLUMN = re.compile("姓名|名字|电话|手机|联系方式|身份证|证件|邮箱|地址|微信|昵称|name|phone|mobile|e-?mail|address|contact", re.IGNORECASE)
_MAYBE_PERSONAL = r"\d{7}|\d{3,4}[ \-]\d{3,4}|@|先生|女士|小姐|微信|qq|号"


def texts_of(records: pa.RecordBatch) -> list[str]:
    """The text to read: title and body, unless the body repeats the title."""
    titles, bodies = records["title"].to_pylist(), records["text"].to_pylist()
    return [_joined(title, body) for title, body in zip(titles, bodies, strict=True)]


def _joined(title: str | None, body: str | None) -> str:
    title, body = (title or "").strip(), (body or "").strip()
    if not title or body.startswith(title):
        return body or title
    return f"{title}\n{body}" if body else title


def pseudonyms(customers: pa.Array) -> pa.Array:
    """Customer ids replaced by keyed hashes. The key is HUIYIN_PSEUDONYM_KEY; one key gives one pseudonym, in every run."""
    key = os.environ.get("HUIYIN_PSEUDONYM_KEY", "huiyin").encode()[:64]
    encoded = customers.dictionary_encode()
    names = [
        None if one is None else "c" + hashlib.blake2b(one.encode("utf-8", "replace"), key=key, digest_size=8).hexdigest()
        for one in encoded.dictionary.to_pylist()
    ]
    return pa.array(names, pa.string()).take(encoded.indices)


def masked_strings(values: pa.Array) -> pa.Array:
    """Strings with personal data masked; only those that may hold any are looked at closely."""
    suspects = pc.fill_null(pc.match_substring_regex(values, _MAYBE_PERSONAL), False)
    if not pc.any(suspects).as_py():
        return values
    rows = np.flatnonzero(suspects.to_numpy(zero_copy_only=False))
    masked = [one.text for one in mask_batch(values.take(pa.array(rows)).to_pylist())]
    return pc.replace_with_mask(values, suspects, pa.array(masked, pa.string()))


def masked_attributes(attributes: pa.MapArray) -> pa.MapArray:
    """Attributes with personal data masked; a column that is personal by its name is hidden whole."""
    keys = attributes.keys.dictionary_encode()
    personal = pa.array([bool(_PERSONAL_COLUMN.search(name or "")) for name in keys.dictionary.to_pylist()], pa.bool_())
    values = masked_strings(attributes.items)
    if len(keys) and pc.any(personal).as_py():
        hidden = pc.fill_null(personal.take(keys.indices), False)
        values = pc.if_else(pc.and_(hidden, pc.is_valid(values)), pa.scalar("【已隐去】"), values)
    return pa.MapArray.from_arrays(attributes.offsets, attributes.keys, values)


def rows_of(records: pa.RecordBatch, reading: Reading, first_row: int) -> tuple[pa.Table, pa.Table]:
    """The facts rows of a batch, both with the temporary `row_no`."""
    count = records.num_rows
    columns = {name: records[name] for name in records.schema.names}
    columns["customer_id"] = pseudonyms(records["customer_id"])
    columns["title"] = masked_strings(records["title"])
    columns["attributes"] = masked_attributes(records["attributes"])
    columns.update(reading.feedback_columns())
    columns["received_at"] = pa.repeat(pa.scalar(datetime.now(UTC), pa.timestamp("us", tz="UTC")), count)
    columns["duplicate_of"] = pa.nulls(count, pa.string())
    row_no = np.arange(first_row, first_row + count)
    feedback = pa.table([*(columns[name].cast(FEEDBACK.field(name).type) for name in FEEDBACK.names), pa.array(row_no)], [*FEEDBACK.names, "row_no"])
    found = reading.mention_columns()
    rows = found.pop("row")
    found["feedback_id"] = columns["feedback_id"].take(rows)
    for name in COPIED_DOWN:
        found[name] = columns[name].take(rows)
    found["labelled_by"] = pa.repeat(pa.scalar("machine"), len(rows))
    mentions = pa.table(
        [*(found[name].cast(MENTION.field(name).type) for name in MENTION.names), pa.array(row_no).take(rows)], [*MENTION.names, "row_no"]
    )
    return feedback, mentions


def identity_hashes(records: pa.RecordBatch) -> tuple[NDArray[np.uint64], NDArray[np.uint64], NDArray[np.uint64]]:
    """(id, content, customer) hashes of each record; content is everything but id and attributes. Customer 0 means unknown."""
    names = ("text", "title", "occurred_at", "customer_id", "product", "brand", "region", "store", "channel", "rating")
    frame = pl.DataFrame({name: pl.Series(pl.from_arrow(records[name])) for name in names})
    ids = pl.Series(pl.from_arrow(records["feedback_id"])).hash(seed=1).to_numpy()
    customers = pl.Series(pl.from_arrow(records["customer_id"])).hash(seed=2).to_numpy() | np.uint64(1)
    known = pc.is_valid(records["customer_id"]).to_numpy(zero_copy_only=False)
    return ids, frame.hash_rows(seed=3).to_numpy(), np.where(known, customers, np.uint64(0))
