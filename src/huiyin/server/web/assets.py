"""What esbuild made of frontend/server: names that carry the hash of their contents, and the icons."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

BUILD = Path(__file__).parent / "static" / "build"
MANIFEST = BUILD / "manifest.json"
ICONS = BUILD / "icons.json"


def asset_name(name: str) -> str:
    """`server.css` → `build/server-3F2A91BC.css`; the plain name where nothing was built."""
    return f"build/{_read(MANIFEST).get(name, name)}"


def icon_paths(name: str) -> str:
    """The inside of a Tabler outline icon, or nothing for one that was not packed."""
    return str(_read(ICONS).get(name, ""))


def _read(file: Path) -> dict[str, Any]:
    """Read once while the server runs: a page asks a hundred times. Who works on the frontend has DEBUG on."""
    return _read_now(file) if settings.DEBUG else _read_once(file)


@lru_cache(maxsize=4)
def _read_once(file: Path) -> dict[str, Any]:
    return _read_now(file)


def _read_now(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return found
