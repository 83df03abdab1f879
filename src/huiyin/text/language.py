"""Language and script of each text, from counts of character classes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huiyin.text.codepoints import CodePoints
from huiyin.text.compiled import compiled

LANGUAGES = ("und", "zh", "en", "ja", "ko", "ru", "ar", "th")
SCRIPTS = ("none", "hans", "hant", "other")
_TRADITIONAL = 7
_CLASSES = 8


@dataclass(frozen=True, slots=True)
class Languages:
    """Codes into `LANGUAGES` and `SCRIPTS`, one per text."""

    language: NDArray[np.int8]
    script: NDArray[np.int8]


def detect(points: CodePoints, folded: CodePoints) -> Languages:
    """Language by the characters a text is made of. Latin text is called English: nothing here tells it from French.

    One Chinese character carries about as much as four Latin letters; the larger share decides.
    """
    counts = np.zeros((len(folded), _CLASSES), dtype=np.int64)
    _count(points.codes, folded.codes, folded.starts, counts)
    han_count, kana = counts[:, 0], counts[:, 2]
    weights = counts[:, :_TRADITIONAL] * np.array([4, 1, 4, 4, 1, 1, 1])
    weights[:, 2] = np.where(kana * 5 >= han_count, weights[:, 2] + weights[:, 0], 0)
    weights[:, 0] = np.where(weights[:, 2] > 0, 0, weights[:, 0])
    language = np.where(weights.sum(axis=1) > 0, np.argmax(weights, axis=1) + 1, 0).astype(np.int8)
    script = np.where(language == 1, np.where(counts[:, _TRADITIONAL] * 12 >= han_count, 2, 1), np.where(language == 0, 0, 3))
    return Languages(language, script.astype(np.int8))


@compiled
def _count(codes: NDArray[np.uint32], plain: NDArray[np.uint32], starts: NDArray[np.int64], out: NDArray[np.int64]) -> None:
    """Characters of each class in each text: han, Latin, kana, hangul, Cyrillic, Arabic, Thai, traditional."""
    for text in range(len(starts) - 1):
        for at in range(starts[text], starts[text + 1]):
            code, folded = codes[at], plain[at]
            if 0x3400 <= folded < 0xA000:
                out[text, 0] += 1
                out[text, _TRADITIONAL] += code != folded
            elif 0x61 <= folded <= 0x7A or (0xDF <= folded <= 0x24F and folded != 0xF7):
                out[text, 1] += 1
            if code >= 0x400:
                out[text, 2] += 0x3040 <= code < 0x3100
                out[text, 3] += 0xAC00 <= code < 0xD7B0
                out[text, 4] += code < 0x530
                out[text, 5] += 0x600 <= code < 0x700
                out[text, 6] += 0xE00 <= code < 0xE80
