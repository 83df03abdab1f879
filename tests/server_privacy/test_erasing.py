"""删除一位客户: nowhere any more, with a receipt; what is kept of the others stays; a restored backup forgets again."""

from __future__ import annotations

import json
import shutil
import sqlite3
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from huiyin.server.collect.feedback.models import Inbox
from huiyin.server.foundation.audit.models import AuditEntry
from huiyin.server.foundation.jobs.models import Job
from huiyin.server.foundation.jobs.running import drain
from huiyin.server.foundation.jobs.services import enqueue
from huiyin.server.understand.privacy.backups import backup_make, backups_folder, backups_turn
from huiyin.server.understand.privacy.erasing import erase_customer, left_of
from huiyin.server.understand.privacy.jobs import REPLAY
from huiyin.server.understand.privacy.ledger import ledger_add, ledger_lines, ledger_path
from huiyin.server.understand.privacy.models import Backup, Erasure
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.reading.jobs import reread
from huiyin.server.understand.reading.local import LocalReader
from huiyin.server.understand.reading.models import Pseudonym, Signature
from huiyin.server.understand.reading.pseudonyms import name_behind, pseudonym
from huiyin.server.understand.reading.services import load_window, read_rows
from tests.server.guests import SAID
from tests.server.place import EMBEDDED

pytestmark = pytest.mark.django_db
WHO = pseudonym


def texts() -> list[str]:
    return facts_store().query("SELECT text FROM feedback ORDER BY feedback_id")["text"].to_pylist()


def asked_to_erase(browser, customer: str) -> Erasure:
    answer = browser().post(f"/privacy/customers/{customer}/erase/", {"reason": "request", "note": "来电", "meant": "on"})
    assert answer.status_code == 302
    drain()
    return Erasure.objects.get()


def test_an_erased_customer_is_nowhere_and_the_receipt_says_so(send, browser, tmp_path):
    send(*SAID)
    customer = WHO("甲")
    page = browser().get(f"/privacy/customers/{customer}/erase/").content.decode()
    assert "会删掉" in page
    receipt = asked_to_erase(browser, customer)
    assert receipt.state == Erasure.State.DONE
    assert receipt.holds
    assert (receipt.counts["feedback"], receipt.counts["inbox"], receipt.counts["names"]) == (2, 2, 1)
    assert receipt.left == {"feedback": 0, "mention": 0, "operations": 0, "inbox": 0, "names": 0}
    assert len(texts()) == Inbox.objects.count() == Signature.objects.count() == 2
    assert name_behind(customer) is None
    assert name_behind(WHO("乙")) == "乙"
    shown = browser().get(f"/privacy/erasures/{receipt.pk}/").content.decode()
    assert "复查了一遍，每一处都是零" in shown
    assert browser().get(f"/customers/{customer}/").status_code == 404
    assert [one.customer for one in Erasure.objects.all()] == [customer]
    actions = list(AuditEntry.objects.values_list("verb", flat=True))
    assert actions.count("customer.erasure_asked") == actions.count("customer.erased") == 1
    assert "甲" not in json.dumps(list(AuditEntry.objects.values("object_name", "before", "after")), ensure_ascii=False, default=str)


@pytest.mark.skipif(EMBEDDED, reason="the embedded engine keeps nothing in a file")
def test_after_the_nightly_rewrite_the_bytes_are_in_no_file(send, browser, facts, tmp_path):
    send(*SAID)
    asked_to_erase(browser, WHO("甲"))
    Job.objects.all().delete()
    enqueue("privacy.settle")
    drain()
    assert Erasure.objects.get().settled_at is not None
    assert "早餐太差" not in (tmp_path / "facts.duckdb").read_bytes().decode("utf-8", "ignore")
    assert "房间很干净" in " ".join(texts())


def test_a_reading_in_hand_does_not_bring_an_erased_customer_back(send):
    """The rows were fetched, then erased, then the readings arrive: they must find nothing to be written for."""
    send(*SAID, read=False)
    taken = list(Inbox.objects.order_by("pk"))
    customer = WHO("甲")
    erase_customer(customer)
    assert read_rows(taken, LocalReader(), load_window()) == 2
    assert left_of(customer) == {"feedback": 0, "mention": 0, "operations": 0, "inbox": 0, "names": 0}
    assert len(texts()) == Signature.objects.count() == 2


def test_voices_not_read_yet_go_too(send):
    send(SAID[0], SAID[2], read=False)
    assert left_of(WHO("甲"))["inbox"] == 1
    assert erase_customer(WHO("甲"))["inbox"] == 1
    assert Inbox.objects.count() == 1


def test_a_reread_after_the_erasure_finds_nobody(send, browser):
    send(*SAID)
    asked_to_erase(browser, WHO("甲"))
    reread()
    drain()
    assert len(texts()) == 2
    assert left_of(WHO("甲"))["feedback"] == 0


def test_erasing_twice_is_erasing_once(send):
    send(*SAID)
    assert erase_customer(WHO("甲"))["feedback"] == 2
    assert not any(erase_customer(WHO("甲")).values())


@pytest.mark.skipif(EMBEDDED, reason="the embedded engine keeps nothing in a file")
def test_a_restored_backup_forgets_again_but_keeps_what_came_later(send, browser, facts, tmp_path):
    from huiyin.server.understand.reading.facts import close_store, open_store

    source = send(*SAID)
    copy = backup_make()
    saved = [
        (row.raw, row.record, row.external_id, row.digest, row.received_at, row.customer, row.pk) for row in Inbox.objects.filter(customer=WHO("甲"))
    ]
    asked_to_erase(browser, WHO("甲"))
    # As if both halves of the backup were put back: the facts file, and the inbox rows of the state.
    close_store()
    shutil.copy(backups_folder() / copy.folder / "facts.duckdb", tmp_path / "facts.duckdb")
    open_store(str(tmp_path / "facts.duckdb"))
    for raw, record, name, digest, at, customer, number in saved:
        Inbox.objects.create(
            pk=number, source=source, raw=raw, record=record, external_id=name, digest=digest, received_at=at, customer=customer, state="done"
        )
    assert len(texts()) == 4
    send({"external_id": "9", "text": "又来住了一次，这回房间不错", "customer_id": "甲"})
    Job.objects.all().delete()
    enqueue(REPLAY)
    drain()
    assert sorted(texts()) == sorted([SAID[2]["text"], SAID[3]["text"], "又来住了一次，这回房间不错"])


def test_the_list_of_the_erased_survives_a_line_cut_off(facts):
    at = timezone.now()
    ledger_add("c1", at)
    with open(ledger_path(), "a", encoding="utf-8") as file:
        file.write('{"customer": "c2", "era')
    assert ledger_lines() == {"c1": at}
    assert ledger_path().stat().st_mode & 0o077 == 0


def test_a_source_s_voices_go_when_their_time_is_over(send, browser):
    source = send(*SAID)
    old = timezone.now() - timedelta(days=40)
    Inbox.objects.filter(external_id__in=["1", "3"]).update(received_at=old)
    answer = browser().post("/privacy/retention/", {"source": source.pk, "keep_days": "0", "voices_days": "30"})
    assert answer.status_code == 302
    source.refresh_from_db()
    assert source.keep_days == 30  # a payload is not kept longer than its voice
    enqueue("privacy.retain")
    drain()
    assert texts() == [SAID[1]["text"], SAID[3]["text"]]
    assert AuditEntry.objects.filter(verb="retention.applied").count() == 1


def test_backups_take_turns_and_hold_everything(send, browser):
    send(*SAID)
    made = [backup_make() for _ in range(3)]
    assert backups_turn(kept=2) == 1
    assert not (backups_folder() / made[0].folder).exists()
    kept = backups_folder() / made[-1].folder
    assert kept.stat().st_mode & 0o077 == 0
    assert made[-1].rows["feedback"] == 4
    if connection.vendor == "sqlite":
        assert made[-1].with_state
        with sqlite3.connect(kept / "state.sqlite3") as copy:
            # A copy of what is committed, which this test is not.
            assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert copy.execute("SELECT count(*) FROM django_migrations WHERE app = 'privacy'").fetchone()[0] >= 1
    asked_to_erase(browser, WHO("甲"))
    receipt = Erasure.objects.get()
    assert receipt.backups().count() == 2
    browser().post("/privacy/backups/renew/", {"back": f"/privacy/erasures/{receipt.pk}/"})
    drain()
    assert receipt.backups().count() == 0
    assert Backup.objects.filter(removed_at=None).count() == 1


def test_erasing_needs_the_box_ticked(send, browser):
    send(*SAID)
    answer = browser().post(f"/privacy/customers/{WHO('甲')}/erase/", {"reason": "request"})
    assert answer.status_code == 422
    assert not Erasure.objects.exists()
    assert Pseudonym.objects.count() == 2
