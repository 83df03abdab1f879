"""A connection that keeps to itself: no bar on standard output, no variables of the program, times in UTC."""

from __future__ import annotations

from contextlib import suppress

import duckdb


def quiet(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Settle a new connection and give it back."""
    # Its bar would be drawn on standard output, which belongs to the caller. In a notebook the engine refuses to touch the setting
    # where it could draw none anyway, for want of ipywidgets.
    with suppress(duckdb.InvalidInputException):
        connection.execute("SET enable_progress_bar = false")
    # A name in a query must never find a variable of the program.
    connection.execute("SET python_enable_replacements = false; SET TimeZone = 'UTC'")
    return connection
