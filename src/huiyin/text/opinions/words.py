"""The words of a batch: cut by the likeliest path through a list of words, each word with its classes.

The classes are learnt from unlabelled texts alone: words that stand in the same places (屏幕 and 包装, 清晰 and 细腻) share
them, which is how a tagger taught on one product line knows the words of another. See `huiyin.text.opinions.word_building`.

Costs are integers and the path is found within one text, so the cut does not depend on the batch.
"""

from __future__ import annotations

import functools
import json
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from huiyin.text.codepoints import SEPARATOR
from huiyin.text.compiled import compiled
from huiyin.text.heads import ModelError
from huiyin.text.phrases import PhraseFinder

FORMAT = 1
UNKNOWN_COST = 1800
"""Of a character that is in no word: dearer than any word of the list."""
NO_WORD = -1


@dataclass(frozen=True, slots=True)
class Cut:
    """Per position of the batch: the word it lies in (`NO_WORD` where unknown), where that word starts and ends."""

    word: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]


class Trie(NamedTuple):
    """A list of words laid out as a double array (see `PhraseFinder`): numbers of letters, and base, owner, word of each place."""

    number: NDArray[np.uint16]
    base: NDArray[np.int32]
    owner: NDArray[np.int32]
    phrase: NDArray[np.int32]


class Words:
    """A list of folded words with a cost (−100 ln p) and classes each; `classes` (words, kinds) int16, class 0 is "none"."""

    def __init__(self, phrases: Sequence[str], trie: Trie, cost: NDArray[np.int32], classes: NDArray[np.int16], version: str) -> None:
        self.phrases, self.trie, self.version = tuple(phrases), trie, version
        # The last row is what an unknown word has: so that index −1 reads it.
        self.classes = np.concatenate([classes, np.zeros((1, classes.shape[1]), np.int16)])
        self.cost = cost.astype(np.int64)

    @classmethod
    def laid(cls, phrases: Sequence[str], cost: NDArray[np.int32], classes: NDArray[np.int16], version: str) -> Words:
        """A list of words, laid out; this takes half a second for 30,000, which is why the file keeps the layout."""
        finder = PhraseFinder(phrases)
        return cls(finder.phrases, Trie(*finder.layout), cost, classes, version)

    def cut(self, folded: NDArray[np.uint32]) -> Cut:
        """The words of folded code points."""
        out = np.empty((3, len(folded)), np.int32)
        _cut(folded, *self.trie, self.cost, out)
        return Cut(out[0], out[1], out[2])

    def save(self, target: Path) -> None:
        """Write the list as a file."""
        blob = np.frombuffer("\n".join(self.phrases).encode(), dtype=np.uint8)
        header = np.array(json.dumps({"format": FORMAT, "version": self.version}))
        np.savez_compressed(target, words=blob, cost=self.cost.astype(np.int16), classes=self.classes[:-1], header=header, **self.trie._asdict())


@functools.cache
def shipped() -> Words:
    """The words shipped with Huiyin.

    Raises:
        ModelError: the file is damaged.
    """
    with resources.as_file(resources.files("huiyin.text").joinpath("data/opinion_words.npz")) as path:
        return load(path)


def load(path: Path) -> Words:
    """Words from a file.

    Raises:
        ModelError: the file is missing, damaged or of another format.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            arrays: dict[str, Any] = {name: stored[name] for name in stored.files}
        header = json.loads(str(arrays["header"]))
        if header["format"] != FORMAT:
            raise ValueError(f"format {header['format']}")
        words = arrays["words"].tobytes().decode().split("\n")
        if arrays["classes"].ndim != 2 or not len(words) == len(arrays["cost"]) == len(arrays["classes"]):
            raise ValueError("lengths")
        trie = Trie(*(arrays[name] for name in Trie._fields))
        if not len(trie.base) == len(trie.phrase) < len(trie.owner) or trie.phrase.max(initial=-1) >= len(words):
            raise ValueError("layout")
        return Words(words, trie, arrays["cost"].astype(np.int32), arrays["classes"].astype(np.int16), str(header["version"]))
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise ModelError(f"词表 {path} 读不了（{error}）", f"The word list {path} cannot be read ({error})") from None


@compiled
def run_kind(code: int) -> int:
    """1 Latin letter, 2 digit: runs of these are one word. Else 0."""
    if 0x61 <= code <= 0x7A or (0xDF <= code <= 0x24F and code != 0xF7):
        return 1
    return 2 if 0x30 <= code <= 0x39 else 0


@compiled
def _cut(
    codes: NDArray[np.uint32],
    number: NDArray[np.uint16],
    base: NDArray[np.int32],
    owner: NDArray[np.int32],
    phrase: NDArray[np.int32],
    cost: NDArray[np.int64],
    out: NDArray[np.int32],
) -> None:
    """Rows word, start, end of the word of each position, into `out` (3, L)."""
    length, alphabet = len(codes), len(number)
    if length == 0:
        return
    least = np.empty(length + 1, np.int64)
    origin, by = np.empty(length + 1, np.int32), np.empty(length + 1, np.int32)
    first = 0
    while first < length:
        last = first
        while last < length and codes[last] != SEPARATOR:
            least[last] = np.int64(1) << 60
            last += 1
        stop = min(last + 1, length)
        least[last] = np.int64(1) << 60
        least[first] = 0
        at = first
        while at < last:
            here = least[at]
            kind = run_kind(codes[at])
            run = at + 1
            if kind:
                while run < last and run_kind(codes[run]) == kind:
                    run += 1
            if here + UNKNOWN_COST < least[run]:
                least[run], origin[run], by[run] = here + UNKNOWN_COST, at, NO_WORD
            state, end = np.int64(0), at
            while end < last:
                code = codes[end]
                letter = number[code] if code < alphabet else 0
                after = np.int64(base[state]) + letter
                if letter == 0 or (owner[after] != state and not (state == 0 and owner[after] == 0)):
                    break
                state = after
                end += 1
                # A word of Latin letters is a whole run of them.
                if (
                    phrase[state] >= 0
                    and (not kind or end >= run)
                    and not (end < last and run_kind(codes[end]) and run_kind(codes[end]) == run_kind(codes[end - 1]))
                ):
                    price = here + cost[phrase[state]]
                    if price < least[end]:
                        least[end], origin[end], by[end] = price, at, phrase[state]
            # Positions within a run begin no word.
            at = run
        at = last
        while at > first:
            begin = origin[at]
            for inside in range(begin, at):
                out[0, inside], out[1, inside], out[2, inside] = by[at], begin, at
            at = begin
        for inside in range(last, stop):
            out[0, inside], out[1, inside], out[2, inside] = NO_WORD, inside, inside + 1
        first = stop
