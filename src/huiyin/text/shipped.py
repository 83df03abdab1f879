"""The word lists that come with the package."""

from __future__ import annotations

from importlib import resources
from typing import Any

import yaml

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""A safe loader, the compiled one where it is there."""


def shipped(file: str) -> dict[str, Any]:
    """A YAML file of the package: `data/cues.yaml`."""
    text = resources.files("huiyin.text").joinpath(file).read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.load(text, Loader=LOADER)  # noqa: S506 - a safe loader in either form
    return loaded
