"""A real server in a process of its own, for what only a real one can show: kills, load, streams."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.ports import free_port

SECRET_KEY = "for-this-test-alone-Yp2mQz9Xv4Lr8Nw3Bt6Hc1Jf5Ds0GaKeUo7Ti2Py9Rx4Wv8ZbMq"

PREPARE = """
import json, sys
from huiyin.server.serve import prepare
prepare()
import django
django.setup()
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
from huiyin.server.collect.sources.services import run_start, source_make
from huiyin.server.collect.sources.upload.services import keep_file
from huiyin.server.foundation.people.models import RoleGrant
from huiyin.server.foundation.people.services.keys import key_make
from huiyin.server.foundation.people.services.users import user_make
from huiyin.server.foundation.writing import state_write
with state_write():
    user = user_make(email="analyst@example.com", display_name="分析师", password="正确的马电池订书钉")
    RoleGrant.objects.get_or_create(user=user, role="analyst")
user = type(user).objects.get(pk=user.pk)
rows = int(sys.argv[1])
if rows:
    text = "编号,评价内容\\n" + "".join(f"u{n},第{n}位客人说早餐不错\\n" for n in range(rows))
    given = type("Given", (), {"name": "big.csv", "chunks": lambda self: [text.encode()]})()
    run_start(source_make("upload", "大文件"), {"files": [keep_file(given)], "read": {"id": "编号"}})
print(json.dumps({"key": key_make(user, name="测试", scopes=["voices.send", "voices.read"])[1]}))
"""

STATE = """
import json
from huiyin.server.serve import prepare
prepare()
import django
django.setup()
from huiyin.server.collect.feedback.models import Inbox
from huiyin.server.collect.sources.models import Source, SourceRun
from huiyin.server.foundation.jobs.models import Job
from huiyin.server.understand.reading.facts import open_store
facts = open_store()
rows = facts.query("SELECT source, external_id, feedback_id FROM feedback").to_pylist()
print(json.dumps({
    "rows": [[one["source"], one["external_id"], one["feedback_id"]] for one in rows],
    "stray": facts.query("SELECT count(*) AS n FROM mention WHERE feedback_id NOT IN (SELECT feedback_id FROM feedback)")["n"][0].as_py(),
    "inbox": Inbox.objects.count(), "new": Inbox.objects.filter(state="new").count(),
    "runs": list(SourceRun.objects.values_list("state", "read", "created")), "jobs": list(Job.objects.values_list("kind", "state")),
    "sources": list(Source.objects.values_list("key", flat=True)),
}))
"""

WAIT = """
import time
from huiyin.server.serve import prepare
prepare()
import django
django.setup()
from huiyin.server.collect.feedback.models import Inbox
from huiyin.server.collect.sources.models import SourceRun
end = time.monotonic() + 240
while Inbox.objects.filter(state="new").exists() or SourceRun.objects.exclude(state="done").exists():
    assert time.monotonic() < end, (Inbox.objects.filter(state="new").count(), list(SourceRun.objects.values_list("state", "read", "created")))
    time.sleep(0.2)
print("true")
"""


class Server:
    """A data folder, and the server that may run on it."""

    def __init__(self, data: Path, database: str = "") -> None:
        self.data, self.key = data, ""
        self.port = free_port()
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("HUIYIN_", "DJANGO_"))}
        self.environment = {**kept, "HUIYIN_DATA": str(data), "HUIYIN_SECRET_KEY": SECRET_KEY, "HUIYIN_URL": f"http://127.0.0.1:{self.port}"}
        if database:
            self.environment["HUIYIN_DATABASE"] = database
        self.process: subprocess.Popen[bytes] | None = None

    def script(self, code: str, *arguments: str) -> Any:
        """What a short program with the server's settings prints."""
        done = subprocess.run([sys.executable, "-c", code, *arguments], env=self.environment, capture_output=True, check=False, timeout=300)
        assert done.returncode == 0, done.stderr.decode()[-3000:]
        return json.loads(done.stdout.splitlines()[-1])

    def prepare(self, rows: int = 0) -> None:
        """An empty server with a person, a key, and perhaps a file that waits to be taken in."""
        self.key = self.script(PREPARE, str(rows))["key"]

    def start(self) -> None:
        """Run it until it answers."""
        command = [sys.executable, "-m", "huiyin.server.serve", "127.0.0.1", str(self.port)]
        with open(self.data / "server.log", "ab") as log:
            self.process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
        end = time.monotonic() + 90
        while time.monotonic() < end:
            assert self.process.poll() is None, (self.data / "server.log").read_text()[-3000:]
            with suppress(OSError):
                if self.get("/api/v1/me")[0] == 200:
                    return
            time.sleep(0.1)
        raise AssertionError((self.data / "server.log").read_text()[-3000:])

    def kill(self) -> None:
        """SIGKILL."""
        assert self.process
        self.process.kill()
        self.process.wait(30)

    def stop(self) -> float:
        """SIGTERM; gives how long it took."""
        assert self.process
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        return time.monotonic() - begun

    def connection(self) -> http.client.HTTPConnection:
        """A connection to it."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def get(self, path: str) -> tuple[int, bytes]:
        """Ask for a path with the key."""
        connection = self.connection()
        try:
            connection.request("GET", path, headers={"Authorization": f"Bearer {self.key}"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def post(self, connection: http.client.HTTPConnection, path: str, body: Any) -> tuple[int, bytes]:
        """Send JSON with the key over an open connection."""
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        connection.request("POST", path, json.dumps(body).encode(), headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
