"""What a program does with personal data is what the screens do: with a reason, recorded, within the rows one may see."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from huiyin.server.foundation.audit.models import AuditEntry
from huiyin.server.foundation.jobs.running import drain
from huiyin.server.foundation.people.models import User
from huiyin.server.foundation.people.services.keys import key_make
from huiyin.server.understand.privacy.models import Retention
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.reading.pseudonyms import pseudonym
from tests.server.guests import SAID
from tests.server.world import person

pytestmark = pytest.mark.django_db


def asking(*scopes):
    _key, text = key_make(person("cx_lead"), name="守数据的程序", scopes=list(scopes))

    def ask(path, body=None):
        headers = {"Authorization": f"Bearer {text}"}
        if body is None:
            return Client().get(f"/api/v1/privacy{path}", headers=headers)
        return Client().post(f"/api/v1/privacy{path}", json.dumps(body), content_type="application/json", headers=headers)

    return ask


def test_a_customer_is_erased_with_a_receipt(send):
    send(*SAID)
    ask, customer = asking("voices.erase"), pseudonym("甲")
    assert ask(f"/customers/{customer}/erase", {"reason": "whim"}).status_code == 422
    answer = ask(f"/customers/{customer}/erase", {"reason": "request", "note": "来电"})
    assert (answer.status_code, answer.json()["state"], answer.json()["reason"]) == (202, "asked", "客户本人要求：来电")
    drain()
    receipt = ask(f"/erasures/{answer.json()['id']}").json()
    assert (receipt["state"], receipt["holds"], receipt["deleted"]["feedback"], receipt["left"]["feedback"]) == ("done", True, 2, 0)
    assert ask("/erasures").json() == [receipt]
    assert ask(f"/customers/{customer}/erase", {"reason": "request"}).status_code == 404
    assert AuditEntry.objects.get(verb="customer.erasure_asked").key_name == "守数据的程序"


def test_a_voice_is_seen_in_the_clear_with_a_reason_and_never_beyond_ones_rows(send):
    send(*SAID)
    ask = asking("voices.unmask")
    voice = facts_store().query("SELECT feedback_id FROM voice WHERE store = '杭州滨江店'")["feedback_id"][0].as_py()
    assert ask(f"/voices/{voice}/unmask", {}).status_code == 422
    assert not AuditEntry.objects.filter(verb="voice.unmasked").exists()
    clear = ask(f"/voices/{voice}/unmask", {"reason": "callback"}).json()
    assert "13812345678" in clear["text"] and clear["customer"] == "甲"
    entry = AuditEntry.objects.get(verb="voice.unmasked")
    assert (entry.object_id, entry.after["reason"], entry.key_name) == (voice, "回访这位客户", "守数据的程序")
    User.objects.filter(email="cx_lead@example.com").update(scope={"store": ["上海店"]})
    assert ask(f"/voices/{voice}/unmask", {"reason": "callback"}).status_code == 404
    assert AuditEntry.objects.filter(verb="voice.unmasked").count() == 1


def test_a_key_without_the_scope_neither_sees_nor_erases(send):
    send(*SAID)
    ask = asking("voices.read", "voices.correct")
    assert ask("/voices/x/unmask", {"reason": "callback"}).status_code == 403
    assert ask(f"/customers/{pseudonym('甲')}/erase", {"reason": "request"}).status_code == 403
    assert ask("/retention").status_code == 403


def test_a_payload_is_kept_no_longer_than_its_voice(send):
    source = send(*SAID)
    ask = asking("voices.erase")
    told = ask(f"/retention/{source.pk}", {"keep_days": 400, "voices_days": 365}).json()
    assert (told["keep_days"], told["voices_days"]) == (365, 365)
    assert ask("/retention").json() == [told]
    assert Retention.objects.get().voices_days == 365
    assert ask(f"/retention/{source.pk}", {"keep_days": -1, "voices_days": 0}).status_code == 422
    assert ask("/backups/renew", {}).json()["job"]
