"""A real stream from a real server: it brings what happens, and does not hold the server up when it is told to stop."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from tests.server_collect.databases import throw_away_postgres
from tests.server_collect.running import STATE, Server

SESSION = """
import json
from huiyin.server.serve import prepare
prepare()
import django
django.setup()
from django.test import Client
from huiyin.server.foundation.people.models import User
client = Client()
client.force_login(User.objects.get())
print(json.dumps(client.cookies["huiyin_session"].value))
"""


def test_a_listener_hears_what_comes_in_and_the_server_stops_while_it_listens(tmp_path):
    tmp_path.chmod(0o700)
    server = Server(tmp_path)
    server.prepare()
    cookie = server.script(SESSION)
    server.start()
    listener, sender = server.connection(), server.connection()
    listener.request("GET", "/live/?topic=inbox", headers={"Cookie": f"huiyin_session={cookie}"})
    stream = listener.getresponse()
    assert (stream.status, stream.headers["Content-Type"]) == (200, "text/event-stream; charset=utf-8")
    assert stream.readline() == b"retry: 3000\n"
    assert server.post(sender, "/api/v1/feedback", {"external_id": "1", "text": "很好"})[0] == 201
    lines = [stream.readline() for _ in range(4)]
    assert b"event: inbox\n" in lines
    stranger = server.connection()
    stranger.request("GET", "/live/?topic=inbox")
    assert stranger.getresponse().status == 401
    assert server.stop() < 8
    assert stream.read() == b""


def test_the_first_records_of_many_senders_at_once_meet_in_one_source(tmp_path):
    (tmp_path / "data").mkdir(mode=0o700)
    with throw_away_postgres(tmp_path) as url:
        server = Server(tmp_path / "data", url)
        server.prepare()
        server.start()
        senders = 8
        together = threading.Barrier(senders)

        def send(number):
            connection = server.connection()
            connection.connect()
            together.wait()
            return server.post(connection, "/api/v1/feedback", {"external_id": f"a{number}", "text": "很好"})[0]

        with ThreadPoolExecutor(senders) as pool:
            assert list(pool.map(send, range(senders))) == [201] * senders
        server.stop()
        assert server.script(STATE)["sources"] == ["rest"]
