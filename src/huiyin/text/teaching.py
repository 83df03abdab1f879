"""Teach a model by what people corrected: a residual on its sentiment head, and a head that places opinions where words cannot.

The weights start from those of the shipped model and are moved by as little as explains the corrections: L2-penalised multinomial
regression on the change alone, over the same hashed n-grams. How far they may move is chosen by end-to-end readings of corrections left
out in turn, voices of one customer always together. Examples of the taxonomies and voices that nobody corrected are learnt along, as they
were read before, so that what the corrections do not speak of is not forgotten. Three customers in ten are never learnt from: on their
voices the model before and the one after are read against what people said, and the candidate is refused where it got worse, or no longer
reads plain sentences. The same lessons give the same model, bit for bit.

Residual adaptation of linear classifiers: Chelba & Acero, "Adaptation of maximum entropy capitalizer", EMNLP 2004; keeping what was known:
Li & Hoiem, "Learning without forgetting", ECCV 2016. Paired bootstrap over customers: Field & Welsh, JRSS B 2007.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack
from scipy.special import softmax

from huiyin.text import heads as model_files
from huiyin.text import placing, plain
from huiyin.text.heads import NEVER, Fitted, Heads
from huiyin.text.reader import Reader
from huiyin.text.reading import Reading
from huiyin.text.training import class_weights, features, residual

HELD = 3
"""Of ten customers, so many are never learnt from; they are those of `unit % 10 < HELD`."""
LEAST_LESSONS, LEAST_HELD = 20, 30
_STRENGTHS = (1.0, 5.0, 25.0)
_FOLDS = 5
_LEAST_ASPECT = 6
_KEPT_WEIGHT = 0.5
_ALIKE, _NEARLY = 0.4, 0.95
OTHER = "*"
"""The class of what the head for aspects leaves as it is."""
_PIECES = re.compile(r"[，。！？；、,.!?;\n]+")
_MOST_ASPECTS = 22
"""With them and `OTHER` the matrix has 32 columns, which are summed as fast as 17."""
_PLACING_STRENGTH = 3.0
_LEAST_GAIN = 3
_ANCHORS_LOST = _TRIFLE = 0.02
_DRAWS, _SEED = 2000, 20262
Verdict = Literal["better", "unclear", "worse", "anchors", "nothing", "too_few"]


class Lesson(NamedTuple):
    """What a person said of one opinion. `polarity` −1, 0, 1 or None where she did not say; `aspect` a path, "" for none, None: not said."""

    feedback_id: str
    text: str
    start: int
    end: int
    polarity: int | None
    aspect: str | None
    unit: int
    """The customer as a number."""


@dataclass(frozen=True, slots=True)
class Score:
    """How many of `n` held-out opinions were read as people said, before and after; difference of the shares with its 95 % interval."""

    n: int
    before: int
    after: int
    low: float
    high: float

    @property
    def enough(self) -> bool:
        """Whether it may be shown and decide."""
        return self.n >= LEAST_HELD


@dataclass(frozen=True, slots=True)
class Taught:
    """A candidate and what it is worth. `fitted` is None where there is nothing to try."""

    verdict: Verdict
    version: str
    lessons: dict[str, int]
    """How many were learnt from, by class: negative, neutral, positive, and `aspect` in all."""
    polarity: Score
    aspect: Score
    anchors: tuple[int, int, int]
    """Plain sentences read rightly before and after, and how many there are."""
    strength: float
    placing: tuple[float, float]
    fitted: dict[str, Fitted] | None
    combine: NDArray[np.float64]

    @property
    def acceptable(self) -> bool:
        """Whether a person may take it into use."""
        return self.verdict in ("better", "unclear")

    def save(self, folder: Path) -> None:
        """Write `heads.npz` into a folder that exists."""
        if self.fitted is None:
            raise ValueError("there is no candidate")
        model_files.save(folder / "heads.npz", self.fitted, self.combine, self.version, self.placing)


def version_of(lessons: Sequence[Lesson], base: str) -> str:
    """The name of the model that these lessons make of `base`: equal lessons, equal name.

    >>> one = Lesson("a", "很好", 0, 2, 1, None, 7)
    >>> version_of([one], "2026.11") == version_of([one, one], "2026.11"), version_of([], "2026.11")[:8]
    (True, '2026.11.')
    """
    said = "\n".join(sorted({repr(tuple(one)) for one in lessons}))
    return f"{base}.{hashlib.sha256(said.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def teach(lessons: Sequence[Lesson], taxonomy: str | Path, now: Path | None = None, background: Sequence[str] = ()) -> Taught:
    """Make a candidate from all lessons and the shipped model, and score it against the model in `now` (None: the shipped one).

    `background` are texts that nobody corrected; they are to be read as before.

    Raises:
        TaxonomyError, ModelError: what is read with cannot be loaded.
    """
    unique = sorted(set(lessons), key=lambda one: (one.feedback_id, one.start, one.end, repr(one)))
    base, combine = model_files.fitted()
    before = Reader.load(taxonomy, now)
    shipped = Reader.load(taxonomy)
    learnt = [one for one in unique if one.unit % 10 >= HELD]
    held = [one for one in unique if one.unit % 10 < HELD]
    version = version_of(unique, model_files.load().version)
    counted = _counted(learnt)
    old = _Answers.of(before, held)
    if len(learnt) < LEAST_LESSONS or max(_said(held)) < LEAST_HELD:
        same = (_score(held, old, old, "polarity"), _score(held, old, old, "aspect"))
        return Taught("too_few", version, counted, *same, (0, 0, 0), 0.0, NEVER, None, combine)
    kept = _pieces([*background, *plain.examples()])
    strength, moved = _sentiment(learnt, kept, base, combine, shipped, version)
    thresholds, aspect = _aspect_head(learnt, kept, shipped)
    fitted = {**moved, **({placing.HEAD: aspect} if aspect else {})}
    after = shipped.with_heads(model_files.assembled(fitted, combine, version, thresholds))
    new = _Answers.of(after, held)
    scores = _score(held, old, new, "polarity"), _score(held, old, new, "aspect")
    anchors = (plain.anchored(before), plain.anchored(after), sum(len(texts) for texts in plain.anchors().values()))
    verdict = _verdict(scores, anchors, bool(strength) or aspect is not None)
    return Taught(verdict, version, counted, *scores, anchors, strength, thresholds, fitted, combine)


def _verdict(scores: tuple[Score, Score], anchors: tuple[int, int, int], changed: bool) -> Verdict:
    if not changed:
        return "nothing"
    if anchors[0] - anchors[1] > _ANCHORS_LOST * anchors[2]:
        return "anchors"
    surely = [one.enough and one.low > 0 for one in scores]
    for one, other_gains in zip(scores, reversed(surely), strict=True):
        # One label may lose a trifle that is within chance where the other surely gains.
        if one.after < one.before and not (other_gains and one.high >= 0 and one.before - one.after <= _TRIFLE * one.n):
            return "worse"
    return "better" if any(surely) else "unclear"


def _counted(lessons: Sequence[Lesson]) -> dict[str, int]:
    names = {-1: "negative", 0: "neutral", 1: "positive"}
    found = {name: sum(one.polarity == side for one in lessons) for side, name in names.items()}
    return {**found, "aspect": sum(one.aspect is not None for one in lessons), "all": len(lessons)}


def _said(lessons: Sequence[Lesson]) -> tuple[int, int]:
    return sum(one.polarity is not None for one in lessons), sum(one.aspect is not None for one in lessons)


# ---- what a reader answers at the places of lessons


@dataclass(frozen=True, slots=True)
class _Answers:
    """Row i: what is read where lesson i stands; where no opinion is read, that is neutral and of no known aspect (None)."""

    polarity: NDArray[np.int64]
    aspect: list[str | None]

    @classmethod
    def of(cls, reader: Reader, lessons: Sequence[Lesson]) -> _Answers:
        texts = list(dict.fromkeys(one.text for one in lessons))
        row_of = {text: row for row, text in enumerate(texts)}
        reading = reader.read(texts)
        at = _nearest(reading, np.array([row_of[one.text] for one in lessons], np.int64), lessons)
        paths = [*reading.taxonomy.paths, ""]
        aspects = reading.mentions.aspect
        read = reading.mentions.polarity.astype(np.int64)
        polarity = np.where(at >= 0, read[np.maximum(at, 0)] if len(read) else 0, 0)
        return cls(polarity, [paths[aspects[one]] if one >= 0 else None for one in at.tolist()])


def _nearest(reading: Reading, rows: NDArray[np.int64], lessons: Sequence[Lesson]) -> NDArray[np.int64]:
    """The mention that overlaps each lesson's span most, the earlier of equals; −1 where none does. Shape (lessons,)."""
    first, last = (np.searchsorted(reading.mention_text, rows, side) for side in ("left", "right"))
    start = reading.mentions.start - reading.mention_offset
    end = reading.mentions.end - reading.mention_offset
    counts = last - first
    pair_lesson = np.repeat(np.arange(len(lessons)), counts)
    pair_mention = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(first, counts)
    spans = np.array([(one.start, one.end) for one in lessons], np.int64).reshape(len(lessons), 2)
    overlap = np.minimum(end[pair_mention], spans[pair_lesson, 1]) - np.maximum(start[pair_mention], spans[pair_lesson, 0])
    found = np.full(len(lessons), -1, np.int64)
    order = np.lexsort((-pair_mention, overlap))
    order = order[overlap[order] > 0]
    found[pair_lesson[order]] = pair_mention[order]
    return found


def _right(lessons: Sequence[Lesson], answers: _Answers, kind: str) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """(said, right) of each lesson."""
    said = np.array([getattr(one, kind) is not None for one in lessons], bool)
    given = answers.polarity.tolist() if kind == "polarity" else answers.aspect
    right = np.array([getattr(one, kind) == answer for one, answer in zip(lessons, given, strict=True)], bool)
    return said, said & right


def _score(lessons: Sequence[Lesson], old: _Answers, new: _Answers, kind: str) -> Score:
    """Both models on the same opinions; customers are drawn anew for the interval."""
    said, before = _right(lessons, old, kind)
    _said, after = _right(lessons, new, kind)
    n = int(said.sum())
    if not n:
        return Score(0, 0, 0, 0.0, 0.0)
    _units, group = np.unique(np.array([one.unit for one in lessons])[said], return_inverse=True)
    change = np.bincount(group, after[said].astype(np.float64) - before[said])
    size = np.bincount(group).astype(np.float64)
    draws = np.random.default_rng(_SEED).multinomial(len(size), np.full(len(size), 1 / len(size)), _DRAWS)
    low, high = np.percentile((draws @ change) / np.maximum(draws @ size, 1), [2.5, 97.5])
    return Score(n, int(before.sum()), int(after.sum()), float(low), float(high))


# ---- sentiment


def _pieces(texts: Sequence[str]) -> list[str]:
    """The clauses of texts, each once, in order."""
    return sorted({piece.strip() for text in texts for piece in _PIECES.split(text)} - {""})


def _unlike(kept: Sequence[str], corrected: csr_array) -> list[str]:
    """The clauses that do not say what people corrected: those must not be held to the old reading."""
    if not kept or not corrected.shape[0]:
        return list(kept)
    found, most = features(kept), np.zeros(len(kept))
    size, other = (np.sqrt(np.asarray(one.multiply(one).sum(axis=1)).ravel()) for one in (found, corrected))
    for at in range(0, len(kept), 1000):
        cosines = np.asarray((found[at : at + 1000] @ corrected.T).todense()) / np.maximum(size[at : at + 1000, None] * other[None, :], 1e-9)
        most[at : at + 1000] = cosines.max(axis=1)
    return [one for one, alike in zip(kept, most.tolist(), strict=True) if alike < _ALIKE]


def _sentiment(
    lessons: Sequence[Lesson], kept: Sequence[str], base: dict[str, Fitted], combine: NDArray[np.float64], reader: Reader, version: str
) -> tuple[float, dict[str, Fitted]]:
    """(strength, heads): the strength that reads left-out lessons best, 0 and the heads as they were where none reads them better."""
    taught = [one for one in lessons if one.polarity is not None]
    sides = np.array([(one.polarity or 0) + 1 for one in taught], np.int64)
    if len(taught) < LEAST_LESSONS or len(np.unique(sides)) < 2:
        return 0.0, base
    own = features([one.text[one.start : one.end] for one in taught])
    kept = _unlike(kept, own[_right(taught, _Answers.of(reader, taught), "polarity")[1] == 0])
    matrix, active = csr_array(vstack([own, features(kept)])), np.unique(own.indices)
    _classes, coefficients, intercepts = base.get(model_files.CLAUSE, base[model_files.SENTIMENT])
    offset = np.asarray(matrix @ coefficients.T) + intercepts
    target = np.concatenate([np.eye(3)[sides], softmax(offset[len(taught) :], axis=1)])
    weight = np.concatenate([class_weights(sides, 3), np.full(len(kept), _KEPT_WEIGHT)])
    fold = np.concatenate([[one.unit // 10 % _FOLDS for one in taught], np.full(len(kept), _FOLDS)])

    def moved(rows: NDArray[np.bool_], strength: float) -> dict[str, Fitted]:
        change, shift = residual(matrix[rows], offset[rows], target[rows], weight[rows], strength, active, shifts=False)
        return model_files.moved(base, change, shift)

    now = int(_right(taught, _Answers.of(reader, taught), "polarity")[1].sum())
    gains = []
    for strength in _STRENGTHS:
        right = 0
        for out in np.unique(fold[: len(taught)]):
            heads = moved(fold != out, strength)
            left = [one for one, where in zip(taught, fold, strict=False) if where == out]
            trial = reader.with_heads(model_files.assembled(heads, combine, version))
            right += int(_right(left, _Answers.of(trial, left), "polarity")[1].sum())
        gains.append(right - now)
    if max(gains) < _LEAST_GAIN:
        return 0.0, base
    # The least movement that reads nearly as well as the best.
    best = next(at for at, gain in enumerate(gains) if gain >= _NEARLY * max(gains))
    return _STRENGTHS[best], moved(fold >= 0, _STRENGTHS[best])


# ---- aspects


def _aspect_head(lessons: Sequence[Lesson], kept: Sequence[str], reader: Reader) -> tuple[tuple[float, float], Fitted | None]:
    """(thresholds, head) for aspects; no head where it would not place left-out lessons better than the taxonomy's words."""
    taught = [one for one in lessons if one.aspect is not None]
    paths, counts = np.unique(np.array([one.aspect or "" for one in taught], str), return_counts=True)
    known = [str(paths[at]) for at in np.lexsort((paths, -counts)) if counts[at] >= _LEAST_ASPECT][:_MOST_ASPECTS]
    if not known or len(taught) < LEAST_LESSONS:
        return NEVER, None
    names = [*known, OTHER]
    read = _Answers.of(reader, taught).aspect
    untouched = _Answers.of(reader, [Lesson("", one, 0, len(one), None, None, 0) for one in kept]).aspect
    said = [one.aspect for one in taught] + [OTHER if one == "" else one for one in untouched]
    target = np.array([names.index(one) if one in known else len(known) for one in said], np.int64)
    own = features([one.text[one.start : one.end] for one in taught])
    matrix, active = csr_array(vstack([own, features(kept)])), np.unique(own.indices)
    weight = np.concatenate([class_weights(target[: len(taught)], len(names)), np.full(len(kept), min(1.0, len(taught) / len(kept)))])
    fold = np.concatenate([[one.unit // 10 % _FOLDS for one in taught], np.full(len(kept), _FOLDS)])
    offset, wanted = np.zeros((len(said), len(names))), np.eye(len(names))[target]

    def fit(rows: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return residual(matrix[rows], offset[rows], wanted[rows], weight[rows], _PLACING_STRENGTH, active)

    probabilities = np.zeros((len(taught), len(names)))
    for out in np.unique(fold[: len(taught)]):
        change, shift = fit(fold != out)
        left = np.flatnonzero(fold == out)
        probabilities[left] = softmax(np.asarray(matrix[left] @ change.T) + shift, axis=1)
    thresholds = _thresholds(probabilities, target[: len(taught)], names, read)
    if thresholds == NEVER:
        return NEVER, None
    return thresholds, (tuple(names), *fit(fold >= 0))


def _thresholds(
    probabilities: NDArray[np.float64], target: NDArray[np.int64], names: Sequence[str], read: Sequence[str | None]
) -> tuple[float, float]:
    """For unplaced and for placed opinions the probability from which on acting gains most; never where it gains too little."""
    best = probabilities.argmax(axis=1)
    sure = probabilities[np.arange(len(best)), best]
    differs = np.array([one is not None and names[at] not in (one, OTHER) for at, one in zip(best, read, strict=True)], bool)
    # What `OTHER` stands for is known to be something that the head cannot say: acting on it is at best no loss.
    was_right = np.array([names[at] == one for at, one in zip(target, read, strict=True)], bool)
    gain = (best == target).astype(np.int64) - was_right
    empty = np.array([one == "" for one in read], bool)
    found = []
    for group in (differs & empty, differs & ~empty):
        at = np.flatnonzero(group)
        at = at[np.lexsort((at, -sure[at]))]
        total = np.cumsum(gain[at])
        found.append(float(sure[at[int(total.argmax())]]) if len(at) and total.max() >= _LEAST_GAIN else NEVER[0])
    return found[0], found[1]


def heads_of(taught: Taught) -> Heads:
    """The candidate's heads, without a file."""
    if taught.fitted is None:
        raise ValueError("there is no candidate")
    return model_files.assembled(taught.fitted, taught.combine, taught.version, taught.placing)
