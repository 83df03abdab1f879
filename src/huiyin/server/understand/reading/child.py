"""The reader process: texts in, Arrow tables out. Knows no Django and no database, and ends when its parent does."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import parent_process
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from huiyin.text import Reader
from huiyin.text.errors import TextError

NICE = 5
KEPT = 4
"""Readers at once: that of the published taxonomy, those of jobs that try others."""


@dataclass(frozen=True, slots=True)
class ReadTexts:
    """A batch as it comes back. Row i of everything belongs to text i; `mentions` carries the row in `row`."""

    feedback: dict[str, pa.Array]
    mentions: dict[str, pa.Array]
    exact: NDArray[np.uint64]
    minhash: NDArray[np.uint16]
    letters: NDArray[np.int64]
    version: str

    def feedback_columns(self) -> dict[str, pa.Array]:
        """As `huiyin.text.Reading` gives them."""
        return dict(self.feedback)

    def mention_columns(self) -> dict[str, pa.Array]:
        """As `huiyin.text.Reading` gives them."""
        return dict(self.mentions)


def ready(readers: dict[str, Reader], taxonomy: str, model: str = "") -> Reader:
    """The reader of a taxonomy with the model in a folder (empty: the shipped one), made at its first use."""
    key = f"{taxonomy}\n{model}"
    if key not in readers:
        made = Reader.load(taxonomy, Path(model) if model else None, widen=False)
        # A taxonomy that is edited, or a model that is taught, comes under a new name each time; the oldest are let go first.
        while len(readers) >= KEPT:
            del readers[next(iter(readers))]
        readers[key] = made
    return readers[key]


def read(readers: dict[str, Reader], taxonomy: str, texts: list[str], model: str = "") -> ReadTexts:
    """One batch; the reader of a taxonomy is made at its first use."""
    reading = ready(readers, taxonomy, model).read(texts)
    signatures = reading.signatures
    return ReadTexts(reading.feedback_columns(), reading.mention_columns(), signatures.exact, signatures.minhash, signatures.letters, reading.version)


def main(work: Connection) -> None:
    """The life of the process: (taxonomy, texts, model) in; ("ready",) and ("read", ReadTexts), or ("refused", zh, en), out.

    A taxonomy's reader is made at its first use. "ready" parts two kinds of death: before it, no text is to blame.
    """
    serve_parent(NICE)
    readers: dict[str, Reader] = {}
    while True:
        try:
            taxonomy, texts, model = work.recv()
        except (EOFError, OSError):
            return
        answer: tuple[Any, ...]
        try:
            ready(readers, taxonomy, model)
            with suppress(BrokenPipeError):
                work.send(("ready",))
            answer = ("read", read(readers, taxonomy, texts, model))
        except TextError as error:
            answer = ("refused", str(getattr(error, "message_zh", error)), str(getattr(error, "message_en", error)))
        with suppress(BrokenPipeError):
            work.send(answer)


def serve_parent(nice: int) -> None:
    """The beginning of every child: it gives way to the server by `nice`, and ends when the server does."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(OSError):
        os.nice(nice)


def _end_with_parent() -> None:
    """A killed server must not leave its children behind."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(0)
