"""What a load of files says twice, and what many people say in the same words."""

from __future__ import annotations

import numpy as np

from huiyin.analyze.duplication import UNKNOWN_TIME, Ledger, settle
from huiyin.text import Reader

LONG = "物流特别快包装也非常严实客服小姐姐耐心解答强烈推荐给大家购买"


def settled(texts: list[str], customers: list[int]):
    signatures = Reader.load("general").read(texts).signatures
    numbers = np.arange(1, len(texts) + 1, dtype=np.uint64)
    ledger = Ledger()
    ledger.add((numbers, numbers, np.array(customers, np.uint64)), np.full(len(texts), UNKNOWN_TIME), signatures)
    return settle(ledger)


def test_the_same_long_words_of_five_people_are_a_flood():
    near = LONG + "了"
    found = settled([LONG, near, LONG, LONG, LONG, "屏幕不错就是有点贵，还在犹豫要不要留着"], [11, 12, 13, 14, 15, 16])
    assert found.flood.tolist() == [0, 1, 2, 3, 4]
    assert not len(found.copies)


def test_four_people_short_words_and_one_loud_customer_are_none():
    assert not len(settled([LONG] * 4, [1, 2, 3, 4]).flood)
    assert not len(settled(["很好用推荐购买"] * 9, list(range(1, 10))).flood)
    assert not len(settled([LONG] * 9, [7] * 9).flood)


def test_records_without_a_customer_count_one_each():
    assert settled([LONG] * 5 + ["很好用"], [0] * 6).flood.tolist() == [0, 1, 2, 3, 4]
    assert not len(settled([LONG] * 3 + [LONG], [0, 0, 7, 7]).flood)
