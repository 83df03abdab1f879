"""A draft as the two tables of the facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

if TYPE_CHECKING:
    from huiyin.simulate.planted.draft import Draft

_TIME = pa.timestamp("us", tz="UTC")


def feedback_table(draft: Draft) -> pa.Table:
    """One row per voice, columns as in the facts schema."""
    plan, n = draft.plan, len(draft)
    texts = draft.text if draft.text is not None else texts_of(draft)
    keys = sorted(draft.attributes)
    attributes = [[(key, draft.attributes[key][row]) for key in keys if draft.attributes[key][row] is not None] for row in range(n)]
    negative, positive = draft.complains.any(axis=1), draft.praises.any(axis=1)
    sentiment = np.where(negative & positive, -0.2, np.where(negative, -0.8, np.where(positive, 0.8, 0.0)))
    nothing = pa.nulls(n, pa.string())
    known = ~np.isnan(draft.score)
    score = pa.array(np.where(known, draft.score, 0.0), mask=~known)
    return pa.table(
        {
            "feedback_id": pa.array([f"v{row:07d}" for row in range(n)]),
            "source": pa.array(["simulate"] * n),
            "external_id": nothing,
            "channel": _named(plan.channels, draft.channel),
            "occurred_at": pa.array(draft.moments(), _TIME),
            "received_at": pa.nulls(n, _TIME),
            "customer_id": pa.array([f"c{one:06d}" for one in draft.customer]),
            "product": _named(plan.products, draft.product),
            "brand": nothing,
            "region": _named(plan.regions, draft.region),
            "store": _named(plan.stores, draft.store),
            "touchpoint": nothing,
            "segment": _named(plan.segments, draft.segment),
            "language": pa.array(["zh"] * n),
            "invited": pa.array(draft.invited),
            "rating": pa.nulls(n, pa.float64()),
            "metric": pa.array(["nps"] * n),
            "score": score,
            "scale_max": pa.array(np.full(n, 10.0)),
            "title": nothing,
            "text": pa.array(texts),
            "url": nothing,
            "sentiment": pa.array(sentiment),
            "emotion": pa.array(np.where(negative, "anger", np.where(positive, "joy", "none")).tolist()),
            "intent": pa.array(np.where(negative, "complaint", np.where(positive, "praise", "none")).tolist()),
            "urgency": pa.array(np.where(negative, "medium", "low").tolist()),
            "effort": pa.array(["none"] * n),
            "is_spam": pa.array(np.zeros(n, dtype=bool)),
            "duplicate_of": nothing,
            "attributes": pa.array(attributes, pa.map_(pa.string(), pa.string())),
            "text_version": pa.array(["simulated"] * n),
        }
    )


def mention_table(draft: Draft, feedback: pa.Table) -> pa.Table:
    """One row per complaint or praise."""
    plan = draft.plan
    said = draft.complains | draft.praises
    row, aspect = np.nonzero(said)
    number = (np.cumsum(said, axis=1) - 1)[row, aspect]
    negative = draft.complains[row, aspect]
    m = len(row)
    columns = {
        name: feedback[name].take(pa.array(row))
        for name in ("feedback_id", "occurred_at", "channel", "product", "brand", "region", "segment", "customer_id")
    }
    length = pa.array([len(text) for text in feedback["text"].to_pylist()], pa.int32()).take(pa.array(row))
    nothing = pa.nulls(m, pa.string())
    return pa.table(
        {
            **columns,
            "mention_no": pa.array(number.astype(np.int32)),
            "start": pa.array(np.zeros(m, np.int32)),
            "end": length,
            "target": nothing,
            "opinion": nothing,
            "aspect": _named(plan.aspects, aspect),
            "touchpoint": nothing,
            "polarity": pa.array(np.where(negative, -1, 1).astype(np.int8)),
            "intensity": pa.array(draft.intensity[row, aspect]),
            "emotion": pa.array(np.where(negative, "anger", "joy").tolist()),
            "intent": pa.array(np.where(negative, "complaint", "praise").tolist()),
            "urgency": pa.array(np.where(negative, "medium", "low").tolist()),
            "effort": pa.array(["none"] * m),
            "confidence": pa.array(np.full(m, 0.9)),
            "labelled_by": pa.array(["simulated"] * m),
            "text_version": pa.array(["simulated"] * m),
        }
    )


def texts_of(draft: Draft) -> list[str]:
    """Plain words for each voice: what it complains of and what it praises."""
    bad = [f"{path.replace('/', '的')}不行" for path in draft.plan.aspects]
    good = [f"{path.replace('/', '的')}很好" for path in draft.plan.aspects]
    out = []
    for complains, praises in zip(draft.complains, draft.praises, strict=True):
        parts = [bad[at] for at in np.flatnonzero(complains)] + [good[at] for at in np.flatnonzero(praises)]
        out.append("，".join(parts) or "没有什么要说的")
    return out


def _named(names: tuple[str, ...], codes: NDArray[np.int64]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(names)).cast(pa.string())
