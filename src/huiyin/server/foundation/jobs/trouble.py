"""What keeps this process from doing its work, said by whoever notices and shown by whoever has a screen for it."""

from __future__ import annotations

from django.utils.translation import get_language

_TROUBLES: dict[str, tuple[str, str]] = {}


def set_trouble(name: str, message_zh: str, message_en: str) -> None:
    """Say what is wrong; the same name again replaces it."""
    _TROUBLES[name] = (message_zh, message_en)


def clear_trouble(name: str) -> bool:
    """It is over; gives whether there was any."""
    return _TROUBLES.pop(name, None) is not None


def troubles() -> list[str]:
    """Everything that is wrong now, in the reader's language."""
    english = (get_language() or "").startswith("en")
    return [one[1] if english else one[0] for one in _TROUBLES.values()]
