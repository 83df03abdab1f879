"""How often one address, and everybody together, may send."""

from __future__ import annotations

from huiyin.server.foundation.shared.pace import Rate, take

WINDOW = 600
FROM_ONE = 30
"""Of one address in ten minutes: customers on a shop's network share one."""
FROM_ALL = 1200


def within_limits(box: int, address: str) -> bool:
    """Count one try; False where it is one too many."""
    return take(f"box:{box}:{address}", Rate(FROM_ONE, WINDOW)).allowed and take(f"box:{box}", Rate(FROM_ALL, WINDOW)).allowed
