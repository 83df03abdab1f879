"""What is taught is found again, on texts not seen; the model comes back from its file as it was."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.text.opinions.world import reviews

from huiyin.text import ModelError
from huiyin.text.opinions.model import FILE, OpinionModel, evaluate
from huiyin.text.opinions.records import Opinion, Record
from huiyin.text.opinions.training import TrainingError, train


def test_what_is_taught_is_found_in_new_texts(taught: OpinionModel) -> None:
    told = evaluate(taught, reviews(200, seed=2))
    assert told["n"] == 200
    assert min(told["target_f1"], told["opinion_f1"], told["pair_f1"], told["quad_f1"]) > 0.97


def test_a_thing_never_met_is_found_by_the_class_of_its_word() -> None:
    model = train(reviews(300, things=("包装", "快递", "味道", "价格")))
    told = evaluate(model, reviews(100, seed=3, things=("颜色", "客服")))
    assert told["target_f1"] > 0.6


def test_the_same_records_give_the_same_model() -> None:
    first, second = (train(reviews(60)) for _ in range(2))
    assert np.array_equal(first.tagger.weights, second.tagger.weights)
    assert np.array_equal(first.pairing, second.pairing)
    assert np.array_equal(first.heads["aspect"].weights, second.heads["aspect"].weights)


def test_a_model_comes_back_from_its_file(taught: OpinionModel, tmp_path: Path) -> None:
    texts = [record.text for record in reviews(50, seed=4)]
    assert taught.save(tmp_path / "own").name == FILE
    assert OpinionModel.load(tmp_path / "own").read(texts) == taught.read(texts)


def test_records_without_aspects_teach_spans_and_pairs() -> None:
    bare = [Record(one.id, one.text, tuple(Opinion(*opinion[:2]) for opinion in one.opinions)) for one in reviews(100)]
    model = train(bare)
    assert model.heads == {}
    assert {opinion.aspect for record in model.read([one.text for one in bare[:20]]) for opinion in record.opinions} == {None}


def test_too_few_records_are_refused() -> None:
    with pytest.raises(TrainingError, match="至少要 20 条"):
        train(reviews(5))


@pytest.mark.parametrize("damage", ["missing", "cut", "shape", "words", "format"])
def test_a_damaged_model_is_refused_with_its_path(taught: OpinionModel, tmp_path: Path, damage: str) -> None:
    path = taught.save(tmp_path)
    if damage == "missing":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:5000])
    else:
        with np.load(path) as stored:
            arrays = {name: stored[name] for name in stored.files}
        if damage == "shape":
            arrays["moves"] = arrays["moves"][:3]
        elif damage == "words":
            arrays["header"] = np.array(str(arrays["header"]).replace('"words": "', '"words": "other'))
        else:
            arrays["header"] = np.array(str(arrays["header"]).replace('"format": 1', '"format": 99'))
        np.savez(path, **arrays)
    with pytest.raises(ModelError, match=FILE):
        OpinionModel.load(tmp_path)
