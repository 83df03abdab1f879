"""Aspects of whole texts, and what is said of each: a classifier of several labels, and one of polarity that reads the right clauses.

Of a text with several aspects the polarity of one is told from the clauses that name it: those whose own logit for that aspect comes near
the text's best clause. The second classifier reads them behind the aspect's name, so that 高 behind 油耗 is another thing than behind 配置.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from huiyin.learning.classifier import Classifier, readable, train, with_teacher
from huiyin.learning.teacher import Vectors
from huiyin.learning.teacher.asking import Tell, quiet
from huiyin.text import ModelError

POLARITY_FILE = "polarity.npz"
_PIECES = re.compile(r"[，。！？；、,.!?;~…\n\s]+")
_NEAR = 1.0
"""Clauses whose logit is so near the best one's are read too."""
_LEAST_LETTERS = 2


@dataclass(frozen=True, slots=True)
class AspectModel:
    """`aspects` tells which aspects a text names; `polarity`, where polarities were labelled, what it says of each."""

    aspects: Classifier
    polarity: Classifier | None

    def read(self, texts: Sequence[str]) -> list[dict[str, str]]:
        """Aspect → polarity ("" where none is learnt) of each text."""
        found = self.aspects.classify(texts)
        said = self.polarities(texts, found)
        return [dict(zip(names, sides, strict=True)) for names, sides in zip(found, said, strict=True)]

    def polarities(self, texts: Sequence[str], aspects: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
        """The polarity of each given aspect of each text."""
        if self.polarity is None:
            return [("",) * len(names) for names in aspects]
        answers = iter(self.polarity.classify(_passages(self.aspects, texts, aspects)))
        return [tuple(next(answers)[0] for _name in names) for names in aspects]

    def save(self, folder: Path) -> None:
        """Write both files into a folder that exists."""
        self.aspects.save(folder)
        if self.polarity is not None:
            self.polarity.save(folder, POLARITY_FILE)

    @classmethod
    def load(cls, folder: Path, tell: Tell = quiet) -> AspectModel:
        """Read them back; `tell` hears if the teacher is missing.

        Raises:
            ModelError: there is no such model, or it is damaged.
        """
        aspects = readable(folder, tell)
        if aspects.task != "aspect":
            raise ModelError(f"{folder} 里是 {aspects.task} 的模型，不是 aspect 的", f"{folder} holds a model for {aspects.task}, not for aspect")
        return cls(aspects, Classifier.load(folder, POLARITY_FILE) if (folder / POLARITY_FILE).exists() else None)


def train_aspects(
    texts: Sequence[str],
    labels: Sequence[Sequence[str]],
    polarities: Sequence[Sequence[str]],
    taught: Vectors | None = None,
    required: bool = False,
) -> AspectModel:
    """Learn aspects, and polarities where each label has one. The teacher's vectors of the texts, `taught`, are read too if held-out texts are read
    better so, or if `required`.
    """
    aspects = with_teacher(train("aspect", texts, labels, exclusive=False), texts, labels, taught, required)
    if not any(any(one) for one in polarities):
        return AspectModel(aspects, None)
    sides = [(side,) for one in polarities for side in one]
    passages = _passages(aspects, texts, labels)
    told = [at for at, (side,) in enumerate(sides) if side]
    return AspectModel(aspects, train("polarity", [passages[at] for at in told], [sides[at] for at in told], exclusive=True, rare=False))


def _passages(aspects: Classifier, texts: Sequence[str], named: Sequence[Sequence[str]]) -> list[str]:
    """For each aspect of each text its name, the clauses that speak of it, and the whole. Clauses are read without the teacher: they are many."""
    index = {name: at for at, name in enumerate(aspects.classes)}
    pieces = [[one for one in _PIECES.split(text) if len(one) >= _LEAST_LETTERS] or [text] for text in texts]
    ends = np.cumsum([len(one) for one in pieces])
    logits = (aspects.plain or aspects).logits([one for of_text in pieces for one in of_text])
    out = []
    for row, names in enumerate(named):
        own = logits[ends[row] - len(pieces[row]) : ends[row]]
        out += [_passage(name, pieces[row], own[:, index[name]] if name in index else own.max(axis=1), texts[row]) for name in names]
    return out


def _passage(name: str, pieces: Sequence[str], logits: NDArray[np.float64], text: str) -> str:
    near = np.flatnonzero(logits >= logits.max() - _NEAR)
    return f"{name}：" + "，".join(pieces[at] for at in near.tolist()) + "\n" + text
