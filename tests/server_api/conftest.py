"""The hotel's guests, see `tests/server/guests.py`."""

from tests.server.guests import browser, facts, send

__all__ = ["browser", "facts", "send"]
