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

from huiyin.learning.classifier import PLAIN_FILE, Classifier, better, readable, train
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
    """`aspects` tells which aspects a text names, `plain` which its clauses name, the same unless `aspects` reads with the teacher; `polarity`,
    where polarities were labelled, what is said of each.
    """

    aspects: Classifier
    polarity: Classifier | None
    plain: Classifier

    def read(self, texts: Sequence[str]) -> list[dict[str, str]]:
        """Aspect → polarity ("" where none is learnt) of each text."""
        found = self.aspects.classify(texts)
        said = self.polarities(texts, found)
        return [dict(zip(names, sides, strict=True)) for names, sides in zip(found, said, strict=True)]

    def polarities(self, texts: Sequence[str], aspects: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
        """The polarity of each given aspect of each text."""
        if self.polarity is None:
            return [("",) * len(names) for names in aspects]
        answers = iter(self.polarity.classify(_passages(self.plain, texts, aspects)))
        return [tuple(next(answers)[0] for _name in names) for names in aspects]

    def save(self, folder: Path) -> None:
        """Write the files into a folder that exists."""
        self.aspects.save(folder)
        if self.plain is not self.aspects:
            self.plain.save(folder, PLAIN_FILE)
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
        plain = aspects if aspects.features.centre is None else Classifier.load(folder, PLAIN_FILE)
        return cls(aspects, Classifier.load(folder, POLARITY_FILE) if (folder / POLARITY_FILE).exists() else None, plain)


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
    plain = aspects = train("aspect", texts, labels, exclusive=False)
    if taught is not None:
        careful = train("aspect", texts, labels, exclusive=False, taught=taught)
        aspects = careful if required or better(careful, plain) else plain
    if not any(any(one) for one in polarities):
        return AspectModel(aspects, None, plain)
    sides = [(side,) for one in polarities for side in one]
    passages = _passages(plain, texts, labels)
    told = [at for at, (side,) in enumerate(sides) if side]
    polarity = train("polarity", [passages[at] for at in told], [sides[at] for at in told], exclusive=True, rare=False)
    return AspectModel(aspects, polarity, plain)


def _passages(aspects: Classifier, texts: Sequence[str], named: Sequence[Sequence[str]]) -> list[str]:
    """For each aspect of each text its name, the clauses that speak of it, and the whole."""
    index = {name: at for at, name in enumerate(aspects.classes)}
    pieces = [[one for one in _PIECES.split(text) if len(one) >= _LEAST_LETTERS] or [text] for text in texts]
    ends = np.cumsum([len(one) for one in pieces])
    logits = aspects.logits([one for of_text in pieces for one in of_text])
    out = []
    for row, names in enumerate(named):
        own = logits[ends[row] - len(pieces[row]) : ends[row]]
        out += [_passage(name, pieces[row], own[:, index[name]] if name in index else own.max(axis=1), texts[row]) for name in names]
    return out


def _passage(name: str, pieces: Sequence[str], logits: NDArray[np.float64], text: str) -> str:
    near = np.flatnonzero(logits >= logits.max() - _NEAR)
    return f"{name}：" + "，".join(pieces[at] for at in near.tolist()) + "\n" + text
