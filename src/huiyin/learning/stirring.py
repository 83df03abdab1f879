"""One step of the hash under which letters and pieces of text are known; trained models keep its values, so it never changes."""

from __future__ import annotations

import numpy as np

from huiyin.text.compiled import compiled

_PRIME = np.uint64(0x9E3779B97F4A7C15)
_OTHER = np.uint64(0xC2B2AE3D27D4EB4F)


@compiled
def stirred(hashed: np.uint64, code: np.uint64) -> np.uint64:
    """The hash of what was hashed before, and then `code`."""
    mixed = np.uint64((hashed ^ code) * _PRIME)
    return np.uint64((mixed ^ (mixed >> np.uint64(31))) * _OTHER)
