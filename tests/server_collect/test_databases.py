"""Databases of other systems, asked as sources: a real MariaDB and a real PostgreSQL."""

from __future__ import annotations

import json
import socket

import psycopg
import pymysql
import pytest

from huiyin.server.collect.feedback.models import Inbox
from huiyin.server.collect.sources.adapters import adapter_of
from tests.server_collect.databases import throw_away_mariadb, throw_away_postgres
from tests.server_collect.test_fetched_sources import fetched

pytestmark = pytest.mark.django_db
ROWS = 1200
QUERY = "SELECT id AS external_id, words AS text, at AS occurred_at, id FROM note WHERE id > :after ORDER BY id"
MADE = "CREATE TABLE note (id INT PRIMARY KEY, words VARCHAR(200), at TIMESTAMP)"
ADDED = "INSERT INTO note (id, words, at) VALUES (%s, %s, '2026-03-01 10:00:00')"


@pytest.fixture(scope="module")
def mysql(tmp_path_factory):
    """(connection that fills it, address of the source)."""
    with throw_away_mariadb(tmp_path_factory.mktemp("mysql")) as port:
        connection = pymysql.connect(host="127.0.0.1", port=port, user="huiyin", password="口令".encode(), database="shop", autocommit=True)
        yield connection, f"mysql+pymysql://huiyin:%E5%8F%A3%E4%BB%A4@shop.example:{port}/shop"
        connection.close()


@pytest.fixture(scope="module")
def postgres(tmp_path_factory):
    with throw_away_postgres(tmp_path_factory.mktemp("postgres")) as url:
        connection = psycopg.connect(url, autocommit=True)
        yield connection, url.replace("postgres://", "postgresql+psycopg://").replace("127.0.0.1", "shop.example")
        connection.close()


@pytest.fixture
def known(monkeypatch):
    """shop.example is this machine, and the operator trusts it; gives how often the name was asked for."""
    asked = []
    real = socket.getaddrinfo

    def found(host, *given, **named):
        if host == "shop.example":
            asked.append(host)
            return real("127.0.0.1", *given, **named)
        return real(host, *given, **named)

    monkeypatch.setattr(socket, "getaddrinfo", found)
    monkeypatch.setenv("HUIYIN_OUTGOING_ALLOW", "shop.example")
    return asked


@pytest.mark.parametrize("kind", ["mysql", "postgres"])
def test_a_querys_new_rows_are_taken_in_from_where_it_was(source, known, request, kind):
    connection, url = request.getfixturevalue(kind)
    with connection.cursor() as cursor:
        cursor.execute(MADE)
        cursor.executemany(ADDED, [(n, f"第{n}条意见，师傅修得真快😊") for n in range(1, ROWS + 1)])
    here = source("sql", "商城", values={"url": url, "query": QUERY, "rising": "id"})
    assert adapter_of("sql").test(here).details["columns"] == ["external_id", "text", "occurred_at", "id"]
    assert fetched(here).created == ROWS
    assert here.cursor == {"after": ROWS}
    with connection.cursor() as cursor:
        cursor.execute(ADDED, (ROWS + 1, "新来的一条"))
    run = fetched(here)
    assert (run.read, run.created) == (1, 1)
    assert "师傅修得真快😊" in json.loads(Inbox.objects.filter(source=here).order_by("id").first().raw)["text"]
    # Tried, fetched, fetched: a name that is asked for once a connection cannot lead elsewhere the second time.
    assert len(known) == 3


@pytest.mark.parametrize("kind", ["mysql", "postgres"])
def test_a_query_that_writes_is_refused_by_the_database(source, known, request, kind):
    connection, url = request.getfixturevalue(kind)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept (id INT PRIMARY KEY)")
    writes = {
        "mysql": "SELECT 1 AS text INTO OUTFILE '/tmp/huiyin-must-not-be.txt'",
        "postgres": "WITH gone AS (INSERT INTO kept VALUES (1) RETURNING id) SELECT id AS text FROM gone",
    }
    here = source("sql", "商城", values={"url": url, "query": writes[kind]})
    assert fetched(here).state == "failed"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kept")
        assert cursor.fetchone()[0] == 0
