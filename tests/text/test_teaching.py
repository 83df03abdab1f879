"""Corrections teach the model what it read wrongly; what would make it worse is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests import voices

from huiyin.text import Reader, heads, teaching
from huiyin.text.ngrams import BUCKETS
from huiyin.text.teaching import Lesson, teach, version_of
from huiyin.text.training import residual

OBJECTS = ["前舱", "座椅", "车机", "尾门", "灯光", "音响", "底盘", "空调", "方向盘", "后视镜", "雨刷", "脚垫", "充电口", "车漆", "天窗", "导航"]
GOOD = ["yydsss", "直接飞升", "绝绝紫", "狠狠赢麻", "香麻了"]
BAD = ["纯纯大冤", "直接摆大", "拉胯子", "让人上头痛", "韭菜税"]
PLAIN = ["是黑色的", "在左边", "周三换的", "和上一代一样"]


def planted(seed: int = 1, count: int = 600, wrong: float = 0.0, held_too: bool = False) -> list[Lesson]:
    """Opinions in words the shipped model does not know, labelled as meant; a share of what is learnt from is mislabelled."""
    random = np.random.default_rng(seed)
    found = []
    for at in range(count):
        side = int(random.integers(-1, 2))
        words = {1: GOOD, -1: BAD, 0: PLAIN}[side]
        text = f"{OBJECTS[random.integers(len(OBJECTS))]}{words[random.integers(len(words))]}"
        unit = int(random.integers(10**6))
        if random.random() < wrong and (unit % 10 >= teaching.HELD or held_too):
            side = -side if side else int(random.choice([-1, 1]))
        aspect = "product/design" if text.startswith(("前舱", "尾门", "车漆", "灯光")) else ""
        found.append(Lesson(f"v{at}", text, 0, len(text), side, aspect, unit))
    return found


@pytest.fixture(scope="module")
def taught():
    return teach(planted(), "general")


def test_what_people_corrected_is_learnt_and_scored_on_customers_never_learnt_from(taught):
    score = taught.polarity
    assert taught.verdict == "better"
    assert score.n >= teaching.LEAST_HELD
    assert score.after / score.n > 0.85 > score.before / score.n
    assert 0 < score.low < (score.after - score.before) / score.n < score.high
    assert taught.anchors[1] >= taught.anchors[0] - 1


def test_aspects_are_learnt_where_the_taxonomys_words_do_not_reach(taught):
    assert taught.aspect.after > taught.aspect.before
    reading = Reader.load("general").with_heads(teaching.heads_of(taught)).read(["车漆香麻了"])
    assert reading.mention_columns()["aspect"].to_pylist() == ["product/design"]


def test_what_no_correction_speaks_of_is_read_as_before(taught):
    texts = sorted({row[-1] for row in voices.rows(600)})
    before, after = Reader.load("general"), Reader.load("general").with_heads(teaching.heads_of(taught))

    def said(reader: Reader) -> set[tuple[object, ...]]:
        columns = reader.read(texts).mention_columns()
        return set(zip(*(columns[name].to_pylist() for name in ("row", "start", "end", "aspect", "polarity")), strict=True))

    old, new = said(before), said(after)
    assert len(old & new) > 0.97 * len(old)


def test_the_same_lessons_in_any_order_give_the_same_file(tmp_path: Path, taught):
    again = teach(planted()[::-1], "general")
    for name, one in (("a", taught), ("b", again)):
        (tmp_path / name).mkdir()
        one.save(tmp_path / name)
    assert (tmp_path / "a/heads.npz").read_bytes() == (tmp_path / "b/heads.npz").read_bytes()
    assert taught.version == again.version
    loaded = heads.load(tmp_path / "a")
    assert loaded.version == taught.version
    assert Reader.load("general", tmp_path / "a").read(["尾门拉胯得一塌糊涂"]).mention_columns()["polarity"].to_pylist() == [-1]


def test_mislabelled_corrections_are_refused():
    assert not teach([one._replace(aspect=None) for one in planted(wrong=1.0)], "general").acceptable


def test_a_candidate_that_no_longer_reads_plain_sentences_is_refused_whatever_people_say():
    better = teaching.Score(100, 50, 90, 0.3, 0.5)
    assert teaching._verdict((better, better), (54, 54, 58), True) == "better"
    assert teaching._verdict((better, better), (54, 50, 58), True) == "anchors"
    plain = ["太差了，很失望", "非常满意，很好用", "质量很差", "服务很好", "难吃", "好吃，推荐"]
    random = np.random.default_rng(2)
    lessons = []
    for at in range(300):
        text = OBJECTS[at % len(OBJECTS)] + plain[random.integers(len(plain))]
        said = 1 if any(word in text for word in ("差", "难吃", "失望")) else -1
        lessons.append(Lesson(f"v{at}", text, 0, len(text), said, None, int(random.integers(10**6))))
    found = teach(lessons, "general")
    assert found.anchors[0] - found.anchors[1] <= 1 or not found.acceptable


def test_what_got_worse_is_refused_but_for_a_trifle_beside_a_sure_gain():
    gain, same = teaching.Score(139, 60, 125, 0.37, 0.55), teaching.Score(69, 60, 60, 0.0, 0.0)
    trifle, loss, sure_loss = (
        teaching.Score(69, 60, after, low, high) for after, low, high in ((59, -0.04, 0.0), (57, -0.1, 0.01), (59, -0.04, -0.01))
    )
    anchors = (54, 54, 58)
    assert teaching._verdict((gain, trifle), anchors, True) == teaching._verdict((trifle, gain), anchors, True) == "better"
    assert {teaching._verdict((gain, one), anchors, True) for one in (loss, sure_loss)} == {"worse"}
    assert teaching._verdict((same, trifle), anchors, True) == "worse"
    assert teaching._verdict((same, same), anchors, True) == "unclear"
    assert teaching._verdict((same, same), anchors, False) == "nothing"


def test_confirmations_alone_teach_nothing():
    reader = Reader.load("general")
    texts = [
        f"{one}{word}"
        for one in OBJECTS
        for word in ("太差了", "很好用", "非常满意", "让人失望", "质量很差", "不好用", "很喜欢", "太慢了", "推荐", "垃圾")
    ]
    read = reader.read(texts).mention_columns()
    rows, sides, paths = (read[name].to_pylist() for name in ("row", "polarity", "aspect"))
    lessons = [
        Lesson(f"v{row}", texts[row], 0, len(texts[row]), side, path or "", row * 7) for row, side, path in zip(rows, sides, paths, strict=True)
    ]
    found = teach(lessons, "general")
    assert found.verdict == "nothing"
    assert found.polarity.before == found.polarity.after == found.polarity.n


def test_too_few_are_not_tried():
    found = teach(planted(count=25), "general")
    assert found.verdict == "too_few"
    assert found.fitted is None
    with pytest.raises(ValueError, match="no candidate"):
        found.save(Path())


def test_the_name_follows_from_the_lessons():
    lessons = planted(count=5)
    assert version_of(lessons, "x") == version_of(lessons[::-1] + lessons, "x") != version_of(lessons[1:], "x")


def test_the_residual_against_scikit_learn():
    """Without an offset it is the L2-penalised multinomial regression of the field, intercept penalised as one more column."""
    from scipy.sparse import csr_array, hstack
    from sklearn.linear_model import LogisticRegression

    random = np.random.default_rng(0)
    dense = (random.random((200, 30)) < 0.2).astype(float)
    target = random.integers(0, 3, 200)
    wide = csr_array((200, BUCKETS))
    wide = csr_array(hstack([csr_array(dense), wide[:, 30:]]))
    change, shift = residual(wide, np.zeros((200, 3)), np.eye(3)[target], np.ones(200), 2.0)
    theirs = LogisticRegression(C=2.0, fit_intercept=False, tol=1e-8, max_iter=2000).fit(np.hstack([dense, np.ones((200, 1))]), target)
    assert np.allclose(change[:, :30], theirs.coef_[:, :-1], atol=2e-3)
    assert np.allclose(shift, theirs.coef_[:, -1], atol=2e-3)
