"""A model that reads opinions: trained from labelled texts, kept as one file, used on batches."""

from __future__ import annotations

import functools
import json
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huiyin.text.codepoints import CodePoints, encode, fold
from huiyin.text.heads import ModelError
from huiyin.text.opinions import crf, features, judging, metrics, pairing, tagging, words
from huiyin.text.opinions.judging import Head
from huiyin.text.opinions.pairing import Pairs
from huiyin.text.opinions.records import Opinion, Record
from huiyin.text.opinions.words import Cut, Words

FORMAT = 1
FILE = "opinions.npz"
_HEADS = ("aspect", "polarity")
_LETTERS = 1_000_000
"""So many characters are read at once."""


@dataclass(frozen=True, slots=True)
class OpinionModel:
    """Tagger, pairing and heads. A head is missing where the training records did not tell its labels."""

    tagger: tagging.Tagger
    pairing: NDArray[np.int16]
    heads: dict[str, Head]
    version: str = ""

    def read(self, texts: Sequence[str]) -> list[Record]:
        """The opinions of each text; ids are the numbers of the texts, offsets are those of the texts as given. Never raises on a text."""
        found: list[Record] = []
        for first, last in _chunks(texts):
            found += self._read(texts[first:last], first)
        return found

    def pairs(self, folded: CodePoints) -> Pairs:
        """Targets and opinions of a batch of folded texts, without aspect and polarity."""
        return self._pairs(folded, self.tagger.words.cut(folded.codes))

    def _pairs(self, folded: CodePoints, cut: Cut) -> Pairs:
        return pairing.pair(folded, cut, self.tagger.words, self.tagger.spans(folded, cut), self.pairing)

    def _read(self, texts: Sequence[str], number: int) -> list[Record]:
        folded = fold(encode(texts))
        cut = self.tagger.words.cut(folded.codes)
        pairs = self._pairs(folded, cut)
        rows = judging.rows(folded, cut, self.tagger.words, pairs)
        named = {name: [head.classes[answer] for answer in head.answers(rows).tolist()] for name, head in self.heads.items()}
        missing: list[str | None] = [None] * len(pairs)
        opinions: list[list[Opinion]] = [[] for _ in texts]
        shift = folded.starts[pairs.text]
        spans = np.stack([pairs.target_start, pairs.target_end, pairs.opinion_start, pairs.opinion_end]) - shift
        explicit, worded = (pairs.target_start >= 0).tolist(), (pairs.opinion_start >= 0).tolist()
        for text, a, b, c, d, has_target, has_words, aspect, polarity in zip(
            pairs.text.tolist(), *spans.tolist(), explicit, worded, named.get("aspect", missing), named.get("polarity", missing), strict=True
        ):
            opinions[text].append(Opinion((a, b) if has_target else None, (c, d) if has_words else None, aspect, polarity))
        return [
            Record(str(at), text, tuple(dict.fromkeys(found))) for at, (text, found) in enumerate(zip(texts, opinions, strict=True), start=number)
        ]

    def save(self, folder: Path) -> Path:
        """Write the model to `folder`/opinions.npz, which is made where it is missing."""
        folder.mkdir(parents=True, exist_ok=True)
        header = {
            "format": FORMAT,
            "version": self.version,
            "words": self.tagger.words.version,
            "scale": self.tagger.scale,
            "heads": {name: list(head.classes) for name, head in self.heads.items()},
        }
        arrays: dict[str, Any] = {"weights": self.tagger.weights, "moves": self.tagger.moves, "pairing": self.pairing}
        arrays["familiar"] = np.packbits(self.tagger.familiar)
        for name, head in self.heads.items():
            arrays |= {f"{name}_weights": head.weights, f"{name}_scale": head.scale, f"{name}_bias": head.bias}
        target = folder / FILE
        np.savez_compressed(target, **arrays, header=np.array(json.dumps(header, ensure_ascii=False)))
        return target

    @classmethod
    def load(cls, folder: Path | None = None) -> OpinionModel:
        """The model in `folder`/opinions.npz, or the shipped one.

        Raises:
            ModelError: the file is missing, damaged, of another format, or made with another list of words.
        """
        return _shipped() if folder is None else _load(folder / FILE)


@functools.cache
def _shipped() -> OpinionModel:
    with resources.as_file(resources.files("huiyin.text").joinpath(f"data/{FILE}")) as path:
        return _load(path)


def _load(path: Path) -> OpinionModel:
    try:
        with np.load(path, allow_pickle=False) as stored:
            arrays: dict[str, Any] = {name: stored[name] for name in stored.files}
        header = json.loads(str(arrays["header"]))
        if not isinstance(header, dict) or header.get("format") != FORMAT:
            raise ModelError(
                f"模型文件 {path} 的格式这个版本不认，需要重新训练", f"The model file {path} has a format this version does not read; train it again"
            )
        known = words.shipped()
        if header["words"] != known.version:
            raise ModelError(
                f"模型文件 {path} 配的词表是 {header['words']}，这个版本的是 {known.version}，需要重新训练",
                f"The model file {path} was made with the word list {header['words']}, this version has {known.version}; train it again",
            )
        return _assembled(arrays, header, known)
    except ModelError:
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise ModelError(f"模型文件 {path} 读不了（{error}）", f"The model file {path} cannot be read ({error})") from None


def _assembled(arrays: dict[str, Any], header: dict[str, Any], known: Words) -> OpinionModel:
    _expect(arrays["weights"], np.int8, (features.BUCKETS, crf.SPEAKS))
    _expect(arrays["moves"], np.int32, (crf.TAGS + 1, crf.TAGS + 1))
    _expect(arrays["pairing"], np.int16, (2, pairing.BUCKETS))
    found = {}
    for name, classes in header["heads"].items():
        if name not in _HEADS or not classes:
            raise ValueError(f"head {name}")
        weights, scale, bias = (arrays[f"{name}_{part}"] for part in ("weights", "scale", "bias"))
        _expect(weights, np.int8, (judging.BUCKETS, len(classes)))
        for one in (scale, bias):
            _expect(one, np.float64, (len(classes),))
        found[name] = Head(tuple(str(one) for one in classes), weights, scale, bias)
    scale = float(header["scale"])
    if not 0 < scale < np.inf:
        raise ValueError("scale")
    _expect(arrays["familiar"], np.uint8, (-(-len(known.phrases) // 8),))
    familiar = np.unpackbits(arrays["familiar"], count=len(known.phrases)).astype(bool)
    return OpinionModel(tagging.Tagger(known, familiar, arrays["weights"], arrays["moves"], scale), arrays["pairing"], found, str(header["version"]))


def _expect(array: NDArray[Any], kind: type, shape: tuple[int, ...]) -> None:
    if array.dtype != kind or array.shape != shape or (array.dtype.kind == "f" and not np.isfinite(array).all()):
        raise ValueError(f"{array.dtype} {array.shape}")


def _chunks(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    first, letters = 0, 0
    for at, text in enumerate(texts):
        if letters and letters + len(text) > _LETTERS:
            yield first, at
            first, letters = at, 0
        letters += len(text) + 1
    if len(texts):
        yield first, len(texts)


def evaluate(model: OpinionModel, records: Sequence[Record]) -> dict[str, Any]:
    """How well the model finds the opinions of labelled records: see `metrics.score`."""
    return metrics.score(records, model.read([record.text for record in records]))
