"""A real server that reads a real queue and is killed in the middle: every message stands in the facts once, none is left behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server_collect.broker import broker
from tests.server_collect.running import STATE, Server

pytestmark = pytest.mark.skipif(not Path("/usr/lib/rabbitmq/bin/rabbitmq-server").exists(), reason="there is no rabbitmq-server to start")

MAKE = """
import sys
from huiyin.server.serve import prepare
prepare()
import django
django.setup()
from huiyin.server.collect.sources.services import source_make
values = {"host": "127.0.0.1", "tls": "none", "port": int(sys.argv[1]), "user": "guest", "password": "guest", "queue": "feedback", "prefetch": 20}
source_make("queue", "订单系统", values)
print("true")
"""

UNTIL = """
import sys, time
from huiyin.server.serve import prepare
prepare()
import django
django.setup()
from huiyin.server.collect.feedback.models import Inbox
wanted, end = int(sys.argv[1]), time.monotonic() + 120
while Inbox.objects.filter(state__in=sys.argv[2].split(",")).count() < wanted:
    assert time.monotonic() < end, (Inbox.objects.count(), Inbox.objects.filter(state="done").count())
    time.sleep(0.05)
print("true")
"""


def test_a_killed_server_loses_no_message_and_doubles_none(tmp_path):
    tmp_path.chmod(0o700)
    with broker() as rabbit:
        rabbit.declare("feedback")
        server = Server(tmp_path)
        server.environment["HUIYIN_OUTGOING_ALLOW"] = "127.0.0.1"
        server.prepare()
        server.script(MAKE, str(rabbit.port))
        names = [f"m{n}" for n in range(600)]
        rabbit.put("feedback", [{"external_id": one, "text": f"{one}：配送太慢"} for one in names[:300]])
        server.start()
        server.script(UNTIL, "20", "new,done")
        server.kill()
        rabbit.put("feedback", [{"external_id": one, "text": f"{one}：配送太慢"} for one in names[300:]])
        server.start()
        server.script(UNTIL, "600", "done")
        assert server.stop() < 60
        assert rabbit.waiting("feedback") == 0
        state = server.script(STATE)
        assert sorted(external for _, external, _ in state["rows"]) == sorted(names)
        assert (state["inbox"], state["new"], state["stray"]) == (600, 0, 0)
