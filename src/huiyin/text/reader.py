"""The reader: texts in, readings out. One array pass over a batch feeds every head."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from huiyin.text import clauses as clause_splitting
from huiyin.text import duplicates, language, mentions, placing, polarity, signals, taxonomy
from huiyin.text.cleaning import clean_batch
from huiyin.text.codepoints import fold
from huiyin.text.cues import opinion_cues, signal_cues
from huiyin.text.heads import Heads, ModelError
from huiyin.text.heads import load as load_heads
from huiyin.text.masking import mask_points
from huiyin.text.phrases import Hits
from huiyin.text.reading import Reading
from huiyin.text.taxonomy import Taxonomy

SAMPLE = 2000
"""Texts from which `auto` chooses the taxonomy pack."""


class Reader:
    """Reads batches of texts. Pure: the same text gives the same reading in any batch, order, run or thread.

    >>> reading = Reader.load(taxonomy="hotel").read(["房间不错，但是早餐太差"])
    >>> reading.mention_columns()["polarity"].to_pylist()
    [1, -1]
    """

    def __init__(self, chosen: Taxonomy | None, heads: Heads) -> None:
        self._taxonomy = chosen
        self._heads = heads

    @classmethod
    def load(cls, taxonomy: str | Path | Taxonomy = "auto", model: Path | None = None, widen: bool = True) -> Reader:
        """A reader with a shipped pack, a taxonomy file, or `auto`: the pack that suits the first texts best.

        With `widen`, a file with few words borrows those that the packs know of the same things.

        Raises:
            TaxonomyError, ModelError: with what is wrong and where.
        """
        heads = load_heads(model)
        if len(heads.classes.get("sentiment", ())) != 3 or "emotion" not in heads.classes:
            raise ModelError(
                f"模型 {model} 没有 sentiment（三类）和 emotion 两个分类头",
                f"The model {model} lacks a sentiment head of three classes or an emotion head",
            )
        if isinstance(taxonomy, Taxonomy):
            return cls(taxonomy, heads)
        return cls(None if taxonomy == "auto" else _load_taxonomy(taxonomy, widen), heads)

    @property
    def taxonomy(self) -> Taxonomy | None:
        """The taxonomy in use; None before `auto` has seen a text."""
        return self._taxonomy

    @property
    def version(self) -> str:
        """Names engine, model and taxonomy: stored beside every label."""
        name = f"{self._taxonomy.pack}@{self._taxonomy.version}" if self._taxonomy else "auto"
        return f"{self._heads.version}+{name}"

    def using(self, chosen: Taxonomy) -> Reader:
        """The same reader with a taxonomy."""
        return Reader(chosen, self._heads)

    def with_heads(self, heads: Heads) -> Reader:
        """The same taxonomy with other heads."""
        return Reader(self._taxonomy, heads)

    def settle(self, sample: Sequence[str]) -> Taxonomy:
        """Choose the pack from `sample` if none is chosen yet."""
        if self._taxonomy is None:
            self._taxonomy, _ = taxonomy.choose([text for text in sample if text][:SAMPLE])
        return self._taxonomy

    def read(self, texts: Sequence[str | None]) -> Reading:
        """Read a batch. Missing texts read as empty; nothing raises on what a text contains."""
        cleaned, cleaning, raw_points = clean_batch([text or "" for text in texts])
        masked, masking, points, folded = mask_points(cleaned, raw_points, fold(raw_points))
        stored = tuple(masked)
        chosen = self.settle(stored)
        heads, cues, signal = self._heads, opinion_cues(chosen.worse, chosen.better), signal_cues()
        plain = chosen.plain_finder.find(folded)
        hits = _outside(cues.finder.find(folded), plain, len(folded.codes))
        pieces = clause_splitting.split(folded, polarity.turning(hits, cues, folded.starts))
        clause_sums = heads.sums(_blanked(folded.codes, plain), pieces.bounds)
        text_sums = clause_splitting.by_text(pieces, clause_sums, len(stored))
        opinions = polarity.weigh_opinions(hits, cues, pieces, folded.codes)
        judged = polarity.judge(heads, clause_sums, text_sums, opinions, pieces, clause_splitting.letters(folded, pieces))
        aspect_hits = placing.meant(chosen.finder.find(folded), chosen, pieces, opinions, len(stored))
        negators = hits.where(cues.negates[hits.phrase])
        signal_hits = signal.finder.find(folded)
        counts = signals.gather(signal_hits, signal, pieces.of(signal_hits.start), len(pieces))
        emphasis = signals.emphasis(counts, folded.codes, pieces.bounds)
        found = mentions.find(chosen, aspect_hits, negators, pieces, judged, opinions, emphasis)
        found = placing.place(found, chosen, heads, clause_sums)
        text_counts = clause_splitting.by_text(pieces, counts, len(stored))
        mention_text = pieces.text[found.clause]
        return Reading(
            texts=stored,
            cleaning=cleaning,
            masking=masking,
            sentiment=judged.document,
            languages=language.detect(points, folded),
            signals=signals.read(text_counts, judged.document, heads, text_sums),
            signatures=duplicates.sign(folded),
            taxonomy=chosen,
            mentions=found,
            mention_text=mention_text,
            mention_offset=points.starts[mention_text],
            mention_signals=signals.read(counts[found.clause], found.sentiment, None, None),
            version=self.version,
        )


def _covered(plain: Hits, length: int) -> NDArray[np.bool_]:
    """Which positions words without opinion cover."""
    edges = np.zeros(length + 1, dtype=np.int64)
    np.add.at(edges, plain.start, 1)
    np.add.at(edges, plain.end, -1)
    return np.cumsum(edges[:-1]) > 0


def _outside(hits: Hits, plain: Hits, length: int) -> Hits:
    """The hits that do not lie wholly within words without opinion: 不好时光 still negates."""
    if not len(plain) or not len(hits):
        return hits
    before = np.concatenate([[0], np.cumsum(_covered(plain, length))])
    return hits.where(before[hits.end] - before[hits.start] < hits.end - hits.start)


def _blanked(codes: NDArray[np.uint32], plain: Hits) -> NDArray[np.uint32]:
    """The letters for the learned scores: words without opinion tell them nothing either."""
    return np.where(_covered(plain, len(codes)), np.uint32(ord(" ")), codes) if len(plain) else codes


def _load_taxonomy(name: str | Path, widen: bool) -> Taxonomy:
    return taxonomy.load(name, widen)
