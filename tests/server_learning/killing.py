"""A real server killed while it learns, changes its model and reads history again; for the tests and for `benchmarks/kill_rounds.py`."""

from __future__ import annotations

import json
import shutil
import threading
from contextlib import suppress
from http.client import HTTPException
from typing import Any
from urllib.parse import urlencode

import numpy as np

from tests.server_collect.killing import Tally, killed_while, sending, settled, tally
from tests.server_collect.running import WAIT, Server
from tests.server_learning.voices import BAD, GOOD, said

VOICES = 300
PAUSE = 0.3
CSRF = "kUZ3h6yWm1Tq8Rb5Ns0Xc7Vd2Lf9Pj4G"

TEACH = """
import json, sys
from huiyin.server.serve import prepare
prepare()
import django
django.setup()
from django.test import Client
from huiyin.server.foundation.people.models import User
from huiyin.server.understand.explorer.selectors import opinions_of
from huiyin.server.understand.explorer.services import opinion_correct
from huiyin.server.understand.reading.facts import close_store, open_store
meant, store, user, made = json.loads(sys.argv[1]), open_store(), User.objects.get(), 0
rows = store.query("SELECT feedback_id, external_id FROM feedback").to_pylist()
ids = {row["feedback_id"]: meant[row["external_id"]] for row in rows if row["external_id"] in meant}
for side in (-1, 1):
    wrong = [one for one in opinions_of(sorted(ids)) if one["start"] == 0 and ids[one["feedback_id"]] == side != one["polarity"]]
    made += opinion_correct(user, wrong[0], {"polarity": side}, wrong[1:])
close_store()
browser = Client()
browser.force_login(user)
print(json.dumps({"session": browser.cookies["huiyin_session"].value, "made": made}))
"""

STATE = """
import hashlib, json, sys, time
from huiyin.server.serve import prepare
prepare()
import django
django.setup()
from huiyin.server.foundation.jobs.models import Job
from huiyin.server.understand.learning.models import Candidate
from huiyin.server.understand.reading.services import model_folder, models_folder, reading_setup
end = time.monotonic() + 240
while len(sys.argv) > 1 and Job.objects.filter(kind__in=["learning.train", "reading.reread"], state__in=["waiting", "running"]).exists():
    assert time.monotonic() < end, list(Job.objects.values())
    time.sleep(0.2)
model = reading_setup().model
active = Candidate.objects.filter(state="active").first()
hashed = lambda given: hashlib.sha256(given).hexdigest()
whole = (active is None) == (not model)
if active:
    whole = active.version == model and hashed((models_folder() / model / "heads.npz").read_bytes()) == hashed(bytes(active.data))
print(json.dumps({
    "model": model, "whole": whole, "folder": str(models_folder()),
    "candidates": list(Candidate.objects.values_list("pk", "state", "version", "verdict")),
    "jobs": list(Job.objects.filter(kind__in=["learning.train", "reading.reread"]).order_by("pk").values_list("kind", "state")),
}))
"""

FACTS = """
import json
from huiyin.server.serve import prepare
prepare()
import django
django.setup()
from huiyin.server.understand.reading.facts import close_store, open_store
store = open_store()
human = "SELECT feedback_id, start, polarity FROM opinion WHERE labelled_by LIKE 'human:%' ORDER BY feedback_id, start, polarity"
twice = "SELECT count(*) AS n FROM (SELECT 1 FROM mention GROUP BY version, feedback_id, mention_no HAVING count(*) > 1) t"
print(json.dumps({
    "human": [list(one.values()) for one in store.query(human).to_pylist()],
    "corrections": sorted([one.feedback_id, one.field, one.value, one.start, one.end] for one in store.corrections()),
    "versions": sorted(store.query("SELECT DISTINCT text_version FROM feedback")["text_version"].to_pylist()),
    "twice": store.query(twice)["n"][0].as_py(),
}))
close_store()
"""


class Learner:
    """A server with voices that were read the wrong way round, and a person who corrected them and may change the model."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.session = ""
        self.acknowledged: set[str] = set()
        self.kills: dict[str, int] = {}

    def prepare(self) -> dict[str, Any]:
        """Voices come in, are read, are corrected; gives the facts before any kill. The server runs."""
        self.server.prepare()
        self.server.start()
        random = np.random.default_rng(7)
        voices = {f"t{at}": said(at, random, GOOD, BAD) for at in range(VOICES)}
        records = [{"external_id": one, "text": text, "customer_id": f"c{one}"} for one, (_, text) in voices.items()]
        connection = self.server.connection()
        assert self.server.post(connection, "/api/v1/feedback/batch", records)[0] == 200
        connection.close()
        self.acknowledged.update(voices)
        assert self.server.script(WAIT)
        self.server.stop()
        taught = self.server.script(TEACH, json.dumps({one: side for one, (side, _) in voices.items()}))
        assert taught["made"] > VOICES / 2
        self.session = taught["session"]
        before: dict[str, Any] = self.server.script(FACTS)
        self.server.start()
        return before

    def press(self, path: str, **fields: str) -> int:
        """Press a button of the screen."""
        connection = self.server.connection()
        headers = {
            "Cookie": f"huiyin_session={self.session}; huiyin_csrf={CSRF}",
            "X-CSRFToken": CSRF,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            connection.request("POST", f"/learning/{path}", urlencode(fields), headers)
            return connection.getresponse().status
        finally:
            connection.close()

    def pressed(self, path: str, **fields: str) -> None:
        """Press a button; it must have worked."""
        status = self.press(path, **fields)
        assert status in (200, 204, 302), (path, status)

    def state(self, *until_done: str) -> dict[str, Any]:
        """What the state says; at any moment the model in use is whole. With "until done", once no job of learning waits or runs."""
        found: dict[str, Any] = self.server.script(STATE, *until_done)
        assert found["whole"], found
        return found

    def retrain_killed(self, rounds: int) -> None:
        """Killed while it trains; the shipped model stays in use until a person decides."""
        at: dict[str, Any] = {"candidates": []}

        def begin(number: int) -> None:
            if at["candidates"] and at["candidates"][0][1] == "ready":
                self.pressed(f"{at['candidates'][0][0]}/decline/")
            self.pressed("start/")

        def underway() -> bool:
            at.update(self.state())
            assert at["model"] == ""
            return at["candidates"][0][1] == "training"

        self.kills["train"] = killed_while(self.server, rounds, (0.0, 6.0), begin, underway)
        (trained, *_) = self.state("until done")["candidates"]
        assert trained[1] == "ready", trained
        assert trained[3] == "better", trained

    def accept_killed(self, rounds: int) -> None:
        """Killed while the candidate is taken into use: the old model or the new one, whole. Its file is to be written each time."""
        at = self.state()
        pk, version = at["candidates"][0][0], at["candidates"][0][2]
        asked: list[threading.Thread] = []

        def accept() -> None:
            with suppress(OSError, HTTPException):
                self.press(f"{pk}/accept/")

        def begin(number: int) -> None:
            if at["model"]:
                self.pressed("back/", candidate="")
            with suppress(FileNotFoundError):
                shutil.rmtree(f"{at['folder']}/{version}")
            asked.append(threading.Thread(target=accept))
            asked[-1].start()

        def underway() -> bool:
            asked[-1].join()
            at.update(self.state())
            assert at["model"] in ("", version)
            return True

        self.kills["accept"] = killed_while(self.server, rounds, (0.0, 0.15), begin, underway)
        self.pressed(f"{pk}/accept/")
        assert self.state()["model"] == version

    def reread_killed(self, rounds: int) -> None:
        """Killed while history is read again; whenever that was done, the other model is taken and it begins anew."""
        at = self.state()
        pk = at["candidates"][0][0]

        def begin(number: int) -> None:
            if number and not _reading(at):
                self.pressed("back/", candidate="" if at["model"] else str(pk))
            self.pressed("reread/")

        def underway() -> bool:
            at.update(self.state())
            return _reading(at)

        self.kills["reread"] = killed_while(self.server, rounds, (0.3, 5.0), begin, underway)

    def settle(self) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
        """Once more all history with the model in use; then (rows, facts, state) of the stopped server."""
        self.state("until done")
        self.pressed("reread/")
        state = self.state("until done")
        rows = settled(self.server)
        return rows, self.server.script(FACTS), state


def _reading(at: dict[str, Any]) -> bool:
    return any(kind == "reading.reread" and state in ("waiting", "running") for kind, state in at["jobs"])


def learning_killed(server: Server, rounds: dict[str, int]) -> list[Tally]:
    """Kill so often in each of `train`, `accept`, `reread` while posts arrive, check all that must hold, and compare the ledger with the facts."""
    learner = Learner(server)
    before = learner.prepare()
    with sending(server, 1, PAUSE) as ledger:
        learner.retrain_killed(rounds["train"])
        learner.accept_killed(rounds["accept"])
        learner.reread_killed(rounds["reread"])
    ledger.settle(server)
    rows, facts, state = learner.settle()
    assert facts["corrections"] == before["corrections"]
    assert facts["human"] == before["human"]
    assert facts["twice"] == 0
    assert len(facts["versions"]) == 1, facts["versions"]
    assert facts["versions"][0].startswith(state["model"]), (facts["versions"], state["model"])
    assert {one[1] for one in state["jobs"]} == {"done"}, state["jobs"]
    assert not [one for one in state["candidates"] if one[1] == "training"]
    wanted = learner.acknowledged | ledger.acknowledged
    kinds = [("retrain", learner.kills["train"] + learner.kills["accept"]), ("re-read", learner.kills["reread"])]
    return [tally(kind, kills, wanted, rows) for kind, kills in kinds]
