"""Topics: what was planted is found with the right members, what was not is not; ids hold; everything has a place or a reason."""

from __future__ import annotations

import numpy as np
import pytest

from huiyin.text import topics
from huiyin.text.topic_names import named

PLANTED = {
    "充电口盖": [
        "充电口盖打不开",
        "充电口盖又打不开了",
        "下雨天充电口盖打不开",
        "充电口盖冻住打不开",
        "昨天充电口盖还是打不开",
        "充电口盖老是打不开很烦",
    ],
    "儿童锁": ["儿童锁失灵", "后排儿童锁失灵了", "儿童锁经常失灵", "儿童锁按了没用失灵", "儿童锁又失灵真吓人", "提车三天儿童锁失灵"],
    "发票抬头": ["发票抬头开错了", "发票抬头又写错", "发票抬头开错三次", "他们把发票抬头开错", "发票抬头错了不给换", "抬头开错发票抬头重开"],
}
NOISE = [
    f"{a}{b}"
    for a in ("路上", "昨晚", "回家", "店里", "朋友", "孩子", "邻居", "门口", "电梯", "楼下", "公司", "周末", "假期", "海边", "山里", "饭后")
    for b in ("吵得睡不着", "味道怪怪的", "看着别扭", "灰太大", "冷得发抖", "走丢一回", "心情糟透", "白跑一趟", "挤得难受", "堵得要命")
]


def world(seed: int = 0, each: int = 30, noise: int = 100) -> tuple[list[str], list[str], np.ndarray]:
    """(opinions, what each is about, customers)."""
    random = np.random.default_rng(seed)
    said = [
        (words[random.integers(len(words))] + ["", "呀", "哦", "唉"][random.integers(4)], name)
        for name, words in PLANTED.items()
        for _ in range(each)
    ]
    said += [(NOISE[at], "") for at in random.choice(len(NOISE), noise, replace=False)]
    said = [said[at] for at in random.permutation(len(said))]
    return [one for one, _ in said], [name for _, name in said], np.arange(len(said))


BASIS = topics.Basis.of([*NOISE, *(f"第{at}回来这里看看" for at in range(200))])


def placed(texts: list[str], units: np.ndarray, old: topics.csr_array | None = None) -> tuple[topics.Placing, topics.Found]:
    matrix = topics.vectors(texts, BASIS)
    found = topics.discover(matrix, units)
    return topics.place(matrix, found.definitions), found


def test_planted_topics_are_found_with_their_opinions_and_nothing_else():
    texts, truth, units = world()
    placing, found = placed(texts, units)
    groups = {int(topic): [truth[at] for at in np.flatnonzero(placing.topic == topic)] for topic in np.unique(placing.topic) if topic >= 0}
    about = {topic: max(set(names), key=names.count) for topic, names in groups.items()}
    assert set(PLANTED) <= set(about.values())
    for name in PLANTED:
        topic = next(one for one, word in about.items() if word == name)
        assert groups[topic].count(name) >= 0.95 * truth.count(name)
        assert groups[topic].count(name) >= 0.95 * len(groups[topic])
        assert found.stability[topic] > 0.8


def test_silent_on_none():
    random = np.random.default_rng(1)
    letters = [chr(0x4E00 + at) for at in range(3000)]
    texts = ["".join(random.choice(letters, 9)) for _ in range(400)]
    placing, found = placed(texts, np.arange(400))
    assert found.definitions.shape[0] == 0
    assert set(placing.topic.tolist()) == {-1}
    assert set(placing.reason.tolist()) == {topics.FEW}


def test_one_customer_saying_a_thing_often_is_no_topic():
    texts = PLANTED["儿童锁"] * 10
    assert placed(texts, np.zeros(len(texts), np.int64))[1].definitions.shape[0] == 0
    assert placed(texts, np.arange(len(texts)))[1].definitions.shape[0] == 1


def test_the_order_of_the_opinions_does_not_matter_and_equal_words_have_one_topic():
    texts, _truth, units = world()
    placing, found = placed(texts, units)
    turned = np.random.default_rng(9).permutation(len(texts))
    again, found_again = placed([texts[at] for at in turned], units[turned])
    assert np.abs(found.definitions - found_again.definitions).max() < 1e-12
    assert again.topic.tolist() == placing.topic[turned].tolist()
    by_text: dict[str, set[int]] = {}
    for text, topic in zip(texts, placing.topic.tolist(), strict=True):
        by_text.setdefault(text, set()).add(topic)
    assert {len(one) for one in by_text.values()} == {1}


def test_what_comes_later_joins_the_old_topics_and_new_ones_are_found_in_the_rest():
    texts, truth, units = world()
    early = [at for at, name in enumerate(truth) if name != "发票抬头"]
    matrix = topics.vectors(texts, BASIS)
    old = topics.discover(matrix[early], units[early])
    before = topics.place(matrix, old.definitions)
    lock = {int(before.topic[at]) for at in early if truth[at] == "儿童锁"} - {-1}
    rest = np.flatnonzero(before.topic < 0)
    new = topics.discover(matrix[rest], units[rest])
    both = topics.csr_array(topics.vstack([old.definitions, new.definitions]))
    after = topics.place(matrix, both)
    assert after.topic[before.topic >= 0].tolist() == before.topic[before.topic >= 0].tolist()
    invoices = [at for at, name in enumerate(truth) if name == "发票抬头"]
    joined = set(after.topic[invoices].tolist())
    assert len(joined) == 1
    assert joined.isdisjoint(lock)
    assert min(joined) >= old.definitions.shape[0]


def test_everything_is_placed_or_says_why_not():
    placing, _ = placed(["充电口盖打不开", "!!", "嗯", "", "好"], np.arange(5))
    assert placing.reason.tolist() == [topics.FEW, topics.THIN, topics.THIN, topics.THIN, topics.THIN]
    empty = topics.place(topics.vectors([], BASIS), topics.csr_array((0, topics.ngrams.BUCKETS)))
    assert len(empty.topic) == 0


def test_traditional_characters_and_english_words_are_grouped_too():
    texts = [f"充電口蓋{one}" for one in ("打不開", "又打不開了", "凍住了打不開")] + ["充电口盖打不开", "充电口盖打不开了", "充电口盖冻住"]
    texts += [
        f"{one} child lock {two}" for one, two in (("the", "failed"), ("my", "broken"), ("rear", "stuck"), ("again the", "failed"), ("our", "fails"))
    ]
    placing, found = placed(texts, np.arange(len(texts)))
    assert found.definitions.shape[0] == 2
    assert len(set(placing.topic[:6].tolist())) == 1
    assert len(set(placing.topic[6:].tolist())) == 1


def test_definitions_are_matched_with_those_they_continue():
    texts, _truth, units = world()
    _, found = placed(texts, units)
    turned = found.definitions[::-1]
    count = found.definitions.shape[0]
    assert topics.matched(found.definitions, turned).tolist() == list(range(count))[::-1]
    assert topics.matched(found.definitions[:1], turned).tolist().count(0) == 1
    assert topics.matched(found.definitions[:0], turned).tolist() == [-1] * count


@pytest.mark.parametrize("name", list(PLANTED))
def test_names_and_seeds_are_what_customers_said(name):
    found = named(PLANTED[name])
    assert found.name.startswith(name)
    assert " · " in found.name
    assert name in found.seeds[0]
    for part in found.name.split(" · "):
        assert any(part in text for text in PLANTED[name])
