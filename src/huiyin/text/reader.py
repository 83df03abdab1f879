"""The reader: texts in, readings out. One array pass over a batch feeds every head."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from huiyin.text import clauses as clause_splitting
from huiyin.text import conditions, duplicates, language, mentions, placing, polarity, signals, spans, taxonomy
from huiyin.text.cleaning import clean_batch
from huiyin.text.codepoints import fold
from huiyin.text.cues import opinion_cues, signal_cues
from huiyin.text.heads import Heads, ModelError
from huiyin.text.heads import load as load_heads
from huiyin.text.masking import mask_points
from huiyin.text.opinions.model import FILE as OPINIONS
from huiyin.text.opinions.model import OpinionModel
from huiyin.text.reading import Reading
from huiyin.text.taxonomy import Taxonomy
from huiyin.text.taxonomy import load as load_taxonomy

SAMPLE = 2000
"""Texts from which `auto` chooses the taxonomy pack."""


ENGINE = "5"
"""Counts up whenever the same model reads otherwise than before: histories read by an older engine can then be found and read again."""


class Reader:
    """Reads batches of texts. Pure: the same text gives the same reading in any batch, order, run or thread.

    >>> reading = Reader.load(taxonomy="hotel").read(["房间不错，但是早餐太差"])
    >>> reading.mention_columns()["polarity"].to_pylist()
    [1, -1]
    """

    def __init__(self, chosen: Taxonomy | None, heads: Heads, opinions: OpinionModel | None = None) -> None:
        self._taxonomy = chosen
        self._heads = heads
        self._opinions = opinions or OpinionModel.load()

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
        opinions = OpinionModel.load(model if model and (model / OPINIONS).is_file() else None)
        if isinstance(taxonomy, Taxonomy):
            return cls(taxonomy, heads, opinions)
        return cls(None if taxonomy == "auto" else load_taxonomy(taxonomy, widen), heads, opinions)

    @property
    def taxonomy(self) -> Taxonomy | None:
        """The taxonomy in use; None before `auto` has seen a text."""
        return self._taxonomy

    @property
    def version(self) -> str:
        """Names engine, model and taxonomy: stored beside every label."""
        name = f"{self._taxonomy.pack}@{self._taxonomy.version}" if self._taxonomy else "auto"
        return f"{self._heads.version}~{ENGINE}+{name}"

    def using(self, chosen: Taxonomy) -> Reader:
        """The same reader with a taxonomy."""
        return Reader(chosen, self._heads, self._opinions)

    def with_heads(self, heads: Heads) -> Reader:
        """The same taxonomy with other heads."""
        return Reader(self._taxonomy, heads, self._opinions)

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
        weighed = polarity.weigh(folded, heads, cues, chosen.plain_finder.find(folded))
        pieces, opinions, judged = weighed.clauses, weighed.opinions, weighed.polarity
        aspect_hits = placing.meant(chosen.finder.find(folded), chosen, pieces, opinions, len(stored))
        negators = weighed.hits.where(cues.negates[weighed.hits.phrase])
        signal_hits = signal.finder.find(folded)
        counts = signals.gather(signal_hits, signal, pieces.of(signal_hits.start), len(pieces))
        emphasis = signals.emphasis(counts, folded.codes, pieces.bounds)
        found = mentions.find(chosen, aspect_hits, negators, pieces, judged, opinions, emphasis)
        found = placing.place(found, chosen, heads, weighed.clause_sums)
        found = spans.sharpen(found, self._opinions.pairs(folded), pieces)
        text_counts = clause_splitting.by_text(pieces, counts, len(stored))
        sentiment = signals.implied(text_counts, judged.document)
        mention_text = pieces.text[found.clause]
        return Reading(
            texts=stored,
            cleaning=cleaning,
            masking=masking,
            sentiment=sentiment,
            languages=language.detect(points, folded),
            signals=signals.read(text_counts, sentiment, heads, weighed.text_sums),
            signatures=duplicates.sign(folded),
            taxonomy=chosen,
            mentions=found,
            mention_text=mention_text,
            mention_offset=points.starts[mention_text],
            mention_signals=signals.read(counts[found.clause], found.sentiment, None, None),
            mention_conditions=conditions.find(folded, pieces, found.clause),
            version=self.version,
        )
