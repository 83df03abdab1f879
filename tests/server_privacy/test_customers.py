"""客户: one timeline each, within the scope of whoever looks; the name only with right, reason and record."""

from __future__ import annotations

import io
import json
import re
import zipfile

import pytest

from huiyin.server.foundation.audit.models import AuditEntry
from huiyin.server.understand.reading.pseudonyms import pseudonym
from tests.server.guests import SAID

pytestmark = pytest.mark.django_db
WHO = pseudonym


def test_the_list_counts_customers_and_leads_to_each(send, browser):
    send(*SAID)
    page = browser().get("/customers/?order=most").content.decode()
    assert "2 位客户" in page
    assert page.index(WHO("甲")) < page.index(WHO("乙"))
    one = browser().get(f"/customers/{WHO('甲')}/").content.decode()
    assert one.count('class="voice"') == 2
    assert len(re.findall(r'<circle cx="\d+" cy="\d+" r="3.5">', one)) == 2
    assert "13812345678" not in one
    assert "甲" not in one.replace("甲状腺", "")


def test_a_store_manager_sees_the_customer_s_voices_in_her_store_only(send, browser):
    send(*SAID)
    manager = browser("store_manager")
    page = manager.get(f"/customers/{WHO('甲')}/").content.decode()
    assert page.count('class="voice"') == 1
    assert "早餐太差" not in page
    assert manager.get(f"/customers/{WHO('乙')}/").status_code == 404
    assert manager.post(f"/privacy/customers/{WHO('乙')}/who/", {"reason": "callback"}).status_code == 404


def test_a_customer_is_found_by_the_number_the_source_gave(send, browser):
    send(*SAID)
    answer = browser().post("/privacy/find/", {"customer": "甲"})
    assert answer.headers["Location"] == f"/customers/{WHO('甲')}/"
    assert browser().post("/privacy/find/", {"customer": "丙"}).headers["Location"] == "/customers/"
    looked = AuditEntry.objects.filter(verb="customer.looked_up")
    assert looked.count() == 2
    assert "甲" not in json.dumps(list(looked.values("object_name", "before", "after")), ensure_ascii=False)


def test_who_it_is_takes_right_and_reason_and_is_recorded(send, browser):
    send(*SAID)
    address = f"/privacy/customers/{WHO('甲')}/who/"
    assert browser("analyst").post(address, {"reason": "callback"}).status_code == 403
    assert browser().post(address, {}).status_code == 422
    assert not AuditEntry.objects.filter(verb="customer.unmasked").exists()
    assert ">甲<" in browser().post(address, {"reason": "callback", "note": "约周三"}).content.decode()
    row = AuditEntry.objects.get(verb="customer.unmasked")
    assert "约周三" in json.dumps(row.after, ensure_ascii=False)


def test_a_voice_in_the_clear_takes_right_and_reason_and_is_recorded(send, browser, facts):
    send(*SAID)
    voice = facts.query("SELECT feedback_id FROM feedback ORDER BY feedback_id LIMIT 1")["feedback_id"][0].as_py()
    masked = browser().get(f"/voices/{voice}/").content.decode()
    assert "13812345678" not in masked
    assert "看未遮盖的" in masked
    assert "看未遮盖的" not in browser("analyst").get(f"/voices/{voice}/").content.decode()
    clear = browser().post(f"/privacy/voices/{voice}/", {"reason": "check"}).content.decode()
    assert "13812345678" in clear
    assert AuditEntry.objects.filter(verb="voice.unmasked").count() == 1


def test_everything_kept_of_a_customer_can_be_handed_over(send, browser):
    send(*SAID)
    answer = browser().post(f"/privacy/customers/{WHO('甲')}/copy/")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        said = json.loads(packed.read("customer.json"))
        readable = packed.read("voices.txt").decode()
    assert said["customer"] == "甲"
    assert [one["external_id"] for one in said["voices"]] == ["1", "2"]
    assert all(one["opinions"] for one in said["voices"])
    assert "13812345678" in readable
    assert "房间很干净" not in readable
