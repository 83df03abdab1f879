"""Facts by the million, drawn as arrays: three mentions to a feedback, two years, skewed as real feedback is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from huiyin.facts import FEEDBACK

FIRST_DAY = date(2024, 7, 1)
DAYS = 730
LAST_DAY = FIRST_DAY + timedelta(days=DAYS - 1)
BATCH = 250_000
"""Feedback in a batch."""

_ROOTS = ("delivery", "app", "service", "product", "price", "store", "install", "repair", "invoice", "promotion", "account", "quality")
ASPECTS = tuple(f"{root}/{leaf:02d}" for root in _ROOTS for leaf in range(10))
PRODUCTS = tuple(f"型号{number:02d}" for number in range(40))
REGIONS = tuple(f"地区{number:02d}" for number in range(31))
SEGMENTS = ("新客", "老客", "会员", "企业", "沉默")
CHANNELS = ("app", "hotline", "survey", "store", "weibo", "mall", "chat", "mail")
STORES = tuple(f"门店{number:03d}" for number in range(600))
_PHRASES = [
    f"{who}{how}{what}"
    for who in ("送货", "客服", "安装师傅", "这款门锁", "应用", "价格", "发票", "店员")
    for how in ("真的", "有点", "一直", "这次")
    for what in (
        "太慢了等了三天",
        "态度很好耐心解答",
        "总是闪退打不开",
        "比别家贵不少",
        "响应很快当天上门",
        "说话不算数退款拖着",
        "用着安静没有噪音",
        "包装破了要求换新",
        "和描述的不一样",
    )
]


def batches(count: int, seed: int = 0, first_day: date = FIRST_DAY) -> Iterator[tuple[pa.Table, pa.Table]]:
    """`count` feedback in batches, in the order of time, over `DAYS` days."""
    for first in range(0, count, BATCH):
        yield batch(first, min(BATCH, count - first), count, seed, first_day)


def batch(first: int, size: int, total: int, seed: int = 0, first_day: date = FIRST_DAY) -> tuple[pa.Table, pa.Table]:
    """`size` feedback from number `first` on, of a world of `total`, and their mentions."""
    rng = np.random.default_rng([seed, first])
    moment = np.sort((np.arange(first, first + size) + rng.random(size)) / total) * DAYS * 86400e6
    start = np.datetime64(first_day, "us")
    feedback = pa.table(_voices(rng, first, size, total, pa.array(start + moment.astype("timedelta64[us]")).cast(FEEDBACK.field("occurred_at").type)))
    return feedback, pa.table(_opinions(rng, feedback))


def _voices(rng: np.random.Generator, first: int, size: int, total: int, moment: pa.Array) -> dict[str, pa.Array]:
    customers = max(1, total * 2 // 5)
    # A few customers speak often, most once: the cube of an even draw.
    customer = (customers * rng.random(size) ** 3).astype(np.int64)
    home = np.random.default_rng(7)
    number = np.arange(first, first + size)
    return {
        "feedback_id": pa.array(np.char.add("f", np.char.zfill(number.astype("U9"), 9))),
        "source": _named(("import",), np.zeros(size, np.int32)),
        "channel": _skewed(rng, CHANNELS, size),
        "occurred_at": moment,
        "received_at": moment,
        "customer_id": pa.array(np.char.add("c", customer.astype("U9")), mask=rng.random(size) < 0.1),
        "product": _skewed(rng, PRODUCTS, size),
        "brand": _named(("回音",), np.zeros(size, np.int32)),
        "region": _named(REGIONS, home.integers(0, len(REGIONS), 4096)[customer % 4096]),
        "store": _named(STORES, home.integers(0, len(STORES), 4096)[(customer + 1) % 4096]),
        "segment": _named(SEGMENTS, home.integers(0, len(SEGMENTS), 4096)[(customer + 2) % 4096]),
        "language": _named(("zh",), np.zeros(size, np.int32)),
        "invited": pa.array(rng.random(size) < 0.4),
        "metric": _named(("nps",), np.zeros(size, np.int32)),
        "score": pa.array(np.clip(np.rint(rng.normal(7.6, 2.2, size)), 0, 10), mask=rng.random(size) < 0.5),
        "scale_max": pa.array(np.full(size, 10.0)),
        "text": _texts(rng, size),
        "sentiment": pa.array(np.round(rng.uniform(-1, 1, size), 3)),
        "is_spam": pa.array(rng.random(size) < 0.01),
        "duplicate_of": pa.array(np.full(size, "f000000000"), mask=rng.random(size) > 0.02),
        "attributes": _attributes(rng, size),
        "text_version": _named(("m1",), np.zeros(size, np.int32)),
    }


def _opinions(rng: np.random.Generator, feedback: pa.Table) -> dict[str, pa.Array]:
    count = rng.choice(np.array([0, 1, 2, 3, 4, 5, 6, 9]), feedback.num_rows, p=[0.05, 0.1, 0.25, 0.25, 0.18, 0.1, 0.05, 0.02])
    owner = np.repeat(np.arange(feedback.num_rows), count)
    size = len(owner)
    number = np.arange(size) - np.repeat(np.cumsum(count) - count, count)
    polarity = rng.choice(np.array([-1, 0, 1], np.int8), size, p=[0.45, 0.1, 0.45])
    intent = np.where(polarity < 0, 0, np.where(polarity > 0, 1, 2)).astype(np.int32)
    return {
        "feedback_id": feedback["feedback_id"].take(pa.array(owner)),
        "mention_no": pa.array(number.astype(np.int32)),
        "start": pa.array((number * 8).astype(np.int32)),
        "end": pa.array((number * 8 + 7).astype(np.int32)),
        "target": _skewed(rng, tuple(f"对象{one:03d}" for one in range(300)), size),
        "opinion": _skewed(rng, tuple(f"评价{one:03d}" for one in range(500)), size),
        "aspect": _skewed(rng, ASPECTS, size),
        "touchpoint": _skewed(rng, _ROOTS, size),
        "polarity": pa.array(polarity),
        "intensity": pa.array(np.round(rng.beta(4, 3, size), 3)),
        "emotion": _named(("anger", "joy", "none"), intent),
        "intent": _named(("complaint", "praise", "wish"), intent),
        "urgency": _skewed(rng, ("low", "medium", "high"), size),
        "effort": _skewed(rng, ("none", "low", "high"), size),
        "confidence": pa.array(np.round(rng.uniform(0.5, 1, size), 3)),
        "labelled_by": _named(("machine",), np.zeros(size, np.int32)),
        "text_version": _named(("m1",), np.zeros(size, np.int32)),
    }


def _skewed(rng: np.random.Generator, names: tuple[str, ...], size: int) -> pa.Array:
    shares = 1 / np.arange(1, len(names) + 1) ** 0.8
    edges = np.cumsum(shares / shares.sum())
    return _named(names, np.minimum(np.searchsorted(edges, rng.random(size)), len(names) - 1))


def _named(names: tuple[str, ...], codes: np.ndarray) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(names)).cast(pa.string())


def _texts(rng: np.random.Generator, size: int) -> pa.Array:
    words = pa.array(_PHRASES)
    parts = [words.take(pa.array(rng.integers(0, len(_PHRASES), size))) for _ in range(3)]
    return pc.binary_join_element_wise(*parts, pc.cast(pa.array(rng.integers(0, 10**6, size)), pa.string()), "，")


def _attributes(rng: np.random.Generator, size: int) -> pa.Array:
    values = _skewed(rng, ("红", "蓝", "白", "黑"), size)
    return pa.MapArray.from_arrays(pa.array(np.arange(size + 1, dtype=np.int32)), pa.array(["颜色"] * size), values)
