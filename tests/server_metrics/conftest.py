"""The company and browsers signed in, see `tests/server/company.py` and `tests/server/guests.py`."""

from tests.server.asked import asked
from tests.server.company import company, company_file
from tests.server.guests import browser, facts, send

__all__ = ["asked", "browser", "company", "company_file", "facts", "send"]
