"""Which language the command speaks: HUIYIN_LANG, else the locale; Chinese unless that is English."""

from __future__ import annotations

import os


def english() -> bool:
    """True where the user's language is English."""
    named = (os.environ.get(key, "") for key in ("HUIYIN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"))
    return next((value for value in named if value), "zh").lower().startswith("en")


def say(zh: str, en: str) -> str:
    """The wording in the user's language."""
    return en if english() else zh
