"""The reader's language for messages that carry both."""

from __future__ import annotations

from typing import Protocol

from django.utils.translation import get_language


class TwoLanguages(Protocol):
    """Anything with both messages."""

    @property
    def message_zh(self) -> str:
        """In Chinese."""
        ...

    @property
    def message_en(self) -> str:
        """In English."""
        ...


def in_words(said: TwoLanguages) -> str:
    """The message the reader can read."""
    return said.message_en if (get_language() or "").startswith("en") else said.message_zh
