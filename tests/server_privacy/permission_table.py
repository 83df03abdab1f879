"""Who may do what with personal data and customers; see `tests/server/permission_table.py`."""

from __future__ import annotations

from huiyin.server.foundation.people.rights import RIGHTS
from tests.server.permission_table import SIGNED_IN, Line
from tests.server.place import place
from tests.server.world import World

ERASERS, UNMASKERS, FINDERS, COPIERS = (RIGHTS[one] for one in ("voices.erase", "voices.unmask", "customers.find", "customers.copy"))

TABLE = {
    "customers:customers": Line(get=SIGNED_IN),
    "customers:customer": Line(get=SIGNED_IN, args=lambda world: ["c0"]),
    "privacy:privacy": Line(get=ERASERS),
    "privacy:find": Line(post=FINDERS),
    "privacy:retention": Line(post=ERASERS),
    "privacy:renew_backups": Line(post=ERASERS),
    "privacy:receipt": Line(get=ERASERS, args=lambda world: [1]),
    "privacy:unmask": Line(post=UNMASKERS, args=lambda world: ["v0000001"]),
    "privacy:who": Line(post=UNMASKERS, args=lambda world: ["c0"]),
    "privacy:copy": Line(post=COPIERS, args=lambda world: ["c0"]),
    "privacy:erase": Line(get=ERASERS, post=ERASERS, args=lambda world: ["c0"]),
    "api:privacy_erasures": Line(get=ERASERS),
    "api:privacy_receipt": Line(get=ERASERS, args=lambda world: [1]),
    "api:privacy_erase": Line(post=ERASERS, args=lambda world: ["c0"]),
    "api:privacy_retentions": Line(get=ERASERS),
    "api:privacy_retention": Line(post=ERASERS, args=lambda world: [1]),
    "api:privacy_backups_renew": Line(post=ERASERS),
    "api:privacy_unmask": Line(post=UNMASKERS, args=lambda world: ["v0000001"]),
    "api:customers": Line(get=SIGNED_IN),
    "api:customer": Line(get=SIGNED_IN, args=lambda world: ["c0"]),
}
KEY_TABLE: dict[str, str] = {
    "api:customers": "voices.read",
    "api:customer": "voices.read",
    **{f"api:privacy_{name}": "voices.erase" for name in ("erasures", "receipt", "erase", "retentions", "retention", "backups_renew")},
    "api:privacy_unmask": "voices.unmask",
}


def prepare(world: World) -> None:
    """Open facts, for every page asks them."""
    from huiyin.server.understand.reading.facts import open_store

    open_store(place())
