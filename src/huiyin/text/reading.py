"""What reading a batch of texts gives: arrays, and the same as Arrow columns of the facts schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from huiyin.text.conditions import Conditions
from huiyin.text.cues import EMOTIONS
from huiyin.text.duplicates import Signatures
from huiyin.text.edits import Edited
from huiyin.text.language import LANGUAGES, Languages
from huiyin.text.mentions import UNPLACED, Mentions
from huiyin.text.signals import EFFORTS, INTENTS, SPAM_REASONS, URGENCIES, Signals
from huiyin.text.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class Reading:
    """A batch, read. Row i of every array belongs to `texts[i]`; mention offsets count code points of `texts[i]`."""

    texts: tuple[str, ...]
    """Cleaned and masked: what may be stored."""
    cleaning: Mapping[int, Edited]
    """Of the texts in which transport damage was undone."""
    masking: Mapping[int, Edited]
    """Of the texts in which personal data was masked."""
    sentiment: NDArray[np.float64]
    languages: Languages
    signals: Signals
    signatures: Signatures
    taxonomy: Taxonomy
    mentions: Mentions
    mention_text: NDArray[np.int64]
    """The text each mention stands in."""
    mention_offset: NDArray[np.int64]
    """What to subtract from a mention's positions to get offsets into its text."""
    mention_signals: Signals
    mention_conditions: Conditions
    version: str

    def __len__(self) -> int:
        return len(self.texts)

    def original_offset(self, text: int, offset: int) -> int:
        """Where `offset` of `texts[text]` stood in the text as it came in."""
        for edits in (self.masking, self.cleaning):
            if text in edits:
                offset = edits[text].original_offset(offset)
        return offset

    def feedback_columns(self) -> dict[str, pa.Array]:
        """The columns of the facts table `feedback` that reading fills."""
        return {
            "text": pa.array(self.texts, pa.string()),
            "language": _named(self.languages.language, LANGUAGES),
            "sentiment": pa.array(np.round(self.sentiment, 4), pa.float64()),
            "emotion": _named(self.signals.emotion, EMOTIONS),
            "intent": _named(self.signals.intent, INTENTS),
            "urgency": _named(self.signals.urgency, URGENCIES),
            "effort": _named(self.signals.effort, EFFORTS),
            "is_spam": pa.array(self.signals.spam),
            "spam_reason": _named(self.signals.spam_reason, (None, *SPAM_REASONS[1:])),
            "text_version": pa.repeat(pa.scalar(self.version), len(self)),
        }

    def mention_columns(self) -> dict[str, pa.Array]:
        """The columns of the facts table `mention` that reading fills; `row` is the text's index in the batch."""
        found, count = self.mentions, len(self.mentions)
        first = np.searchsorted(self.mention_text, self.mention_text)
        paths = pa.array([*self.taxonomy.paths, None], pa.string())
        touchpoints = pa.array([*(aspect.touchpoint for aspect in self.taxonomy.aspects), None], pa.string())
        aspect = pa.array(np.where(found.aspect == UNPLACED, len(self.taxonomy.aspects), found.aspect))
        return {
            "row": pa.array(self.mention_text),
            "mention_no": pa.array((np.arange(count) - first).astype(np.int32)),
            "start": pa.array((found.start - self.mention_offset).astype(np.int32)),
            "end": pa.array((found.end - self.mention_offset).astype(np.int32)),
            "target": self._words(found.target_start, found.target_end),
            "opinion": self._words(found.opinion_start, found.opinion_end),
            "aspect": paths.take(aspect),
            "touchpoint": touchpoints.take(aspect),
            "polarity": pa.array(found.polarity),
            "intensity": pa.array(np.round(found.intensity, 4)),
            "emotion": _named(self.mention_signals.emotion, EMOTIONS),
            "intent": _named(self.mention_signals.intent, INTENTS),
            "urgency": _named(self.mention_signals.urgency, URGENCIES),
            "effort": _named(self.mention_signals.effort, EFFORTS),
            "conditions": self.mention_conditions.column(),
            "confidence": pa.array(np.round(found.confidence, 4)),
            "text_version": pa.repeat(pa.scalar(self.version), count),
        }

    def _words(self, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> pa.Array:
        rows, shift = self.mention_text.tolist(), self.mention_offset
        begins, stops = (starts - shift).tolist(), (ends - shift).tolist()
        known = (starts >= 0).tolist()
        texts = self.texts
        return pa.array(
            [texts[row][begin:stop] if there else None for row, begin, stop, there in zip(rows, begins, stops, known, strict=True)],
            pa.string(),
        )


def _named(codes: NDArray[np.int8], names: tuple[str | None, ...]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(names)).cast(pa.string())
