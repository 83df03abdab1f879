"""Language and script of each text, from counts of character classes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huiyin.text.codepoints import CodePoints, fold_table
from huiyin.text.ngrams import is_latin

LANGUAGES = ("und", "zh", "en", "ja", "ko", "ru", "ar", "th")
SCRIPTS = ("none", "hans", "hant", "other")


@dataclass(frozen=True, slots=True)
class Languages:
    """Codes into `LANGUAGES` and `SCRIPTS`, one per text."""

    language: NDArray[np.int8]
    script: NDArray[np.int8]


def detect(points: CodePoints, folded: CodePoints) -> Languages:
    """Language by the characters a text is made of. Latin text is called English: nothing here tells it from French.

    One Chinese character carries about as much as four Latin letters; the larger share decides.
    """
    codes, plain = points.codes, folded.codes
    han = (plain >= 0x3400) & (plain < 0xA000)
    traditional = han & (fold_table()[codes] != codes)
    classes = (
        han,
        is_latin(plain),
        (codes >= 0x3040) & (codes < 0x3100),
        (codes >= 0xAC00) & (codes < 0xD7B0),
        (codes >= 0x400) & (codes < 0x530),
        (codes >= 0x600) & (codes < 0x700),
        (codes >= 0xE00) & (codes < 0xE80),
        traditional,
    )
    counts = (
        np.stack([np.add.reduceat(one.astype(np.int64), folded.starts[:-1]) for one in classes], axis=1)
        if len(folded)
        else np.zeros((0, 8), np.int64)
    )
    han_count, kana = counts[:, 0], counts[:, 2]
    weights = counts[:, :7] * np.array([4, 1, 4, 4, 1, 1, 1])
    weights[:, 2] = np.where(kana * 5 >= han_count, weights[:, 2] + weights[:, 0], 0)
    weights[:, 0] = np.where(weights[:, 2] > 0, 0, weights[:, 0])
    language = np.where(weights.sum(axis=1) > 0, np.argmax(weights, axis=1) + 1, 0).astype(np.int8)
    script = np.where(language == 1, np.where(counts[:, 7] * 12 >= han_count, 2, 1), np.where(language == 0, 0, 3))
    return Languages(language, script.astype(np.int8))
