"""Texts as one flat array of Unicode code points: the form in which everything else here computes.

A batch of N texts becomes `codes` (uint32, one entry per code point, all texts end to end, each followed by one
`SEPARATOR`) and `starts` (int64, N + 1). Text i is `codes[starts[i] : starts[i + 1] - 1]`. Because offsets count
code points, an index into `codes` minus `starts[i]` is an index into the Python string.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import opencc
from numpy.typing import NDArray

SEPARATOR = 0x1E
"""Record separator: stands behind every text; cleaned texts never contain it."""

LINE = 0x0A
"""Every kind of line break, after folding."""

_TABLE_SIZE = 0x110000


@dataclass(frozen=True, slots=True)
class CodePoints:
    """A batch of texts as code points; `starts` has one more entry than there are texts."""

    codes: NDArray[np.uint32]
    starts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Code points of each text, without the separator; shape (N,)."""
        return np.diff(self.starts) - 1

    def joined(self) -> str:
        """All texts as one string, each followed by the separator; its indices are indices into `codes`."""
        return self.codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")

    def text_of(self, positions: NDArray[np.int64]) -> NDArray[np.int64]:
        """Which text each position of `codes` belongs to."""
        return np.searchsorted(self.starts, positions, side="right") - 1

    def text_of_one(self, position: int) -> int:
        """Which text one position of `codes` belongs to."""
        return int(np.searchsorted(self.starts, position, side="right")) - 1


def encode(texts: Sequence[str]) -> CodePoints:
    """Lay `texts` end to end. Separators inside a text become spaces, so that positions stay true."""
    joined = "\x1e".join(texts)
    if joined.count("\x1e") >= max(len(texts), 1):
        joined = "\x1e".join([text.replace("\x1e", " ") for text in texts])
    codes = np.frombuffer((joined + "\x1e" if texts else "").encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint32)
    ends = np.flatnonzero(codes == SEPARATOR) + 1
    return CodePoints(codes, np.concatenate([[0], ends]).astype(np.int64))


def replaced(points: CodePoints, rows: Sequence[int], others: CodePoints) -> CodePoints:
    """`points` with the texts at `rows` (ascending) given up for the texts of `others`."""
    if not len(rows):
        return points
    lengths = np.diff(points.starts)
    lengths[list(rows)] = np.diff(others.starts)
    pieces, at = [], 0
    for number, row in enumerate(rows):
        pieces += [points.codes[at : points.starts[row]], others.codes[others.starts[number] : others.starts[number + 1]]]
        at = int(points.starts[row + 1])
    return CodePoints(np.concatenate([*pieces, points.codes[at:]]), np.concatenate([[0], np.cumsum(lengths)]))


@functools.cache
def fold_table() -> NDArray[np.uint32]:
    """One folded code point for every code point: NFKC where it stays one character, 繁→简, lower case, one space, one line break.

    Length never changes, so an offset into the folded text is an offset into the text.
    """
    table = np.arange(_TABLE_SIZE, dtype=np.uint32)
    for code in range(_TABLE_SIZE):
        if 0xD800 <= code < 0xE000 or 0x4E00 <= code < 0xA000 or 0xAC00 <= code < 0xD800 or code >= 0x1F800:
            continue
        character = chr(code)
        folded = unicodedata.normalize("NFKC", character)
        folded = folded.lower() if len(folded) == 1 else character
        table[code] = ord(folded) if len(folded) == 1 else code
        if character.isspace():
            table[code] = LINE if character in "\n\r\x85\u2028\u2029" else ord(" ")
    table[0xD800:0xE000] = 0xFFFD
    table[SEPARATOR] = SEPARATOR
    for code in (0xFE0E, 0xFE0F, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF):
        table[code] = ord(" ")
    _fold_han(table)
    return table


def _fold_han(table: NDArray[np.uint32]) -> None:
    """Add the traditional → simplified characters of OpenCC to `table`, in place."""
    han = [chr(code) for code in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), *range(0xF900, 0xFB00))]
    # Each character stands alone on its line, so that no phrase rule applies and the length is kept.
    simplified = opencc.OpenCC("t2s").convert("\n".join(han)).split("\n")
    for source, target in zip(han, simplified, strict=True):
        if len(target) == 1:
            table[ord(source)] = ord(target)


def fold(points: CodePoints) -> CodePoints:
    """The same texts with every code point folded; offsets are unchanged."""
    return CodePoints(fold_table()[points.codes], points.starts)


def fold_texts(texts: Sequence[str]) -> list[str]:
    """Fold strings, e.g. seed words, the way texts are folded."""
    return fold(encode(texts)).joined().split(chr(SEPARATOR))[:-1]
