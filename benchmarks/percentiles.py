"""What p50 and p95 mean in every benchmark of times: one rule, so that the columns of two pages can be compared."""

from __future__ import annotations

import math
from collections.abc import Sequence


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest rank (Hyndman & Fan, The American Statistician 1996, definition 1): the least value that a `share` of them does not exceed.

    It is always a time that was measured; of few values p95 is the longest.

    >>> percentile([30.0, 10.0, 20.0, 40.0], 0.5), percentile([30.0, 10.0, 20.0, 40.0], 0.95)
    (20.0, 40.0)
    """
    ordered = sorted(values)
    return ordered[math.ceil(share * len(ordered)) - 1]
