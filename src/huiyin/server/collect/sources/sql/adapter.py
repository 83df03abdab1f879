"""A query on another database, by schedule, read-only, from a rising column on."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import pymysql
from django.utils.translation import gettext_lazy as _
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from huiyin.server.collect.sources.adapter import Adapter, Pulled, Setting, SourceRefused, Trial
from huiyin.server.collect.sources.entries import entry_or_reject
from huiyin.server.collect.sources.folder.adapter import roots
from huiyin.server.collect.sources.models import Source, SourceRun
from huiyin.server.collect.sources.outgoing import allowed, checked_address

ROWS = 500
_TIMEOUT = 60
_PATIENCE = 20
"""Seconds for an answer, and for a connection."""
_READS = re.compile(r"\s*(?:select|with)\b", re.IGNORECASE)
_KINDS = ("postgresql", "mysql", "mariadb", "mssql", "oracle", "sqlite", "clickhouse")
_OPTIONS = frozenset(
    {
        "application_name", "charset", "client_encoding", "connect_timeout", "driver", "encrypt", "protocol", "secure", "service_name", "ssl",
        "sslrootcert",
        "sslmode", "trustservercertificate", "verify",
    }
)  # fmt: skip
"""What may stand behind the `?` of an address. Others name hosts, sockets or files past what is checked (`host`, `service`, `unix_socket` …)."""


class Queried(Protocol):
    """What a query is asked of: a source, or a feed of operations."""

    config: Any

    @property
    def secrets(self) -> Mapping[str, Any]:
        """The secret settings, in clear."""
        ...


class Sql(Adapter):
    """Rows of a query. Columns are named like the fields of a record, e.g. `SELECT id AS external_id, note AS text …`."""

    kind = "sql"
    name = _("数据库查询")
    about = _("从别的系统的数据库里按时取新行，只读")
    pulls = True
    settings = (
        Setting("url", _("数据库地址"), "secret", True, _("例如 mysql+pymysql://用户:口令@主机/库 或 postgresql+psycopg://…；用一个只能读的账号")),
        Setting("query", _("查询"), "lines", True, _("列名用 text、external_id、occurred_at、rating、product……；:after 是上次取到的位置")),
        Setting("rising", _("递增列"), "text", help=_("结果里的一列，例如自增编号或更新时间；写了它，查询里就用 :after，并按它排序")),
        Setting("start", _("从哪里开始"), "text", help=_("第一次的 :after，例如 0 或 2025-01-01"), default="0"),
    )

    def check(self, config: Mapping[str, Any], secrets: Mapping[str, Any]) -> dict[str, Any]:
        """The query reads, the address is one."""
        query = str(config["query"]).strip().rstrip(";")
        if not _READS.match(query) or ";" in query:
            raise SourceRefused("只能写一条 SELECT", "Only a single SELECT is allowed", "query")
        if config.get("rising") and ":after" not in query:
            raise SourceRefused("写了递增列，查询里就要用 :after", "With a rising column the query has to use :after", "query")
        _address(str(secrets["url"]))
        return {**config, "query": query}

    def test(self, source: Source) -> Trial:
        """Connect and ask for the first row."""
        found = self.preview(source, 1)
        columns = "、".join(found[0]) if found else "—"
        return Trial(f"连上了，列：{columns}", f"Connected; columns: {columns}", {"columns": list(found[0]) if found else []})

    def preview(self, source: Source, most: int = 5) -> list[dict[str, Any]]:
        """The first rows."""
        return [dict(row) for _, row in zip(range(most), self.rows(source, source.cursor, most), strict=False)]

    def run(self, source: Source, run: SourceRun, cursor: Any) -> Iterator[Pulled]:
        """Rows after `cursor`, in steps; the rising column of the last row of a step is the next cursor."""
        rising = source.config.get("rising") or ""
        step: list[Any] = []
        done, last = 0, (cursor or {}).get("after")
        for row in self.rows(source, cursor):
            if rising and rising not in row:
                raise SourceRefused(f"结果里没有递增列「{rising}」", f"The result has no column '{rising}'", "rising")
            step.append(entry_or_reject(row, live=False))
            last = row[rising] if rising else None
            if len(step) >= ROWS:
                done += len(step)
                yield Pulled(step, {"after": last}, done)
                step = []
        yield Pulled(step, {"after": last}, done + len(step))

    def rows(self, source: Queried, cursor: Any, most: int | None = None) -> Iterator[dict[str, Any]]:
        """Rows of the query after `cursor`, as they come; who wants only the first says how many.

        Raises:
            SourceRefused: the database does not answer as it should.
        """
        engine = _engine(str(source.secrets.get("url", "")))
        try:
            with engine.connect() as connection:
                _read_only(connection)
                ways: dict[str, Any] = {"stream_results": True, "yield_per": ROWS}
                if most is not None and connection.dialect.name in ("mysql", "mariadb"):
                    # Its driver reads a stream to the end before it lets go of it.
                    connection.execute(text("SET sql_select_limit = :most"), {"most": most})
                    ways = {}
                after = (cursor or {}).get("after")
                values = {"after": _typed(after if after is not None else source.config.get("start", ""))} if source.config.get("rising") else {}
                result = connection.execution_options(**ways).execute(text(source.config["query"]), values)
                for row in result.mappings():
                    yield {name: _plain(value) for name, value in row.items()}
        except SQLAlchemyError as error:
            # The text of a driver's error may hold the address with its password: only its kind and code are told.
            kind = type(getattr(error, "orig", None) or error).__name__
            raise SourceRefused(
                f"数据库没有答应（{kind}）：检查地址、账号和查询", f"The database refused ({kind}): check address, account and query"
            ) from None
        finally:
            engine.dispose()


def _address(given: str) -> URL:
    try:
        url = make_url(given)
    except ArgumentError:
        raise SourceRefused("数据库地址读不懂", "The address of the database cannot be read", "url") from None
    if url.get_backend_name() not in _KINDS:
        raise SourceRefused("不认识这种数据库", "This kind of database is not known", "url")
    foreign = sorted(name for name in url.query if name.lower() not in _OPTIONS)
    if foreign:
        raise SourceRefused(f"数据库地址里不能写 {foreign[0][:40]}", f"The address of a database may not state {foreign[0][:40]}", "url")
    return url


def _file(url: URL) -> URL:
    """A SQLite file, opened for reading only. It lies where sources may look: the server's own state is a SQLite file as well."""
    path = Path(url.database or "").resolve()
    if not url.database or not any(root in path.parents for root in roots()):
        raise SourceRefused(
            "这个数据库文件没有开放给来源读：要在数据文件夹的 inbox 或 HUIYIN_FOLDERS 列出的文件夹里面",
            "This database file is not open to sources: it has to lie inside `inbox` of the data folder, or a folder named in HUIYIN_FOLDERS",
            "url",
        )
    # A path that does not exist must not make a file, and what it holds must not read as an option.
    return url.set(database=f"file:{quote(str(path))}", query={"mode": "ro", "uri": "true"})


def _engine(given: str) -> Engine:
    """An engine that goes to the address that was looked at: a name that answers differently the second time gains nothing.

    Without a host a driver goes to this machine, which counts as naming it.
    """
    url = _address(given)
    if url.get_backend_name() == "sqlite":
        return _made(_file(url))
    url = url.set(host=url.host or "localhost")
    name = str(url.host)
    address = checked_address(name, url.port or 0)
    driver = url.get_driver_name()
    if driver in ("psycopg", "psycopg2"):
        # The certificate is still that of the name.
        engine = _made(url.update_query_dict({"hostaddr": address}))
        event.listen(engine, "connect", _limit_postgres)
    elif driver == "pymysql":
        engine = _made(url)
        event.listen(engine, "do_connect", _mysql_at(address))
    else:
        # Others find their own way to a name. The name of a server with a certificate is the operator's to trust.
        engine = _made(url if name.lower() in allowed() else url.set(host=address))
    return engine


def _made(url: URL) -> Engine:
    try:
        return create_engine(url, pool_size=1, hide_parameters=True)
    except (NoSuchModuleError, ImportError):
        kind = url.drivername
        raise SourceRefused(f"没有装 {kind} 的驱动", f"The driver for {kind} is not installed", "url") from None


def _mysql_at(address: str) -> Callable[..., Any]:
    """Connects PyMySQL to an address; the certificate is still that of the name."""

    def connect(dialect: Any, record: Any, given: list[Any], named: dict[str, Any]) -> Any:
        # A password is letters to people and bytes to the server; the driver alone takes Latin-1 only.
        named["password"] = str(named.get("password") or "").encode()
        made = pymysql.connect(*given, **named, defer_connect=True, local_infile=False, read_timeout=_TIMEOUT)
        try:
            made.connect(socket.create_connection((address, made.port), _PATIENCE))
        except OSError as error:
            raise pymysql.err.OperationalError(type(error).__name__) from None
        return made

    return connect


def _limit_postgres(connection: Any, record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET statement_timeout = '{_TIMEOUT}s'")
    connection.commit()


def _read_only(connection: Connection) -> None:
    if connection.dialect.name in ("postgresql", "mysql", "mariadb"):
        connection.execute(text("SET TRANSACTION READ ONLY"))


def _typed(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,18}", value):
        return int(value)
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "replace")
    return value


ADAPTER = Sql()
