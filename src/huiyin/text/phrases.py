"""Many phrases looked for at once in a whole batch (Aho-Corasick), the hits as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ahocorasick_rs
import numpy as np
from numpy.typing import NDArray

from huiyin.text.codepoints import SEPARATOR, CodePoints, encode, fold_texts
from huiyin.text.ngrams import is_latin

_FIRST, _LAST = 0xF0000, 0x1000
"""Added to the code point of a word's first and last letter; the sums lie in a private use area."""


@dataclass(frozen=True, slots=True)
class Hits:
    """Phrase hits in reading order: which phrase, and where; positions are those of the batch's `codes`."""

    phrase: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.phrase)

    def where(self, mask: NDArray[np.bool_]) -> Hits:
        """Only the hits for which `mask` holds."""
        return Hits(self.phrase[mask], self.start[mask], self.end[mask])


class PhraseFinder:
    """Finds phrases in folded text: leftmost, longest, without overlap; Latin phrases only as whole words.

    A longer phrase hides the shorter ones inside it, which is how exceptions work: 不错 hides 错.
    """

    def __init__(self, phrases: Sequence[str]) -> None:
        self.phrases = tuple(fold_texts(phrases))
        marked = _marked(encode(self.phrases).codes).split(chr(SEPARATOR))[:-1]
        self._finder = ahocorasick_rs.AhoCorasick(marked, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest) if marked else None

    def find(self, folded: CodePoints, joined: str) -> Hits:
        """Hits in the batch; `joined` is `folded.joined()`, made once by the caller for all finders."""
        if self._finder is None:
            return Hits(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64))
        haystack = _marked(folded.codes) if is_latin(folded.codes).any() else joined
        table = np.array(self._finder.find_matches_as_indexes(haystack), dtype=np.int64).reshape(-1, 3)
        return Hits(table[:, 0], table[:, 1], table[:, 2])


def _marked(codes: NDArray[np.uint32]) -> str:
    """`codes` as a string in which the first and last letter of each Latin word are other characters than those inside.

    So a phrase matches whole words only, and a longer phrase that ends inside a word hides no shorter one.
    """
    letters = is_latin(codes)
    first = letters & ~np.concatenate([[False], letters[:-1]])
    last = letters & ~np.concatenate([letters[1:], [False]])
    marked = codes + first * np.uint32(_FIRST) + last * np.uint32(_LAST)
    return str(marked.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass"))
