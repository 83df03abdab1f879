"""History that an older engine read: told, tried before it is read again, and what people corrected stands afterwards."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from huiyin.facts.corrections import Correction
from huiyin.server.collect.feedback.models import Inbox
from huiyin.server.foundation.jobs.running import drain
from huiyin.server.understand.learning.renewal import behind, latest_preview
from huiyin.text import reader
from tests.server_learning.voices import BAD, GOOD

pytestmark = pytest.mark.django_db
COLUMNS = [
    "feedback_id",
    "mention_no",
    "start",
    "end",
    "target",
    "opinion",
    "aspect",
    "touchpoint",
    "polarity",
    "intensity",
    "emotion",
    "intent",
    "urgency",
    "effort",
    "confidence",
]


@pytest.fixture
def older(speak, facts, monkeypatch):
    """All was read by the engine before, and a third of it with the other sign."""
    now = reader.ENGINE
    monkeypatch.setattr(reader, "ENGINE", "0")
    speak(GOOD, BAD)
    monkeypatch.setattr(reader, "ENGINE", now)
    said = facts.query(f"SELECT {', '.join(chr(34) + name + chr(34) for name in COLUMNS)}, text_version, labelled_by FROM opinion")
    turned = sorted(set(said["feedback_id"].to_pylist()))[::3]
    part = said.filter(pc.is_in(said["feedback_id"], value_set=pa.array(turned)))
    other = pc.negate(part["polarity"]).cast(pa.int8())
    facts.relabel(facts.version, turned, part.set_column(part.column_names.index("polarity"), "polarity", other))
    return turned


def test_it_is_told_tried_and_read_again_and_corrections_stand(older, facts, lead, client):
    assert behind() == Inbox.objects.count() == 300
    kept = older[0]
    first = facts.query("SELECT mention_no, polarity FROM opinion WHERE feedback_id = ? ORDER BY mention_no", [kept]).to_pylist()[0]
    facts.correct([Correction(kept, "polarity", first["polarity"], "周砚", datetime.now(UTC), mention_no=first["mention_no"])])
    page = client.get("/learning/").content.decode()
    assert "300 条历史是旧引擎读的" in page
    assert client.post("/learning/try/").status_code == 302
    drain()
    found = latest_preview().result
    changed = facts.query("SELECT count(DISTINCT feedback_id) AS n FROM opinion WHERE polarity <> 0")["n"][0].as_py()
    assert found["sample"] == 300
    assert 0 < found["voices"] <= len(older) <= changed
    assert found["opinions"]["polarity"] >= found["voices"] - 1
    page = client.get("/learning/").content.decode()
    assert "按新引擎重读历史" in page and "哪些话会读得不一样" in page
    client.post("/learning/reread/")
    drain()
    assert behind() == 0
    after = facts.query("SELECT mention_no, polarity FROM opinion WHERE feedback_id = ? ORDER BY mention_no", [kept]).to_pylist()
    assert after[0] == first
    assert "旧引擎" not in client.get("/learning/").content.decode()
