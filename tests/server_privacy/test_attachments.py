"""Photos and recordings go where their voices go: into the copy a customer gets, into backups, and away when the customer is erased."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace

import pytest

from huiyin.server.collect.feedback.attachments import RECORDING, Attached, file_keep, path_of
from huiyin.server.collect.feedback.models import Attachment
from huiyin.server.collect.feedback.services import take
from huiyin.server.collect.sources.entries import entry_of
from huiyin.server.understand.privacy import services
from huiyin.server.understand.privacy.backups import backup_make, backups_folder
from huiyin.server.understand.privacy.erasing import erase_customer
from huiyin.server.understand.reading.pseudonyms import pseudonym
from huiyin.server.understand.reading.writer import drain_inbox
from tests.server.guests import SAID

pytestmark = pytest.mark.django_db


@pytest.fixture
def recorded(send):
    """Two customers of whom there is a recording each; gives the files by customer."""
    source = send(*SAID)
    files = {}
    for name in ("甲", "乙"):
        files[name] = file_keep(io.BytesIO(f"sound of {name}".encode()), ".wav")
        entry = entry_of({"external_id": f"call-{name}", "text": "电话里说的", "customer_id": name}, raw=json.dumps({"turns": ["客服：您好"]}))
        take(source.pk, [replace(entry, attachments=(Attached(RECORDING, files[name], "audio/wav", 13),))])
    drain_inbox()
    return files


def test_a_customers_copy_holds_the_recording_and_the_whole_call(recorded, browser):
    customer = pseudonym("甲")
    answer = browser().post(f"/privacy/customers/{customer}/copy/")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as copy:
        assert copy.read(f"attachments/{recorded['甲']}").decode() == "sound of 甲"
        assert f"attachments/{recorded['乙']}" not in copy.namelist()
        said = json.loads(copy.read("customer.json"))
    (call,) = [one for one in said["voices"] if one["external_id"] == "call-甲"]
    assert "客服：您好" in json.loads(call["as_received"])["turns"]
    assert said["left_out"] == []


def test_a_copy_without_room_names_what_it_leaves_out(recorded, browser, monkeypatch):
    monkeypatch.setattr(services, "_LARGEST_COPY", 5)
    with zipfile.ZipFile(io.BytesIO(browser().post(f"/privacy/customers/{pseudonym('甲')}/copy/").content)) as copy:
        assert json.loads(copy.read("customer.json"))["left_out"] == [recorded["甲"]]


def test_erased_with_the_customer_and_counted_on_the_receipt(recorded, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        counts = erase_customer(pseudonym("甲"))
    assert counts["recording"] == 1
    assert not path_of(recorded["甲"]).exists()
    assert path_of(recorded["乙"]).exists()
    assert list(Attachment.objects.values_list("file", flat=True)) == [recorded["乙"]]


def test_a_backup_holds_them(recorded):
    made = backup_make()
    kept = backups_folder() / made.folder / "attachments" / recorded["甲"]
    assert kept.read_text() == "sound of 甲"
    path_of(recorded["甲"]).unlink()
    assert kept.read_text() == "sound of 甲"
    assert made.size > 26
