"""The clock and the processor, side by side."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from benchmarks.percentiles import percentile


@dataclass(frozen=True)
class Timing:
    """Seconds: median and p95 by the clock, median of the processor."""

    median: float
    p95: float
    cpu: float


def once(call: Callable[[], object]) -> Timing:
    """One call."""
    clock, cpu = time.perf_counter(), time.process_time()
    call()
    seconds = time.perf_counter() - clock
    return Timing(seconds, seconds, time.process_time() - cpu)


def measured(calls: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, Timing]:
    """Each call once to warm up, then all in turn."""
    for call in calls.values():
        call()
    taken: dict[str, list[Timing]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            taken[name].append(once(call))
    return {
        name: Timing(
            float(np.median([one.median for one in found])),
            percentile([one.median for one in found], 0.95),
            float(np.median([one.cpu for one in found])),
        )
        for name, found in taken.items()
    }
