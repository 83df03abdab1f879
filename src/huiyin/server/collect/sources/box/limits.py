"""How often one address, and everybody together, may send. Counted in this process, in fixed windows."""

from __future__ import annotations

import time

from django.core.cache import cache

WINDOW = 600
FROM_ONE = 30
"""Of one address in ten minutes: customers on a shop's network share one."""
FROM_ALL = 1200


def within_limits(box: int, address: str) -> bool:
    """Count one try; False where it is one too many."""
    return _counted(f"box:{box}:{address}") <= FROM_ONE and _counted(f"box:{box}") <= FROM_ALL


def _counted(name: str) -> int:
    key = f"{name}:{int(time.time() // WINDOW)}"
    cache.add(key, 0, WINDOW)
    try:
        return int(cache.incr(key))
    except ValueError:
        # Forgotten between the two: the window is over.
        return 1
