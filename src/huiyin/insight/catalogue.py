"""What `insight` needs to know of a taxonomy: names, parents and owners, without knowing how text is read."""

from __future__ import annotations

from dataclasses import dataclass

from huiyin.insight.findings import Name


@dataclass(frozen=True, slots=True)
class AspectCard:
    """A leaf of the taxonomy as reports show it."""

    path: str
    name: Name
    definition: Name | None = None
    owner: str | None = None
    touchpoint: str | None = None


@dataclass(frozen=True, slots=True)
class ThemeCard:
    """A theme or flow with its aspects in order."""

    path: str
    name: Name
    kind: str
    aspects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The taxonomy behind a set of facts."""

    pack: str
    version: str
    name: Name
    aspects: tuple[AspectCard, ...]
    themes: tuple[ThemeCard, ...]

    def parent(self, path: str) -> ThemeCard | None:
        """The theme an aspect belongs to, None for a leaf at the top."""
        return next((theme for theme in self.themes if path in theme.aspects), None)
