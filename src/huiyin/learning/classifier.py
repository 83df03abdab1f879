"""A classifier of whole texts that is trained from labels, kept in one file and read back."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, softmax

from huiyin.learning import few, stacking
from huiyin.learning.features import Features, Vocabulary, side_by_side
from huiyin.learning.few import Lesson
from huiyin.learning.scores import accuracy_and_macro, crossed, exclusive_scores, several_scores
from huiyin.learning.teacher import INSTALL, Vectors, missing
from huiyin.learning.teacher import NAME as TEACHER_NAME
from huiyin.learning.teacher.asking import Tell
from huiyin.text import ModelError

FORMAT = 1
FILE = "classifier.npz"
_WORTH = 0.003
"""By so much a model that reads the teacher's vectors has to be better, for it reads slowly."""
MOST_TEXTS = 200_000
"""Of more texts so many are learnt from, drawn by the hash of what they say."""
_BATCH = 5_000
_STEPS = np.arange(-8, 9) / 4.0
_FEW_CLASSES = 12
_GAIN = 5e-4
_MACRO = (0.1, 2 / 3)
"""Bounds of the weight of macro-F1, which is twice the share of the largest class less one."""


@dataclass(frozen=True, slots=True)
class Classifier:
    """`classes` (K) in the order of the columns. `exclusive`: each text has one; else any number, those whose logit is above 0."""

    task: str
    classes: tuple[str, ...]
    exclusive: bool
    features: Features
    weights: NDArray[np.float32]
    bias: NDArray[np.float64]
    learnt: dict[str, Any]
    """What it was trained on and what held-out folds say of it."""
    plain: Classifier | None = None
    """Of a model that reads with the teacher the one that learnt the same without; it stands in a file of its own beside it."""

    def logits(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Shape (N, K); the same for a text in any batch."""
        out = np.zeros((len(texts), len(self.classes)))
        for at in range(0, len(texts), _BATCH):
            blocks = self.features.blocks(texts[at : at + _BATCH])
            out[at : at + _BATCH] = side_by_side(blocks) @ self.weights + self.bias
        return out

    def probabilities(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Of each class; shape (N, K)."""
        logits = self.logits(texts)
        return np.asarray(softmax(logits, axis=1) if self.exclusive else expit(logits))

    def classify(self, texts: Sequence[str]) -> list[tuple[str, ...]]:
        """The classes of each text: exactly one where they exclude each other."""
        logits = self.logits(texts)
        if self.exclusive:
            return [(self.classes[at],) for at in logits.argmax(axis=1)]
        return [tuple(self.classes[at] for at in np.flatnonzero(row > 0)) for row in logits]

    def save(self, folder: Path, file: str = FILE) -> None:
        """Write the file, and that of `plain`, into a folder that exists."""
        header = {"format": FORMAT, "task": self.task, "classes": list(self.classes), "exclusive": self.exclusive, "learnt": self.learnt}
        parts: dict[str, Any] = {
            f"{name}_{part}": getattr(getattr(self.features, name), part) for name in ("chars", "words") for part in ("keys", "weight")
        }
        if self.features.centre is not None:
            header["teacher"] = TEACHER_NAME
            parts["centre"] = self.features.centre
        np.savez_compressed(
            folder / file,
            header=np.array(json.dumps(header, ensure_ascii=False)),
            weights=self.weights.astype(np.float16),
            bias=self.bias,
            **parts,
        )
        if self.plain is not None:
            self.plain.save(folder, _plain(file))
        else:
            (folder / _plain(file)).unlink(missing_ok=True)

    @classmethod
    def load(cls, folder: Path, file: str = FILE) -> Classifier:
        """Read it back.

        Raises:
            ModelError: there is none, it is damaged or of another format.
        """
        path = folder / file
        try:
            with np.load(path, allow_pickle=False) as stored:
                header = json.loads(str(stored["header"]))
                chars, words = (Vocabulary(stored[f"{name}_keys"], stored[f"{name}_weight"]) for name in ("chars", "words"))
                weights, bias = stored["weights"].astype(np.float32), stored["bias"]
                centre = stored["centre"] if "teacher" in header else None
            features, classes = Features(chars, words, centre), tuple(str(one) for one in header["classes"])
            if header["format"] != FORMAT or weights.shape != (sum(features.widths), len(classes)) or bias.shape != (len(classes),):
                raise ValueError(f"format {header['format']}, weights {weights.shape}")
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise ModelError(f"训练出的模型 {path} 读不了（{error}）", f"The trained model {path} cannot be read ({error})") from None
        plain = cls.load(folder, _plain(file)) if centre is not None and (folder / _plain(file)).exists() else None
        return cls(str(header["task"]), classes, bool(header["exclusive"]), features, weights, bias, dict(header["learnt"]), plain)


def _plain(file: str) -> str:
    """The name of the file of the same labels, learnt without the teacher's vectors."""
    return file.replace(".npz", "_plain.npz")


def readable(folder: Path, tell: Tell) -> Classifier:
    """The model of a folder; where the teacher it reads with is not installed, the one without, and `tell` hears of it.

    Raises:
        ModelError: there is none, it is damaged or of another format.
    """
    found = Classifier.load(folder)
    if found.plain is None or not (lacking := missing()):
        return found
    names = "、".join(lacking)
    tell(
        f"没有装教师模型（缺 {names}），用不靠它的那一份读，准确率略低；{INSTALL}",
        f"The teacher is not installed ({', '.join(lacking)} missing): the model without it reads, somewhat worse; {INSTALL}",
    )
    return found.plain


def with_teacher(plain: Classifier, texts: Sequence[str], labels: Sequence[Sequence[str]], taught: Vectors | None, required: bool) -> Classifier:
    """What `plain` learnt, learnt with the teacher's vectors of the texts, `taught`, too, if that reads held-out texts better or is `required`; else
    `plain` itself. Better is a higher mean of macro-F1 and accuracy, or micro-F1.
    """
    if taught is None:
        return plain
    careful = train(plain.task, texts, labels, plain.exclusive, taught=taught)
    found, before = careful.learnt["held_out"], plain.learnt["held_out"]
    gained = sum(found[name] - before[name] for name in found if name != "n") / 2
    return replace(careful, learnt=careful.learnt | {"reads_with": TEACHER_NAME}, plain=plain) if required or gained > _WORTH else plain


def train(
    task: str,
    texts: Sequence[str],
    labels: Sequence[Sequence[str]],
    exclusive: bool,
    rare: bool = True,
    lesson: Lesson | None = None,
    taught: Vectors | None = None,
) -> Classifier:
    """Learn from texts and their labels (of each text one, or any number); `rare` moves the borders so that rare classes are found too.

    With a `lesson` a student of the teacher is kept if it reads held-out texts better. With the teacher's vectors of the texts, `taught`, they
    are read beside the n-grams, and whoever uses the model needs the teacher too.
    """
    rows = drawn(texts, MOST_TEXTS)
    texts, labels = [texts[at] for at in rows], [labels[at] for at in rows]
    classes = tuple(sorted({label for one in labels for label in one}, key=_by_number))
    index = {name: at for at, name in enumerate(classes)}
    indicator = np.zeros((len(texts), len(classes)))
    for row, one in enumerate(labels):
        indicator[row, [index[label] for label in one]] = 1.0
    folds = fold_of(texts)
    features, blocks = Features.of(texts, None if taught is None else taught[rows])
    found = stacking.fit(blocks, indicator, folds, exclusive)
    shift = _shift(found.unseen, indicator, exclusive) if rare else np.zeros(len(classes))
    told: dict[str, Any] = {}
    if lesson is not None:
        other, student = _student(texts, replace(lesson, vectors=lesson.vectors[rows]), indicator, folds)
        moved = _shift(student.unseen, indicator, exclusive)
        better = _mean_figure(student.unseen + moved, indicator) > _mean_figure(found.unseen + shift, indicator)
        told = {"teacher": {"unlabelled": len(lesson.unlabelled), "student": better}}
        if better:
            features, found, shift = other, student, moved
    learnt = {
        "texts": len(texts),
        "per_class": {name: int(indicator[:, at].sum()) for name, at in index.items()},
        "held_out": _figures(found.unseen + shift, indicator, exclusive),
        "folds": stacking.FOLDS,
        **told,
    }
    return Classifier(task, classes, exclusive, features, found.weights.astype(np.float16).astype(np.float32), found.bias + shift, learnt)


def _student(texts: Sequence[str], lesson: Lesson, indicator: NDArray[np.float64], folds: NDArray[np.int64]) -> tuple[Features, stacking.Stacked]:
    features, blocks = Features.of([*texts, *lesson.unlabelled])
    return features, few.fit(side_by_side(blocks), lesson, indicator, folds)


def _mean_figure(logits: NDArray[np.float64], indicator: NDArray[np.float64]) -> float:
    """Mean of accuracy and macro-F1 of classes that exclude each other."""
    return float(np.mean(accuracy_and_macro(crossed(indicator.argmax(axis=1), logits.argmax(axis=1), indicator.shape[1]))))


def fold_of(texts: Sequence[str]) -> NDArray[np.int64]:
    """The part each text falls into when parts are held out: equal texts into one."""
    return np.array([zlib.crc32(text.encode("utf-8", "replace")) // 7 % stacking.FOLDS for text in texts], np.int64)


def drawn(texts: Sequence[str], most: int) -> list[int]:
    """Which rows to take, in order: all, or of more than `most` those whose texts hash lowest."""
    if len(texts) <= most:
        return list(range(len(texts)))
    hashed = np.array([zlib.crc32(text.encode("utf-8", "replace")) for text in texts])
    return [int(at) for at in np.sort(np.argsort(hashed, kind="stable")[:most])]


def _by_number(label: str) -> tuple[int, float, str]:
    """Labels that are numbers in their order, before the others."""
    try:
        return 0, float(label), label
    except ValueError:
        return 1, 0.0, label


# ---- where the borders between classes lie


def _shift(logits: NDArray[np.float64], indicator: NDArray[np.float64], exclusive: bool) -> NDArray[np.float64]:
    """What to add to each class's logit so that held-out texts are told apart best; rare classes need a little help.

    Where classes exclude each other best is a mean of accuracy and macro-F1, in which macro-F1 weighs the more the larger the largest
    class is, for accuracy then says little; else the F1 of each class by itself.
    """
    k = indicator.shape[1]
    if not exclusive:
        return np.array([_border(logits[:, at], indicator[:, at]) for at in range(k)])
    shift = np.zeros(k)
    if k > _FEW_CLASSES:
        return shift
    truth = indicator.argmax(axis=1)
    macro = float(np.clip(2.0 * indicator.mean(axis=0).max() - 1.0, *_MACRO))
    best = _worth(truth, logits.argmax(axis=1), k, macro)
    for at in (*range(k), *range(k)):
        tried = [(step, _worth(truth, (logits + shift + step * (np.arange(k) == at)).argmax(axis=1), k, macro)) for step in _STEPS]
        step, worth = max(tried, key=lambda one: (one[1], -abs(one[0])))
        if worth > best + _GAIN:
            shift[at] += step
            best = worth
    return shift


def _worth(truth: NDArray[np.int64], said: NDArray[np.int64], classes: int, macro: float) -> float:
    """Accuracy and macro-F1, the latter weighing `macro`."""
    accuracy, macro_f1 = accuracy_and_macro(crossed(truth, said, classes))
    return (1 - macro) * accuracy + macro * macro_f1


def _border(logits: NDArray[np.float64], truth: NDArray[np.float64]) -> float:
    """The shift of one class's logit with the highest F1; each step is smoothed over its neighbours, for a single peak is chance."""
    if truth.sum() < 1:
        return 0.0
    f1 = np.array([2 * truth[logits + step > 0].sum() / max(float((logits + step > 0).sum() + truth.sum()), 1.0) for step in _STEPS])
    smooth = np.convolve(np.pad(f1, 1, mode="edge"), [0.25, 0.5, 0.25], mode="valid")
    return float(_STEPS[int(smooth.argmax())])


def _figures(logits: NDArray[np.float64], indicator: NDArray[np.float64], exclusive: bool) -> dict[str, float]:
    if exclusive:
        found = exclusive_scores(indicator.argmax(axis=1), logits.argmax(axis=1), [str(at) for at in range(indicator.shape[1])])
        return {"accuracy": found["accuracy"], "macro_f1": found["macro_f1"], "n": found["n"]}
    found = several_scores(indicator > 0, logits > 0, [str(at) for at in range(indicator.shape[1])])
    return {"micro_f1": found["micro_f1"], "macro_f1": found["macro_f1"], "n": found["n"]}
