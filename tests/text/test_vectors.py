"""Word vectors: words that keep the same company are near, words of a text are found where they stand, building twice gives the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from huiyin.text import vector_building, vectors
from huiyin.text.codepoints import encode, fold


@pytest.fixture(scope="module")
def shipped() -> vectors.WordVectors:
    return vectors.load()


@pytest.mark.parametrize(
    ("word", "close", "far"),
    [("油耗", "省油", "房间"), ("快递", "物流", "油耗"), ("便宜", "划算", "门诊"), ("客服", "售后", "轮胎"), ("医生", "护士", "充电")],
)
def test_words_of_like_use_are_near(shipped: vectors.WordVectors, word: str, close: str, far: str) -> None:
    one, like, unlike = shipped.of([word, close, far])
    assert one @ like > 0.5 > one @ unlike


def test_near_leaves_the_word_itself_out_and_knows_nothing_of_the_unknown(shipped: vectors.WordVectors) -> None:
    found = shipped.near("快遞", 5)
    assert len(found) == 5
    assert "快递" not in dict(found)
    assert [one[1] for one in found] == sorted((one[1] for one in found), reverse=True)
    assert shipped.near("🙂🙂") == []
    assert not shipped.of(["", "🙂"]).any()


def test_words_are_found_longest_first_whole_and_within_their_text(shipped: vectors.WordVectors) -> None:
    texts = ["班主任态度不好", "APP闪退 happyapp", "", "快", "递"]
    points = fold(encode(texts))
    hits = shipped.find(points)
    said = [points.joined()[start:end] for start, end in zip(hits.start, hits.end, strict=True)]
    assert said == [shipped.words[row] for row in hits.phrase]
    assert "班主任" in said
    assert said.count("app") == 1
    assert "快递" not in said


def test_a_batch_says_what_each_text_says_alone(shipped: vectors.WordVectors) -> None:
    texts = ["刹车有点软", "前台态度很好", "the app crashes", "包裹三天没到"]
    together = shipped.of(texts)
    assert all(np.array_equal(shipped.of([text])[0], row) for text, row in zip(texts, together, strict=True))


def test_building_learns_the_same_from_the_same_and_reads_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = [f"{who}{what}{how}" for who in ("电梯", "楼梯", "大门") for what in ("坏了", "不亮", "很脏") for how in ("三天", "一周", "半月")] * 3
    said += [f"{who}{what}" for who in ("老师", "教练") for what in ("讲课认真", "上课迟到", "备课仔细")]
    first, second = vector_building.learn(said, 60, 8), vector_building.learn(said, 60, 8)
    assert first[0] == second[0]
    assert np.array_equal(first[1], second[1])
    file = tmp_path / "words.npz"
    vector_building.save(file, *first, vector_building.kinds(first[1], 12))
    with np.load(file) as stored:
        read = vectors.WordVectors(
            tuple(stored["words"].tobytes().decode().split("\n")), stored["steps"], stored["weight"] / 255, stored["kind"].astype(np.int64)
        )
    assert list(read.words) == first[0]
    assert np.abs(read.unit - first[1]).max() < 0.02
    one, like, unlike = read.of(["电梯", "楼梯", "老师"])
    assert one @ like > one @ unlike


def test_words_that_mean_much_the_same_are_of_one_kind(shipped: vectors.WordVectors) -> None:
    of = lambda word: int(shipped.kind[shipped.index[word]])  # noqa: E731
    assert of("快递") != of("房间")
    assert len(np.unique(shipped.kind)) > 3000
    assert np.bincount(shipped.kind).max() < 400


def test_a_text_counts_once_however_often_it_comes() -> None:
    said = ["快递很慢", "客服很好", "快递很快", "客服很差"]
    assert np.array_equal(vector_building.learn(said, 8, 3)[1], vector_building.learn(said * 5, 8, 3)[1])
