"""Loops over characters, compiled to machine code by Numba on first use and kept on disk for the next.

Array expressions pass over a batch once per operation; a compiled loop passes once. Integer arithmetic only, no fast-math:
the same input gives the same output on every machine. Compiled functions release the interpreter's lock.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

_Function = TypeVar("_Function", bound=Callable[..., object])


def compiled(function: _Function) -> _Function:
    """Compile `function` when it is first called. Where nothing may be written to disk it is compiled anew in each process."""
    try:
        return cast(_Function, numba.njit(cache=True, nogil=True)(function))
    except RuntimeError:  # Numba found no folder for its cache
        return cast(_Function, numba.njit(nogil=True)(function))
