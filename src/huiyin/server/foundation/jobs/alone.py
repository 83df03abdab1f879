"""Is this the only server on its database? Then whatever runs by the job table does not run any more."""

from __future__ import annotations

from typing import Any

from django.db import connection

_SERVERS = 0x68756979
"""The advisory lock that every server shares while it lives; PostgreSQL lets go of it with the connection, also of a killed one."""

_held: list[Any] = []


def join_servers() -> bool:
    """Be one of the servers until `leave_servers`; gives whether there was no other. SQLite has one process by design."""
    if connection.vendor == "sqlite":
        return True
    if connection.vendor != "postgresql":
        return False
    own = connection.copy()
    with own.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_SERVERS])
        alone = bool(cursor.fetchone()[0])
        cursor.execute("SELECT pg_advisory_lock_shared(%s)", [_SERVERS])
        if alone:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_SERVERS])
    _held.append(own)
    return alone


def leave_servers() -> None:
    """Let go."""
    while _held:
        _held.pop().close()
