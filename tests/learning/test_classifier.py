"""A classifier learns what texts say, keeps it in a file, and says the same of a text in any batch."""

from pathlib import Path

import numpy as np
import pytest

from huiyin.learning.aspects import AspectModel, train_aspects
from huiyin.learning.classifier import FILE, Classifier, train
from huiyin.learning.features import Features, side_by_side
from huiyin.text import ModelError
from tests.learning.conftest import sentences

TRAINED = sentences(240)
TEXTS = [text for text, _thing, _side in TRAINED]
UNSEEN = sentences(120, seed=2)


@pytest.fixture(scope="module")
def things() -> Classifier:
    return train("intent", TEXTS, [(thing,) for _text, thing, _side in TRAINED], exclusive=True)


def test_unseen_texts_are_told_apart(things: Classifier) -> None:
    said = things.classify([text for text, _thing, _side in UNSEEN])
    assert np.mean([one[0] == thing for one, (_text, thing, _side) in zip(said, UNSEEN, strict=True)]) > 0.95
    assert things.learnt["held_out"]["accuracy"] > 0.95
    assert things.learnt["held_out"]["n"] == len(TEXTS)


def test_a_file_gives_back_the_same_classifier(things: Classifier, tmp_path: Path) -> None:
    things.save(tmp_path)
    back = Classifier.load(tmp_path)
    texts = [text for text, _thing, _side in UNSEEN]
    assert np.array_equal(back.logits(texts), things.logits(texts))
    assert (back.task, back.classes, back.learnt) == (things.task, things.classes, things.learnt)


def test_training_again_gives_the_same_weights(things: Classifier) -> None:
    again = train("intent", TEXTS, [(thing,) for _text, thing, _side in TRAINED], exclusive=True)
    assert np.array_equal(again.weights, things.weights)
    assert np.array_equal(again.bias, things.bias)


def test_a_text_is_read_alike_in_any_company(things: Classifier) -> None:
    texts = [text for text, _thing, _side in UNSEEN]
    whole = things.logits(texts)
    assert np.array_equal(whole[::-1], things.logits(texts[::-1]))
    assert np.array_equal(whole[7], things.logits([texts[7]])[0])


@pytest.mark.parametrize("text", ["", "   ", "😡", "\ud800", "\u202e倒着\u200d", "啊" * 100_000, "a\x00b"])
def test_hostile_texts_are_answered(things: Classifier, text: str) -> None:
    assert np.isfinite(things.logits([text, "快递太差劲"])).all()
    assert things.classify([text, "快递太差劲"])[1] == ("物流",)


def test_a_damaged_file_is_refused(things: Classifier, tmp_path: Path) -> None:
    things.save(tmp_path)
    (tmp_path / FILE).write_bytes((tmp_path / FILE).read_bytes()[:-2000])
    with pytest.raises(ModelError, match="读不了"):
        Classifier.load(tmp_path)
    with pytest.raises(ModelError):
        Classifier.load(tmp_path / "nowhere")


def test_rows_of_the_n_gram_blocks_have_length_one() -> None:
    features, blocks = Features.of(TEXTS)
    for block in blocks[:2]:
        assert np.allclose(np.sqrt(np.asarray(block.multiply(block).sum(axis=1)).ravel()), 1.0)
    assert side_by_side(blocks).shape == (len(TEXTS), sum(features.widths))
    assert all(np.array_equal(one.toarray(), other.toarray()) for one, other in zip(blocks, features.blocks(TEXTS), strict=True))


def test_several_aspects_of_a_text_each_with_its_polarity() -> None:
    many = sentences(900, seed=3)
    pairs = [(one, other) for one, other in zip(many[::2], many[1::2], strict=True) if one[1] != other[1]]
    model = train_aspects(
        [f"{one[0]}。{other[0]}" for one, other in pairs], [(one[1], other[1]) for one, other in pairs], [(one[2], other[2]) for one, other in pairs]
    )
    unseen = [(one, other) for one, other in zip(UNSEEN[::2], UNSEEN[1::2], strict=True) if one[1] != other[1]]
    found = model.read([f"{one[0]}。{other[0]}" for one, other in unseen])
    right = [set(said) == {one[1], other[1]} for said, (one, other) in zip(found, unseen, strict=True)]
    sides = [said.get(one[1]) == one[2] and said.get(other[1]) == other[2] for said, (one, other) in zip(found, unseen, strict=True)]
    assert np.mean(right) > 0.9
    assert np.mean(sides) > 0.8


def test_a_model_of_another_task_is_not_taken_for_aspects(things: Classifier, tmp_path: Path) -> None:
    things.save(tmp_path)
    with pytest.raises(ModelError, match="aspect"):
        AspectModel.load(tmp_path)
