"""How a running job tells where it is, and hears that it should stop."""

from __future__ import annotations

from typing import Protocol

from huiyin.files import SourceInfo


class Progress(Protocol):
    """What a caller may show of a running job. Every method may do nothing."""

    def sources(self, sources: list[SourceInfo], total_bytes: int, estimated_rows: int | None) -> None:
        """Files opened, columns guessed; nothing has been read yet."""

    def taxonomy(self, pack: str, chosen: bool, scores: dict[str, float]) -> None:
        """The taxonomy in use; `chosen` when it was picked by coverage of the first texts."""

    def read(self, rows: int, bytes_read: int) -> None:
        """So many rows have been read."""

    def step(self, name: str) -> None:
        """A step after reading has begun: settle, insight, report."""

    @property
    def stopped(self) -> bool:
        """True once the user has asked to stop: what has been read is finished, the rest is left."""


class Silent:
    """Shows nothing, never stops."""

    stopped = False

    def sources(self, sources: list[SourceInfo], total_bytes: int, estimated_rows: int | None) -> None:
        """Nothing to show."""

    def taxonomy(self, pack: str, chosen: bool, scores: dict[str, float]) -> None:
        """Nothing to show."""

    def read(self, rows: int, bytes_read: int) -> None:
        """Nothing to show."""

    def step(self, name: str) -> None:
        """Nothing to show."""
