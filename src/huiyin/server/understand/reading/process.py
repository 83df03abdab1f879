"""The parent's end of the reader process: started when needed, rebuilt when it breaks."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from huiyin.server.foundation.jobs.errors import JobFailed
from huiyin.server.understand.reading import child
from huiyin.server.understand.reading.child import ReadTexts

PATIENCE = 180.0
"""Seconds for one batch, the first one included, which loads models; then the process counts as broken."""


class ReaderBroken(Exception):
    """The process died or hung over a batch."""


class ReaderRefused(Exception):
    """The reader cannot work as it is set up: no such taxonomy, no model."""

    def __init__(self, message_zh: str, message_en: str) -> None:
        super().__init__(message_en)
        self.message_zh, self.message_en = message_zh, message_en


class ReaderUnready(ReaderRefused):
    """The process died before it came to the texts; none of them is to blame, and trying again may do."""


class ReaderProcess:
    """One reader, used by one thread at a time."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._lock = threading.Lock()
        self._process: BaseProcess | None = None
        self._work: Connection | None = None

    @property
    def pid(self) -> int | None:
        """The process's id, while there is one."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start it, unless it runs."""
        with self._lock:
            self._started()

    def read(self, taxonomy: str, texts: list[str], model: str = "") -> ReadTexts:
        """Read a batch, with the model in a folder or with the shipped one.

        Raises:
            ReaderBroken: it died or hung over these texts; the next call starts a new one.
            ReaderUnready: it died before it came to the texts.
            ReaderRefused: the taxonomy or model cannot be used.
        """
        with self._lock:
            work = self._started()
            try:
                ready = False
                work.send((taxonomy, texts, model))
                answer = _answer(work)
                if ready := answer[0] == "ready":
                    answer = _answer(work)
            except (OSError, EOFError) as error:
                self._end()
                detail = str(error) or type(error).__name__
                if not ready:
                    raise ReaderUnready("阅读进程没能启动，正在重试", f"The reader process did not start and is tried again ({detail})") from error
                raise ReaderBroken(detail) from error
        if answer[0] == "refused":
            raise ReaderRefused(answer[1], answer[2])
        found: ReadTexts = answer[1]
        return found

    def stop(self) -> None:
        """End it."""
        with self._lock:
            self._end()

    def _started(self) -> Connection:
        if self._process is not None and self._process.is_alive() and self._work is not None:
            return self._work
        self._end()
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=child.main, args=(theirs,), name="huiyin-reader", daemon=True)
        process.start()
        theirs.close()
        self._process, self._work = process, ours
        return ours

    def _end(self) -> None:
        if self._work is not None:
            with suppress(OSError):
                self._work.close()
        if self._process is not None:
            self._process.kill()
            self._process.join(5)
        self._process = self._work = None


@contextmanager
def reader_of_job() -> Iterator[ReaderProcess]:
    """A reader for as long as a job works. One that cannot work as it is set up ends the job for good; one that is not ready, for now.

    Raises:
        JobFailed, ReaderUnready: see there.
    """
    reader = ReaderProcess()
    try:
        yield reader
    except ReaderUnready:
        raise
    except ReaderRefused as error:
        raise JobFailed(error.message_zh, error.message_en) from error
    finally:
        reader.stop()


def _answer(work: Connection) -> tuple[Any, ...]:
    if not work.poll(PATIENCE):
        raise TimeoutError(f"no answer within {PATIENCE:.0f} s")
    answer: tuple[Any, ...] = work.recv()
    return answer
