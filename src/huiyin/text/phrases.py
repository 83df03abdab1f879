"""Many phrases looked for at once in a whole batch (Aho-Corasick), the hits as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ahocorasick_rs
import numpy as np
from numpy.typing import NDArray

from huiyin.text.codepoints import CodePoints, fold_text
from huiyin.text.ngrams import is_latin


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
        self.phrases = tuple(fold_text(phrase) for phrase in phrases)
        self._finder = ahocorasick_rs.AhoCorasick(list(self.phrases), matchkind=ahocorasick_rs.MatchKind.LeftmostLongest) if self.phrases else None
        self._latin = np.array([bool(phrase) and phrase[0].isascii() and phrase[0].isalpha() for phrase in self.phrases])

    def find(self, folded: CodePoints, joined: str) -> Hits:
        """Hits in the batch; `joined` is `folded.joined()`, made once by the caller for all finders."""
        found = self._finder.find_matches_as_indexes(joined) if self._finder is not None else []
        table = np.array(found, dtype=np.int64).reshape(-1, 3)
        hits = Hits(table[:, 0], table[:, 1], table[:, 2])
        latin = self._latin[hits.phrase] if len(hits) else np.zeros(0, dtype=bool)
        if latin.any():
            letters = is_latin(folded.codes)
            before = letters[np.maximum(hits.start - 1, 0)] & (hits.start > 0)
            after = letters[np.minimum(hits.end, len(letters) - 1)]
            hits = hits.where(~(latin & (before | after)))
        return hits
