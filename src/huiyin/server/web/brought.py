"""What the installed apps bring under an agreed name: `navigation`, `home`, `api`. Nobody has to list them."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.conf import settings


@cache
def brought(name: str) -> tuple[ModuleType, ...]:
    """The modules of that name, in the order of the installed apps."""
    ours = [app for app in settings.INSTALLED_APPS if app.startswith("huiyin.server.")]
    return tuple(import_module(f"{app}.{name}") for app in ours if find_spec(f"{app}.{name}"))
