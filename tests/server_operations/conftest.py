"""The hotel's guests, see `tests/server/guests.py`."""

from tests.server.asked import asked
from tests.server.guests import browser, facts, send

__all__ = ["asked", "browser", "facts", "send"]
