"""Limits hold for the installation: over two processes that serve at once, and over a restart."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from tests.server.world import PASSWORD, World
from tests.server_collect.databases import throw_away_postgres

from huiyin.server.foundation.shared import tables as shared_tables
from huiyin.server.foundation.shared.pace import Rate, take

BEGIN = """
import json, sys
from huiyin.server.serve import prepare
prepare()
import django
django.setup()
from django.conf import settings
settings.ALLOWED_HOSTS.append("testserver")
from django.test import Client
from huiyin.server.foundation.people.models import User
def key_asked():
    answer = Client().get("/api/v1/me", headers={"Authorization": "Bearer " + sys.argv[1]})
    return answer.status_code, int(answer.headers["RateLimit-Remaining"])
def guessed(password="wrong-guess-00"):
    answer = Client().post("/sign-in/", {"login": "a@example.com", "password": password})
    return answer.status_code
print("ready", flush=True)
for line in sys.stdin:
    print(json.dumps(eval(line, globals())), flush=True)
"""
PREPARE = f"""
from huiyin.server.serve import prepare
prepare()
import django
django.setup()
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
from huiyin.server.foundation.people.services.keys import key_make
from huiyin.server.foundation.people.services.users import user_make
owner = user_make(email="a@example.com", display_name="甲", password="{PASSWORD}", roles=["administrator"])
print(key_make(owner, name="仓库", scopes=["people.read"])[1])
"""


class Process:
    """One process that serves, asked line by line."""

    def __init__(self, environment: dict[str, str], key: str) -> None:
        self._running = subprocess.Popen(
            [sys.executable, "-c", BEGIN, key], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        assert self._running.stdout and self._running.stdout.readline() == "ready\n"

    def ask(self, what: str) -> Any:
        assert self._running.stdin and self._running.stdout
        self._running.stdin.write(what + "\n")
        return json.loads(self._running.stdout.readline())

    def kill(self) -> None:
        self._running.kill()
        self._running.communicate()


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def environment(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    data = tmp_path_factory.mktemp("data")
    data.chmod(0o700)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HUIYIN_", "DJANGO_"))}
    given = {**kept, "HUIYIN_DATA": str(data), "HUIYIN_API_RATE": "9/h"}
    if request.param == "sqlite":
        yield given
        return
    with throw_away_postgres(tmp_path_factory.mktemp("server")) as url:
        yield {**given, "HUIYIN_DATABASE": url}


def test_two_processes_count_together_and_a_restart_forgets_nothing(environment: dict[str, str]) -> None:
    prepared = subprocess.run([sys.executable, "-c", PREPARE], env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert prepared.returncode == 0, prepared.stderr[-2000:]
    key = prepared.stdout.split()[-1]
    one, two = Process(environment, key), Process(environment, key)
    try:
        asked = [process.ask("key_asked()") for _ in range(5) for process in (one, two)]
        assert asked == [[200, left] for left in range(8, -1, -1)] + [[429, 0]]
        assert [process.ask("guessed()") for process in (one, two, one, two, one)] == [200] * 5
        one.kill()
        two.kill()
        one = Process(environment, key)
        assert one.ask("key_asked()") == [429, 0]
        # Five wrong ones in two processes: the right one does not let in now, in a third that knows of none.
        assert one.ask(f"guessed({PASSWORD!r})") in (200, 429)
    finally:
        one.kill()
        two.kill()


def test_answers_say_how_many_are_left_and_when_there_are_more(world: World, settings: Any) -> None:
    settings.API_RATE = "2/10m"
    answers = [Client().get("/api/v1/me", headers={"Authorization": f"Bearer {world.key_text}"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
    assert {(answer.headers["RateLimit-Limit"], answer.headers["RateLimit-Policy"]) for answer in answers} == {("2", "2;w=600")}
    assert answers[2].headers["Retry-After"] == answers[2].headers["RateLimit-Reset"]
    assert 590 < int(answers[2].headers["Retry-After"]) <= 600
    other = Client()
    other.force_login(world.administrator)
    assert other.get("/api/v1/me").status_code == 200


def test_what_is_kept_tells_no_names(world: World) -> None:
    Client().post("/sign-in/", {"login": "analyst@example.com", "password": "wrong-guess-00"}, REMOTE_ADDR="203.0.113.77")
    take("box:1:203.0.113.77", Rate(3, 60))
    rows = [*shared_tables.tables().ask("SELECT * FROM shared_notes"), *shared_tables.tables().ask("SELECT * FROM shared_paces")]
    assert len(rows) >= 3
    assert "203.0.113" not in str(rows) and "analyst" not in str(rows)


def test_a_window_that_is_over_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    rate, now = Rate.read("2/m"), 1_000_000.0
    monkeypatch.setattr("huiyin.server.foundation.shared.pace.time.time", lambda: now)
    assert [take("x", rate).allowed for _ in range(3)] == [True, True, False]
    now += 59
    assert (take("x", rate).allowed, take("x", rate).wait) == (False, 1.0)
    now += 1
    assert take("x", rate).left == 1


@pytest.mark.parametrize("written", ["", "600", "0/m", "x/m", "5/w", "-1/s"])
def test_what_is_no_rate_is_said(written: str) -> None:
    with pytest.raises(ValueError, match="600/m"):
        Rate.read(written)


def test_a_damaged_file_is_begun_anew_and_an_unreachable_one_still_counts(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    broken = tmp_path / "shared.sqlite3"
    broken.write_bytes(b"not a database at all, for certain" * 200)
    sql = "INSERT INTO shared_paces VALUES (?, 1, 9e9)"
    shared_tables.Tables(lambda: shared_tables._File(broken)).ask(sql, "a")
    assert sqlite3.connect(broken).execute("SELECT name FROM shared_paces").fetchall() == [("a",)]
    away = shared_tables.Tables(lambda: shared_tables._File(tmp_path / "nowhere" / "x"))
    away.ask(sql, "a")
    assert away.ask("SELECT name FROM shared_paces") == [("a",)]
    assert [record.message for record in caplog.records if "this process only" in record.message]


def test_the_cache_keeps_adds_and_forgets() -> None:
    assert cache.add("k", ["a", 1], 60)
    assert not cache.add("k", "other", 60)
    assert cache.get("k") == ["a", 1]
    assert cache.touch("k", -1)
    assert cache.get("k", "gone") == "gone"
    assert cache.add("k", True, 60)
    assert cache.delete("k")
    assert not cache.delete("k")
