"""Reading in this process, for tests and commands that run alone."""

from __future__ import annotations

from huiyin.server.understand.reading.child import ReadTexts, read
from huiyin.server.understand.reading.process import ReaderRefused
from huiyin.text import Reader
from huiyin.text.errors import TextError

_READERS: dict[str, Reader] = {}


class LocalReader:
    """The same as the process, without one."""

    def read(self, taxonomy: str, texts: list[str], model: str = "") -> ReadTexts:
        """Read a batch.

        Raises:
            ReaderRefused: no such taxonomy, no model.
        """
        try:
            return read(_READERS, taxonomy, texts, model)
        except TextError as error:
            raise ReaderRefused(error.message_zh, error.message_en) from error
