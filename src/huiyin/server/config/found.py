"""Which apps are there. An app is a folder with `apps.py` under a stage; nobody has to list it."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

STAGES = ("foundation", "collect", "understand", "prioritise", "act", "verify", "culture")
"""In the order in which voices travel; an app may import its own stage and earlier ones."""

SERVER = Path(__file__).resolve().parents[1]


def found_apps() -> list[str]:
    """Dotted names of the apps, by stage, then by name.

    >>> "huiyin.server.foundation.people" in found_apps()
    True
    """
    names = []
    for stage in STAGES:
        names += [f"huiyin.server.{stage}.{file.parent.name}" for file in sorted((SERVER / stage).glob("*/apps.py"))]
    return names


def modules_named(name: str) -> list[ModuleType]:
    """The module of that name of every app that brings one: `urls`, `navigation`, `api`, `lifespan`."""
    return [import_module(f"{app}.{name}") for app in found_apps() if find_spec(f"{app}.{name}")]
