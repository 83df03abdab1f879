"""A real server is killed again and again while it reads the history under a new version; at the end every voice is read once, by it."""

from __future__ import annotations

import json
import sqlite3
import time
from pathlib import Path

from tests.server_collect.running import WAIT, Server

ROWS = 6000
PUBLISH = """
from huiyin.server.serve import prepare
prepare()
import django
django.setup()
from huiyin.server.foundation.people.models import User
from huiyin.server.understand.reading import facts
from huiyin.server.understand.taxonomy.services import drafts
from huiyin.server.understand.taxonomy.services.publishing import draft_publish
facts.open_store(":memory:")  # the server holds the file; a draft needs no more than the name of the version in use
user = User.objects.get()
drafts.draft_begin(user)
(made,) = drafts.node_add(user, "", ["客人"])
drafts.node_change(user, made.id, {"seeds": ["位客人"], "key": "guest"})
print(draft_publish(user, "客人另算").number)
"""
STANDS = """
import json
from huiyin.server.serve import prepare
prepare()
import django
django.setup()
from huiyin.server.collect.feedback.models import Inbox
from huiyin.server.foundation.jobs.models import Job
from huiyin.server.understand.reading.facts import open_store
store = open_store()
count = lambda sql, **more: store.query(sql, **more)["n"][0].as_py()
print(json.dumps({
    "version": store.version,
    "voices": count("SELECT count(*) AS n FROM feedback"),
    "distinct": count("SELECT count(DISTINCT feedback_id) AS n FROM feedback"),
    "placed": count("SELECT count(DISTINCT feedback_id) AS n FROM mention WHERE aspect = 'guest' AND version = 'v2'"),
    "twice": count("SELECT count(*) AS n FROM (SELECT 1 FROM mention GROUP BY version, feedback_id, mention_no HAVING count(*) > 1) t"),
    "before": count("SELECT count(DISTINCT feedback_id) AS n FROM mention WHERE version = 'initial'"),
    "read_by": sorted(set(Inbox.objects.values_list("text_version", flat=True))),
    "job": list(Job.objects.filter(kind="taxonomy.apply").values_list("state", flat=True)),
}))
"""


def apply_job(data: Path) -> tuple[str, int, int]:
    """(state, done, total) of the job as the database has it."""
    file = data / "state.sqlite3"
    with sqlite3.connect(file, timeout=30) as database:
        row = database.execute("SELECT state, progress FROM jobs_job WHERE kind = 'taxonomy.apply'").fetchone()
    said = json.loads(row[1] or "{}")
    return row[0], int(said.get("done") or 0), int(said.get("total") or 0)


def until(data: Path, more_than: int) -> tuple[str, int, int]:
    """The job once it came further than that, or is done."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        state, done, total = apply_job(data)
        if state == "done" or done > more_than:
            return state, done, total
        time.sleep(0.02)
    raise AssertionError(f"the job did not come further than {more_than}: {apply_job(data)}")


def test_killed_while_history_is_read_again_it_goes_on_where_it_was(tmp_path):
    tmp_path.chmod(0o700)
    server = Server(tmp_path)
    server.prepare(ROWS)
    server.start()
    assert server.script(WAIT)
    assert server.script(PUBLISH) == 2
    kills, reached = 0, 0
    for _ in range(3):
        state, reached, _total = until(tmp_path, reached)
        if state == "done":
            break
        server.kill()
        kills += 1
        assert apply_job(tmp_path)[1] >= reached
        server.start()
    assert kills >= 1, "the job was done before it could be killed"
    until(tmp_path, ROWS)
    server.stop()
    stands = server.script(STANDS)
    assert stands["job"] == ["done"]
    assert stands["version"] == "v2"
    assert stands["voices"] == stands["distinct"] == stands["placed"] == ROWS
    assert stands["twice"] == 0
    assert stands["before"] == ROWS, "the former version can still be asked"
    assert len(stands["read_by"]) == 1
    assert "@v2." in stands["read_by"][0]
