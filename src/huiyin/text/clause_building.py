"""The head that judges clauses: the head of whole texts, moved by clauses that were labelled one by one.

A head learnt from whole reviews never saw a clause that judges nothing, and takes the label of a review for that of each of its clauses. So
clauses of the same sources were labelled by themselves, most of them chosen because the reader doubted them (Lewis & Gale, SIGIR 1994), and
short sentences were written for the project. `training/clauses.tsv` holds for each labelled clause the hash of its letters, its label and its
source, and no text: what hashes alike is found again where the data sets are. The move is the least that explains the labels (Chelba &
Acero, EMNLP 2004); rare classes count for more, half way to as much as the others.

Labels of some ten thousand clauses do not show the head every way of saying a thing. So an encoder that was tuned to them told what it thinks
of two hundred thousand more (`training/teach.py`; `training/taught.npz` holds hashes and probabilities), and the head learns those opinions
too, each for less than a label (Hinton, Vinyals & Dean, 2015).
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from huiyin.text import polarity, training
from huiyin.text.cleaning import clean
from huiyin.text.codepoints import encode, fold
from huiyin.text.cues import opinion_cues
from huiyin.text.datasets import rows
from huiyin.text.heads import Fitted
from huiyin.text.training import Labelled

LABELS = {"-": "negative", "0": "neutral", "+": "positive"}
WRITTEN, PHONES = "written", "phone_dialogue"
_STRENGTH = 3.0
_TAUGHT = 0.3
"""What an opinion of the encoder counts for beside a label."""
_WARY = 0.2
"""By so much blame is nearer and praise farther than the labels say: to miss a complaint costs more. Chosen so that on six lines of products, never
trained on, as many complaints are found as before there was this head (.740), and more praise (.888 for .880)."""
_SOURCES = (
    ("makeup", "zh_ecommerce_asqp/makeup_reviews", "Reviews"),
    ("laptop", "zh_ecommerce_asqp/laptop_unlabelled", "Reviews"),
    ("phone_reviews", "zh_phone_reviews_dated/reviews", "content"),
    ("tourism", "zh_tourism_reviews/reviews_2018_2019", "content"),
    ("government", "zh_gov_hotline/messages_unlabelled", "content"),
)
_BATCH = 5_000
_LONGEST = 45
_SHORTEST = 3
_STOPS = frozenset("，。！？；、,.!?;~…")


class Taught(NamedTuple):
    """Clauses without a label, how likely the encoder thinks each side of each, shape (N, 3) in the order of `LABELS`, and their sources."""

    texts: list[str]
    likely: NDArray[np.float64]
    groups: list[str]

    def without(self, groups: Collection[str]) -> Taught:
        """Those of other sources."""
        kept = [at for at, group in enumerate(self.groups) if group not in groups]
        return Taught([self.texts[at] for at in kept], self.likely[kept], [self.groups[at] for at in kept])


class Lessons(NamedTuple):
    """All that the head for clauses is learnt from, and how many labels found no clause."""

    labelled: list[Labelled]
    taught: Taught
    missed: int


def key(clause: str) -> str:
    """What stands for a clause in `training/clauses.tsv`."""
    return hashlib.sha256(clause.encode("utf-8", "surrogatepass")).hexdigest()[:14]


def clauses(texts: Sequence[str]) -> Iterator[str]:
    """The clauses of texts, as the reader cuts them."""
    for first in range(0, len(texts), _BATCH):
        cleaned = [clean(text).text for text in texts[first : first + _BATCH]]
        folded = fold(encode(cleaned))
        _hits, pieces, _opinions = polarity.opined(folded, opinion_cues())
        start, end = (bound - folded.starts[pieces.text] for bound in (pieces.start, pieces.end))
        for text, begin, stop in zip(pieces.text.tolist(), start.tolist(), end.tolist(), strict=True):
            if _SHORTEST <= stop - begin <= _LONGEST + 2:
                yield cleaned[text][begin:stop].strip()


def sources(data: Path) -> Iterator[tuple[str, str]]:
    """(text, source) of texts that clauses come from, beside those that the head of texts is trained on."""
    for source, file, column in _SOURCES:
        for row in rows(data, file):
            yield row[column], source


def lessons(texts: Sequence[str], data: Path, folder: Path) -> Lessons:
    """What `folder` tells of the clauses of `data`. `texts` are those that the head of texts is trained on."""
    with (folder / "clauses.tsv").open(encoding="utf-8", newline="") as file:
        known = {row["key"]: row for row in csv.DictReader(file, delimiter="\t")}
    keys, likely, groups = _opinions(folder / "taught.npz")
    places = {one: at for at, one in enumerate(keys)}
    found, told = [*_written(folder), *_phones(data)], dict[int, str]()
    for clause in clauses([*texts, *(text for text, _source in sources(data))]):
        hashed = key(clause)
        row = known.pop(hashed, None)
        if row is not None:
            found.append(Labelled(clause, LABELS[row["label"]], row["group"]))
        elif (place := places.pop(hashed, None)) is not None:
            told[place] = clause
    order = sorted(told)
    taught = Taught([told[at] for at in order], likely[order], [groups[at] for at in order])
    return Lessons(sorted(set(found)), taught, len(known))


def _opinions(path: Path) -> tuple[list[str], NDArray[np.float64], list[str]]:
    """Keys of clauses, how likely each side of each is, and their sources; none before the encoder was asked for the first time."""
    if not path.exists():
        return [], np.zeros((0, len(LABELS))), []
    with np.load(path, allow_pickle=False) as stored:
        names = stored["groups"]
        return [f"{one:014x}" for one in stored["keys"].tolist()], stored["likely"] / 255.0, names[stored["group"]].tolist()


def _written(folder: Path) -> Iterator[Labelled]:
    for label in LABELS.values():
        for line in (folder / f"written_{label}.txt").read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield Labelled(line.strip(), label, WRITTEN)


def _phones(data: Path) -> Iterator[Labelled]:
    """Clauses of a forum's talk about phones in which every marked opinion goes the same way."""
    sides = {"pos": "positive", "neg": "negative", "neu": "neutral"}
    with gzip.open(data / "zh_phone_dialogue_diaasq/train.json.gz", "rt", encoding="utf-8") as file:
        talks = json.load(file)
    for talk in talks:
        words = [(word, number) for number, sentence in enumerate(talk["sentences"]) for word in sentence.split()]
        clause, at = [0] * len(words), 0
        for place, (word, number) in enumerate(words):
            at += place > 0 and number != words[place - 1][1]
            clause[place] = at
            at += word in _STOPS
        said: dict[int, set[str]] = {}
        for marked in talk["triplets"]:
            for place in range(max(marked[4], 0), max(marked[5], 0)):
                said.setdefault(clause[place], set()).add(marked[6])
        for at, how in sorted(said.items()):
            text = _joined([word for (word, _number), where in zip(words, clause, strict=True) if where == at and word not in _STOPS])
            if len(how) == 1 and how <= set(sides) and _SHORTEST <= len(text) <= _LONGEST:
                yield Labelled(text, sides[next(iter(how))], PHONES)


def _joined(words: Sequence[str]) -> str:
    """Words put together as people write them: a space only between two in Latin letters or digits."""
    out = ""
    for word in words:
        apart = out and out[-1].isascii() and out[-1].isalnum() and word[0].isascii() and word[0].isalnum()
        out += f" {word}" if apart else word
    return out


def fit(sentiment: Fitted, found: Sequence[Labelled], taught: Taught | None = None) -> Fitted:
    """The head for clauses: that of texts, moved by labels and by what was `taught`."""
    classes, coefficients, intercepts = sentiment
    side = np.array([classes.index(one.label) for one in found], np.int64)
    weight = np.sqrt(len(found) / (len(classes) * np.bincount(side, minlength=len(classes))))[side]
    target, texts = np.eye(len(classes))[side], [one.text for one in found]
    if taught is not None:
        target = np.concatenate([target, taught.likely[:, [tuple(LABELS.values()).index(name) for name in classes]]])
        weight, texts = np.concatenate([weight, np.full(len(taught.texts), _TAUGHT)]), [*texts, *taught.texts]
    matrix = training.features(texts)
    offset = np.asarray(matrix @ coefficients.T) + intercepts
    change, shift = training.residual(matrix, offset, target, weight, _STRENGTH)
    wary = np.array([{"negative": _WARY, "positive": -_WARY}.get(name, 0.0) for name in classes])
    return classes, coefficients + change, intercepts + shift + wary
