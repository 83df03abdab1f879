"""Adapt the shipped reader to the language of a domain from its unlabelled texts: its surest own readings teach it the domain's words.

The reader, opinion words with their negation included, reads the texts; a student with the domain's own n-grams learns those readings,
each counted by how sure it is (Scudder 1965; Yarowsky, ACL 1995; soft labels as in Xie et al., "Self-training with Noisy Student", CVPR
2020); what it learnt is added to the heads of sentiment, as strong as the heads themselves, so that reading costs no more than before. The share of
praise is drawn half way to one half: a student left alone with a lopsided domain only learns which side is the larger.

Where the teacher is asked, the student is told its opinion instead: a regression over its vectors learns the reader's readings in the same
way. Texts that mean the same lie near each other there, so where the reader errs on one its neighbours outvote it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack
from scipy.special import expit

from huiyin.learning.classifier import drawn
from huiyin.learning.features import side_by_side
from huiyin.learning.sentiments import sentiment_of
from huiyin.learning.teacher import asking
from huiyin.text import Reader, heads, training
from huiyin.text.heads import Fitted

ROUNDS = 2
LEAST_TEXTS = 200
MOST_TEXTS = 100_000
MOST_TAUGHT = 6_000
"""Of more texts so many are shown to the teacher; of the others the student is told the reader's own readings."""
_STRENGTH = 1.0
_WIDE = 3.0
"""By how much the teacher's vectors are stretched: they stand close together."""
_REACH = 12.0


@dataclass(frozen=True, slots=True)
class Adapted:
    """The heads to be written, and what is known of the change."""

    fitted: dict[str, Fitted]
    combine: NDArray[np.float64]
    version: str
    texts: int
    changed: float
    """Share of the texts whose side is another one now."""
    praise: tuple[float, float]
    """Share of texts read as praise before and after."""
    taught: int = 0
    """How many texts the teacher read."""

    def save(self, folder: Path) -> None:
        """Write `heads.npz` into a folder that exists."""
        heads.save(folder / "heads.npz", self.fitted, self.combine, self.version)


def adapt(texts: Sequence[str], model: Path | None = None, teacher: str = "never", tell: asking.Tell = asking.quiet) -> Adapted | None:
    """A model adapted to `texts`; None where there are too few to learn from.

    `teacher`, one of `huiyin.learning.TEACHER`: whether it is asked for a second opinion; `tell` hears what it does.

    Raises:
        ModelError: `model` cannot be used; or `teacher` is `always` and it is not installed.
    """
    unique = sorted({text for text in texts if text.strip()})
    chosen = [unique[at] for at in drawn(unique, MOST_TEXTS)]
    if len(chosen) < LEAST_TEXTS:
        return None
    fitted, combine = heads.fitted(model)
    reader = Reader.load("general", model)
    read = logits(reader, chosen)
    lean, taught = _second_opinion(chosen, read, teacher, tell)
    matrix = side_by_side([training.features(chosen)])
    told, scale = lean.copy(), float(read.std())
    moved, shift = np.zeros(matrix.shape[1]), 0.0
    for _round in range(ROUNDS):
        weights, bias = _student(matrix, told)
        answers = np.asarray(matrix @ weights) + bias
        ratio = scale / max(float(answers.std()), 1e-9)
        moved, shift = weights * ratio, bias * ratio
        told = lean + answers * ratio
    toward = np.array([-0.5, 0.0, 0.5])
    fitted = heads.moved(fitted, toward[:, None] * moved[None, :], toward * shift)
    version = f"{heads.load(model).version}-adapted"
    praise = (float((read > 0).mean()), float((told > 0).mean()))
    changed = float(((told > 0) != (read > 0)).mean())
    return Adapted(fitted, combine, version, len(chosen), changed, praise, taught)


def _second_opinion(texts: Sequence[str], read: NDArray[np.float64], choice: str, tell: asking.Tell) -> tuple[NDArray[np.float64], int]:
    """What the student is told of each text: the teacher's opinion, as wide as the reader's, where it is asked; and how many it read."""
    rows = drawn(texts, MOST_TAUGHT)
    shown = [texts[at] for at in rows]
    teacher = asking.asked(choice, shown, tell)
    if teacher is None:
        return read, 0
    vectors = asking.read(teacher, shown, tell).astype(np.float64)
    vectors = _WIDE * (vectors - vectors.mean(axis=0))
    weights, bias = _student(csr_array(vectors), read[rows])
    said, lean = vectors @ weights + bias, read.copy()
    lean[rows] = said * float(read[rows].std()) / max(float(said.std()), 1e-9)
    return lean, len(rows)


def logits(reader: Reader, texts: Sequence[str]) -> NDArray[np.float64]:
    """How the reader leans on each text, as a logit; shape (N,)."""
    return np.asarray(np.clip(2.0 * np.arctanh(np.clip(sentiment_of(reader, texts), -0.999999, 0.999999)), -_REACH, _REACH))


def _student(matrix: csr_array, told: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """(weights, bias) of a logistic regression on both sides of every text, each side as heavy as it is likely and sure."""
    from sklearn.linear_model import LogisticRegression

    likely = expit(told)
    sure = np.abs(2.0 * likely - 1.0)
    up, down = likely * sure, (1.0 - likely) * sure
    share = float(up.sum() / max(up.sum() + down.sum(), 1e-9))
    goal = (share + 0.5) / 2.0
    up, down = up * goal / max(share, 1e-9), down * (1.0 - goal) / max(1.0 - share, 1e-9)
    weight = np.concatenate([up, down])
    side = np.concatenate([np.ones(len(told)), np.zeros(len(told))])
    both = side_by_side([csr_array(vstack([matrix, matrix]))])
    model = LogisticRegression(C=_STRENGTH, solver="liblinear", random_state=0).fit(both, side, sample_weight=weight / weight.mean())
    return model.coef_[0], float(model.intercept_[0])
