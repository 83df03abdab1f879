"""A ClickHouse database reached by URL, and its failures in plain words."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import clickhouse_connect
import pyarrow as pa
from clickhouse_connect.driver.exceptions import ClickHouseError

from huiyin.facts.clickhouse_tables import columns
from huiyin.facts.dialect import SETTINGS
from huiyin.facts.errors import FactsError
from huiyin.facts.results import plain


class Server:
    """One client, shared by all threads: no session is kept between two calls."""

    def __init__(self, url: str) -> None:
        """Connect; the database of the URL is made if missing.

        Raises:
            FactsError: the server cannot be reached, or refuses.
        """
        self.place = _without_password(url)
        with self.explained():
            self._client = _connected(url)

    def close(self) -> None:
        """Let the connection go."""
        self._client.close()

    def arrow(self, sql: str, values: Mapping[str, object] | None = None) -> pa.Table:
        """Rows of a query in ClickHouse's own SQL, with named parameters."""
        with self.explained():
            return self._client.query_arrow(sql, parameters=dict(values or {}))

    def rows(self, sql: str, values: Mapping[str, object] | None = None) -> Sequence[Sequence[Any]]:
        """The same as plain values."""
        with self.explained():
            found: Sequence[Sequence[Any]] = self._client.query(sql, parameters=dict(values or {})).result_rows
            return found

    def command(self, sql: str, values: Mapping[str, object] | None = None) -> None:
        """Run a statement that gives no rows."""
        with self.explained():
            self._client.command(sql, parameters=dict(values or {}))

    def insert(self, table: str, rows: pa.Table) -> None:
        """Add the rows of an Arrow table, as one block that is seen whole."""
        if rows.num_rows:
            with self.explained():
                self._client.insert_arrow(table, rows)

    def put(self, table: str, rows: Sequence[Sequence[object]], names: Sequence[str]) -> None:
        """Add a few rows."""
        if rows:
            with self.explained():
                self._client.insert(table, rows, names)

    @contextmanager
    def given(self, tables: Mapping[str, pa.Table]) -> Iterator[dict[str, str]]:
        """Arrow tables as tables of the server for the length of a block: name → name there."""
        names = {name: f"given_{uuid.uuid4().hex}" for name in tables}
        try:
            for name, table in tables.items():
                rows = plain(table)
                self.command(f"CREATE TABLE {names[name]} ({columns(rows.schema, plain=True)}) ENGINE = Memory")
                self.insert(names[name], rows)
            yield names
        finally:
            for name in names.values():
                with suppress(FactsError):
                    self.command(f"DROP TABLE IF EXISTS {name}")

    @contextmanager
    def explained(self) -> Iterator[None]:
        """What the client reports, as a `FactsError`."""
        try:
            yield
        except (ClickHouseError, OSError) as error:
            said = " ".join(str(error).split())[:400]
            raise FactsError(
                f"ClickHouse（{self.place}）没有完成：{said}。请检查地址、账号和服务状态",
                f"ClickHouse ({self.place}) did not complete: {said}. Check the address, the account and the server",
            ) from error


def _connected(url: str) -> Any:
    """A client on the database of the URL, which is made if missing. No session: threads share the client."""
    parts = urlsplit(url)
    database = parts.path.strip("/").split("/")[0] or "huiyin"
    server = urlunsplit((parts.scheme, parts.netloc, "", parts.query, ""))
    options: dict[str, Any] = {"settings": dict(SETTINGS)}
    if parts.scheme == "chdb":
        options["interface"] = "chdb"
    else:
        options |= {"interface": parts.scheme.removeprefix("clickhouse+") or "http", "autogenerate_session_id": False}
    first = clickhouse_connect.get_client(dsn=server, **options)
    try:
        first.command(f"CREATE DATABASE IF NOT EXISTS `{database}`")
        return clickhouse_connect.get_client(dsn=server, database=database, **options)
    finally:
        # Not before the second is open: the embedded engine ends with its last client.
        first.close()


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
