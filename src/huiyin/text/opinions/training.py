"""Train a model that reads opinions, from labelled texts and the shipped words; needs NumPy and SciPy only.

The same records in the same order give the same model.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from huiyin.text.codepoints import CodePoints, encode, fold
from huiyin.text.errors import TextError
from huiyin.text.opinions import crf, features, judging, pairing, tagging, words
from huiyin.text.opinions.crf import OPINION, OUTSIDE, TARGET, Settings
from huiyin.text.opinions.judging import Head
from huiyin.text.opinions.model import OpinionModel
from huiyin.text.opinions.pairing import Pairs
from huiyin.text.opinions.records import Record
from huiyin.text.opinions.words import Cut, Words

LEAST = 20
"""Fewer labelled texts teach nothing."""


EAGER = (0.5, 0.4)
"""Added to the score of every beginning of a target and of an opinion: at the likeliest tags, what is doubtful stays unsaid."""
EAGER_ABROAD = (1.3, 0.5)
"""Added besides where the word was hardly met in training. What is left unsaid differs by product line (面膜很好用 names no target,
屏幕很清晰 does): a field taught on one line stays silent about the things of another. See docs/reference/opinions.md for the figures."""
_MET = 4
"""A word that occurs so often in the training texts is familiar."""


class TrainingError(TextError):
    """Records that no model can be taught from."""


def train(records: Sequence[Record], version: str = "own", settings: Settings | None = None, strength: float = 0.5) -> OpinionModel:
    """A model taught by `records`; `strength` is the inverse L2 strength of the heads.

    Raises:
        TrainingError: fewer than `LEAST` records hold an opinion.
    """
    taught = sum(bool(record.opinions) for record in records)
    if taught < LEAST:
        raise TrainingError(
            f"只有 {taught} 条文本标了观点，至少要 {LEAST} 条", f"Only {taught} texts have labelled opinions, at least {LEAST} are needed"
        )
    known, folded = words.shipped(), fold(encode([record.text for record in records]))
    cut = known.cut(folded.codes)
    tagger = _tagger(known, records, settings or Settings())
    chosen = pairing.train(folded, cut, known, pairing.gold_spans(records, folded), records)
    return OpinionModel(tagger, chosen, _heads(folded, cut, known, records, strength), version)


def _tagger(known: Words, records: Sequence[Record], settings: Settings) -> tagging.Tagger:
    folded = fold(encode([record.text for record in records]))
    cut = known.cut(folded.codes)
    met = np.bincount(cut.word[(cut.start == np.arange(len(cut.word))) & (cut.word >= 0)], minlength=len(known.phrases)) >= _MET
    rows = features.rows(folded, cut, features.with_familiar(known, met))
    weights, moves = crf.train(rows, folded.starts, tags(records, folded), settings)
    abroad = features.unfamiliar_buckets()
    for first, bonus, more in ((TARGET, EAGER[0], EAGER_ABROAD[0]), (OPINION, EAGER[1], EAGER_ABROAD[1])):
        begins = [first, first + 3]
        moves[:, begins] += bonus
        weights[np.ix_(abroad, [tag - 1 for tag in begins])] += np.float32(more)
    return tagging.Tagger(known, met, *tagging.quantised(weights, moves))


def tags(records: Sequence[Record], folded: CodePoints) -> NDArray[np.int8]:
    """The tag of each position; where two labelled spans overlap the longer one counts."""
    out = np.zeros(len(folded.codes), np.int8)
    for row, record in enumerate(records):
        spans = {(span, kind) for one in record.opinions for span, kind in ((one.target, TARGET), (one.opinion, OPINION)) if span}
        for (start, end), kind in sorted(spans, key=lambda one: (one[0][0] - one[0][1], one)):
            first, last = int(folded.starts[row]) + start, int(folded.starts[row]) + end
            if (out[first:last] != OUTSIDE).any():
                continue
            out[first:last] = kind + 1
            out[first], out[last - 1] = (kind, kind + 2) if last - first > 1 else (kind + 3, kind + 3)
    return out


def _heads(folded: CodePoints, cut: Cut, known: Words, records: Sequence[Record], strength: float) -> dict[str, Head]:
    pairs, aspects, polarities = _labelled(records, folded)
    rows = judging.rows(folded, cut, known, pairs)
    found = {}
    for name, labels in (("aspect", aspects), ("polarity", polarities)):
        told = np.array([label is not None for label in labels], dtype=bool)
        if told.any():
            found[name] = judging.train(rows[told], [label for label in labels if label is not None], strength)
    return found


def _labelled(records: Sequence[Record], folded: CodePoints) -> tuple[Pairs, list[str | None], list[str | None]]:
    """The labelled opinions as pairs in reading order, with their aspects and polarities."""
    table, aspects, polarities = [], [], []
    for row, record in enumerate(records):
        begin = int(folded.starts[row])
        for one in sorted(record.opinions, key=lambda one: one.opinion or one.target or (0, 0)):
            places = [(span[0] + begin, span[1] + begin) if span else (-1, -1) for span in (one.target, one.opinion)]
            table.append((row, *places[0], *places[1]))
            aspects.append(one.aspect)
            polarities.append(one.polarity)
    first, second, third, fourth, fifth = np.array(table, dtype=np.int64).reshape(-1, 5).T.copy()
    return Pairs(first, second, third, fourth, fifth, np.zeros(len(table))), aspects, polarities
