from pathlib import Path

import numpy as np
import pytest

from huiyin.text import ModelError, Reader, heads, ngrams, training
from huiyin.text.codepoints import encode, fold

TEXTS = ["很好用", "非常满意", "喜欢这个", "太差了", "质量很差", "不推荐", "一般般", "还行吧", "普通"]
LABELS = ["positive"] * 3 + ["negative"] * 3 + ["neutral"] * 3
CLASSES = ("negative", "neutral", "positive")
BLEND = np.array([0.5, 1.5, 0.4, 0.2])


def _saved(folder: Path, classes: tuple[str, ...], texts: list[str], labels: list[str]) -> training.Fitted:
    fitted = training.fit_head(training.features(texts), labels, classes, np.ones(len(texts)))
    heads.save(folder / "heads.npz", {"sentiment": fitted}, BLEND, "test")
    return fitted


def _scored(folder: Path, texts: list[str]) -> np.ndarray:
    model, points = heads.load(folder), fold(encode(texts))
    return model.probabilities("sentiment", model.sums(points.codes, points.starts))


def _exact(fitted: training.Fitted, texts: list[str]) -> np.ndarray:
    logits = training.features(texts) @ fitted[1].T + fitted[2]
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def test_a_saved_head_scores_as_the_fitted_one(tmp_path: Path) -> None:
    fitted = _saved(tmp_path, CLASSES, TEXTS, LABELS)
    texts = [*TEXTS, "这个很差", "满意\n好用 app"]
    assert np.abs(_scored(tmp_path, texts) - _exact(fitted, texts)).max() < 0.02
    assert [CLASSES[at] for at in _scored(tmp_path, TEXTS).argmax(axis=1)] == LABELS


def test_two_classes(tmp_path: Path) -> None:
    _saved(tmp_path, ("negative", "positive"), TEXTS[:6], LABELS[:6])
    assert _scored(tmp_path, TEXTS[:6]).argmax(axis=1).tolist() == [1, 1, 1, 0, 0, 0]


def test_a_class_without_any_weight_is_saved(tmp_path: Path) -> None:
    heads.save(tmp_path / "heads.npz", {"sentiment": (CLASSES, np.zeros((3, ngrams.BUCKETS)), np.zeros(3))}, BLEND, "test")
    assert np.allclose(_scored(tmp_path, ["好"]), 1 / 3)


def test_no_group_weighs_more_than_the_cap() -> None:
    assert training.balanced(["a"] * 4 + ["b"], 2).tolist() == [0.5, 0.5, 0.5, 0.5, 1.0]


def _rewritten(folder: Path, **changes: object) -> None:
    with np.load(folder / "heads.npz") as stored:
        arrays = {name: stored[name] for name in stored.files}
    np.savez_compressed(folder / "heads.npz", **{name: value for name, value in {**arrays, **changes}.items() if value is not None})


@pytest.mark.parametrize(
    "changes",
    [
        {"header": None},
        {"header": np.array("no json")},
        {"header": np.array("{}")},
        {"header": np.array('{"format": 99}')},
        {"header": np.array('{"format": 1, "version": "x"}')},
        {"weights": None},
        {"weights": np.zeros((5, 3), np.int8)},
        {"scale": np.zeros(2)},
        {"bias": np.full(3, np.nan)},
        {"combine": np.zeros(3)},
    ],
)
def test_a_damaged_model_is_an_error(tmp_path: Path, changes: dict[str, object]) -> None:
    _saved(tmp_path, CLASSES, TEXTS, LABELS)
    _rewritten(tmp_path, **changes)
    with pytest.raises(ModelError, match=r"heads\.npz"):
        heads.load(tmp_path)


@pytest.mark.parametrize("keep", [0, 3, 100, 0.5, 0.99])
def test_a_cut_off_model_file_is_an_error(tmp_path: Path, keep: float) -> None:
    _saved(tmp_path, CLASSES, TEXTS, LABELS)
    file = tmp_path / "heads.npz"
    content = file.read_bytes()
    file.write_bytes(content[: int(keep * len(content)) if isinstance(keep, float) else keep])
    with pytest.raises(ModelError, match=r"heads\.npz"):
        heads.load(tmp_path)


def test_flipped_bytes_are_an_error(tmp_path: Path) -> None:
    _saved(tmp_path, CLASSES, TEXTS, LABELS)
    file = tmp_path / "heads.npz"
    content = bytearray(file.read_bytes())
    content[200:260] = bytes(255 - one for one in content[200:260])
    file.write_bytes(bytes(content))
    with pytest.raises(ModelError, match=r"heads\.npz"):
        heads.load(tmp_path)


def test_a_missing_model_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        heads.load(tmp_path)


def test_a_reader_needs_both_heads(tmp_path: Path) -> None:
    _saved(tmp_path, CLASSES, TEXTS, LABELS)
    with pytest.raises(ModelError, match="emotion"):
        Reader.load("general", model=tmp_path)
