"""From columns as they were given to rows of the facts, whole columns at a time. Customers become pseudonyms, free text is masked."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from huiyin.facts.schema import OPERATION
from huiyin.files.dates import DateReading, read_dates
from huiyin.server.understand.operations.models import KINDS
from huiyin.server.understand.reading.pseudonyms import pseudonym
from huiyin.text.masking import mask_batch

ROLES = ("id", "kind", "time", "customer", "order", "product", "region", "store", "segment", "amount", "status")
_NAMES: dict[str, tuple[str, ...]] = {
    "id": ("id", "external_id", "编号", "记录编号", "流水号", "ticket_id", "工单号", "event_id"),
    "kind": ("kind", "type", "类型", "记录类型"),
    "time": ("occurred_at", "time", "date", "created_at", "下单时间", "时间", "日期", "创建时间", "流失时间", "付款时间", "order_date"),
    "customer": ("customer_id", "customer", "user_id", "member_id", "客户编号", "客户", "会员号", "用户编号", "手机号", "手机"),
    "order": ("order_id", "order_no", "订单号", "订单编号"),
    "product": ("product", "sku", "产品", "商品", "车型", "型号"),
    "region": ("region", "地区", "大区", "省份", "区域"),
    "store": ("store", "shop", "门店", "店铺"),
    "segment": ("segment", "人群", "客户等级", "会员等级"),
    "amount": ("amount", "price", "total", "revenue", "金额", "实付金额", "收入", "订单金额"),
    "status": ("status", "state", "状态", "订单状态"),
}
_KINDS = {
    **{kind: kind for kind, _name in KINDS},
    "订单": "order",
    "下单": "order",
    "工单": "ticket",
    "投诉": "ticket",
    "使用": "usage",
    "登录": "usage",
    "流失": "churn",
    "退订": "churn",
    "注销": "churn",
    "收入": "revenue",
    "营收": "revenue",
    "回款": "revenue",
}
_FREE = 20
_LONGEST = 200
_PERSONAL = re.compile(r"姓名|联系人|收货人|手机|电话|邮箱|地址|身份证|微信号|phone|mobile|e?mail|address|id_?card|full_?name", re.IGNORECASE)
"""Columns that only say who somebody is: of no use beside the pseudonym, so they are not kept at all."""
_SPACE = re.compile(r"[\s_\-]+")


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be used: its number among those given, the column and the reason's code."""

    at: int
    column: str
    reason: str
    value: str


def guess(columns: Sequence[str]) -> dict[str, str]:
    """Role → column, by the names of the columns; earlier names of a role win.

    >>> guess(["订单编号", "会员号", "下单时间", "实付金额"])
    {'time': '下单时间', 'customer': '会员号', 'order': '订单编号', 'amount': '实付金额'}
    """
    plain = {_SPACE.sub("_", one.strip().lower()): one for one in columns}
    found: dict[str, str] = {}
    for role in ROLES:
        match = next((plain[name] for name in _NAMES[role] if name in plain and plain[name] not in found.values()), None)
        if match:
            found[role] = match
    return found


def operations(
    columns: Mapping[str, pa.Array], mapping: Mapping[str, str], source: str, kind: str, reading: DateReading
) -> tuple[pa.Table, list[Refused]]:
    """The rows that can be used, as the facts take them, and those that cannot.

    `columns` are strings of equal length, `mapping` says which column has which role; all others become attributes (the first twenty).
    An id that comes twice means the later row.
    """
    given = {role: _trimmed(columns[name]) for role, name in mapping.items() if name in columns}
    count = len(next(iter(columns.values()))) if columns else 0
    nothing = pa.nulls(count, pa.string())
    occurred = read_dates(given.get("time", nothing), reading)
    kinds = _kinds(given.get("kind"), kind, count)
    amount = _amounts(given.get("amount", nothing))
    refused = _refused(mapping, given, occurred, kinds, amount)
    free = {name: column for name, column in columns.items() if name not in mapping.values() and not _PERSONAL.search(name)}
    made = pa.table(
        {
            "operation_id": _ids(source, given.get("id"), columns, count),
            "source": pa.repeat(pa.scalar(source), count),
            "external_id": given.get("id", nothing),
            "kind": kinds,
            "occurred_at": occurred,
            "customer_id": _pseudonyms(given.get("customer", nothing)),
            "order_id": given.get("order", nothing),
            **{role: given.get(role, nothing) for role in ("product", "region", "store", "segment")},
            "amount": amount,
            "status": given.get("status", nothing),
            "attributes": _attributes(dict(list(free.items())[:_FREE]), count),
        }
    ).cast(OPERATION)
    keep = pa.array([True] * count)
    if refused:
        bad = {one.at for one in refused}
        keep = pa.array([at not in bad for at in range(count)])
    return _last_of_each(made.filter(keep)), refused


def columns_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, pa.Array]:
    """Rows of a query or of JSON as columns of strings; nested attributes stand beside the others."""
    flat = [{**{name: value for name, value in row.items() if name != "attributes"}, **_nested(row)} for row in rows]
    names = list(dict.fromkeys(name for row in flat for name in row))
    return {name: pa.array([_plain(row.get(name)) for row in flat], pa.string()) for name in names}


def _nested(row: Mapping[str, Any]) -> dict[str, Any]:
    given = row.get("attributes")
    return dict(given) if isinstance(given, dict) else {}


def _plain(value: Any) -> str | None:
    if value is None or value == "":
        return None
    return str(value).replace("\x00", "").encode("utf-8", "replace").decode()[:2000]


def _trimmed(column: pa.Array) -> pa.Array:
    text = pc.utf8_slice_codeunits(pc.utf8_trim_whitespace(column.cast(pa.string())), 0, _LONGEST)
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def _kinds(stated: pa.Array | None, kind: str, count: int) -> pa.Array:
    """The kinds in our words; null where one is not known."""
    if stated is None:
        return pa.repeat(pa.scalar(kind), count)
    coded = stated.dictionary_encode()
    known = pa.array([_KINDS.get(str(one).lower()) for one in coded.dictionary.to_pylist()], pa.string())
    return pc.if_else(pc.is_null(stated), pa.scalar(kind), known.take(coded.indices))


def _amounts(stated: pa.Array) -> pa.Array:
    """¥1,299.00 as 1299.0; null where it is no number."""
    series = pl.from_arrow(stated)
    assert isinstance(series, pl.Series)
    bare = series.cast(pl.String).str.replace_all(r"[¥￥$€,，\s元]", "")
    return bare.cast(pl.Float64, strict=False).to_arrow().cast(pa.float64())


def _pseudonyms(stated: pa.Array) -> pa.Array:
    coded = stated.dictionary_encode()
    names = pa.array([pseudonym(str(one)) for one in coded.dictionary.to_pylist()], pa.string())
    return names.take(coded.indices) if len(names) else pa.nulls(len(stated), pa.string())


def _ids(source: str, stated: pa.Array | None, columns: Mapping[str, pa.Array], count: int) -> pa.Array:
    """Ids that name the same row at the next import too: the stated one, else a hash of all the row says."""
    if stated is not None and not stated.null_count:
        return pc.binary_join_element_wise(pa.scalar(source), stated, ":")
    texts = [column.cast(pa.string()).to_pylist() for column in columns.values()]
    said = stated.to_pylist() if stated is not None else [None] * count
    rows = zip(*texts, strict=True)
    return pa.array([f"{source}:{one}" if one else f"{source}:#{_hash(row)}" for one, row in zip(said, rows, strict=True)], pa.string())


def _hash(row: tuple[Any, ...]) -> str:
    return hashlib.blake2b("\x1f".join(str(one) for one in row).encode("utf-8", "replace"), digest_size=10).hexdigest()


def _attributes(free: Mapping[str, pa.Array], count: int) -> pa.Array:
    """The other columns as a map, each distinct value masked once."""
    masked: dict[str, list[str | None]] = {}
    for name, column in free.items():
        coded = _trimmed(column).dictionary_encode()
        values = [edited.text for edited in mask_batch([str(one) for one in coded.dictionary.to_pylist()])]
        masked[name] = pa.array(values, pa.string()).take(coded.indices).to_pylist() if values else [None] * count
    pairs = [[(name, values[at]) for name, values in masked.items() if values[at]] for at in range(count)]
    return pa.array(pairs, pa.map_(pa.string(), pa.string()))


def _refused(mapping: Mapping[str, str], given: Mapping[str, pa.Array], occurred: pa.Array, kinds: pa.Array, amount: pa.Array) -> list[Refused]:
    wrong = [("no_time", "time", pc.is_null(occurred)), ("bad_kind", "kind", pc.is_null(kinds))]
    if "amount" in given:
        wrong.append(("bad_amount", "amount", pc.and_(pc.is_valid(given["amount"]), pc.is_null(amount))))
    found: dict[int, Refused] = {}
    for reason, role, where in wrong:
        for at in pc.indices_nonzero(where).to_pylist():
            value = (given[role][at].as_py() if role in given else None) or ""
            found.setdefault(at, Refused(at, mapping.get(role, ""), reason, value))
    return [found[at] for at in sorted(found)]


def _last_of_each(rows: pa.Table) -> pa.Table:
    if pc.count_distinct(rows["operation_id"]).as_py() == rows.num_rows:
        return rows
    place = pa.array(range(rows.num_rows), pa.int64())
    last = rows.append_column("place", place).group_by("operation_id").aggregate([("place", "max")])["place_max"].combine_chunks()
    return rows.take(last.take(pc.array_sort_indices(last)))
