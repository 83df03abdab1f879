"""New words: a planted one is found at its borders, a quiet baseline stays quiet."""

from __future__ import annotations

import numpy as np
import pytest

from huiyin.simulate.planted import Plan, draw
from huiyin.text import newwords

BEFORE = ("昨天", "又是", "还是", "突然", "老板说", "同事", "这批", "新款")
AFTER = ("坏了", "好用", "难看", "不错", "，再说吧", "要换", "出问题", "真行")


@pytest.fixture(scope="module")
def plain() -> list[str]:
    return [one for one in draw(Plan(seed=9, voices=3000, customers=2000)).tables()[0]["text"].to_pylist() if one]


def told(word: str, count: int) -> list[str]:
    rng = np.random.default_rng(5)
    return [f"{rng.choice(BEFORE)}{word}{rng.choice(AFTER)}" for _ in range(count)]


@pytest.mark.parametrize("word", ["蓝鲸卡", "虎皮青", "量子速读机", "zeekrx", "OTA包"])
def test_a_planted_word_is_found_at_its_borders(plain, word):
    found = newwords.find([*plain[:400], *told(word, 40)], plain[400:])
    assert word.lower() in [one.word for one in found]
    first = next(one for one in found if one.word == word.lower())
    assert (first.recent, first.former, first.is_new) == (40, 0, True)
    assert first.low > 1
    assert len(first.texts) == 40
    assert not [one.word for one in found if one.word != first.word and one.word in first.word], "no part of it beside it"


def test_a_baseline_without_it_stays_silent(plain):
    silent = 0
    rng = np.random.default_rng(7)
    for _ in range(20):
        mixed = [plain[at] for at in rng.permutation(len(plain))]
        silent += not newwords.find(mixed[:500], mixed[500:])
    assert silent >= 18, "with a false discovery rate of 5 % nearly every draw of the same voices finds nothing"


def test_a_word_known_before_that_more_people_say_is_rising_and_not_new(plain):
    found = newwords.find([*plain[:400], *told("蓝鲸卡", 40)], [*plain[400:], *told("蓝鲸卡", 6)])
    one = next(one for one in found if one.word == "蓝鲸卡")
    assert (one.is_new, one.former) == (False, 6)


def test_one_person_who_says_it_forty_times_makes_no_word(plain):
    recent = [*plain[:400], *told("蓝鲸卡", 40)]
    found = newwords.find(recent, plain[400:], [*range(400), *[400] * 40], list(range(1000, 1000 + len(plain) - 400)))
    assert "蓝鲸卡" not in [one.word for one in found]


def test_traditional_and_capital_letters_are_the_same_word(plain):
    mixed = [one.replace("蓝鲸卡", "藍鯨卡") if at % 2 else one for at, one in enumerate(told("蓝鲸卡", 40))]
    found = newwords.find([*plain[:400], *mixed], plain[400:])
    assert next(one for one in found if one.word == "蓝鲸卡").recent == 40


def test_what_is_ignored_is_not_told_again(plain):
    recent = [*plain[:400], *told("蓝鲸卡", 40)]
    assert "蓝鲸卡" not in [one.word for one in newwords.find(recent, plain[400:], ignored=["藍鯨卡"])]


def test_the_order_of_the_texts_does_not_matter(plain):
    recent = [*plain[:400], *told("蓝鲸卡", 40)]
    one, other = newwords.find(recent, plain[400:]), newwords.find(recent[::-1], plain[400:][::-1])
    assert [(word.word, word.recent, word.p) for word in one] == [(word.word, word.recent, word.p) for word in other]


@pytest.mark.parametrize("texts", [[], [""], ["。。。", "12345", "🙂"], ["好"]])
def test_odd_texts_find_nothing_and_raise_nothing(texts, plain):
    assert newwords.find(texts, plain[:50]) == []
    assert newwords.find(plain[:50], texts) == []
