"""导览: steps that a person may take, ticked by what she did and nobody else."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from huiyin.server.foundation.people.models import User
from huiyin.server.understand.explorer.services import voices_tag
from huiyin.server.understand.privacy.services import customer_erase
from huiyin.server.understand.reading.pseudonyms import pseudonym
from huiyin.server.understand.tour.steps import STEPS, steps_of
from tests.server.guests import SAID

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_remembered():
    cache.clear()


def test_a_step_is_ticked_once_it_was_done_by_the_person_herself(send, browser):
    send(*SAID)
    lead, other = browser("cx_lead"), browser("administrator")
    assert "做过 0 步，共 5 步" in lead.get("/tour/").content.decode()
    me = User.objects.get(email="cx_lead@example.com")
    customer_erase(me, pseudonym("乙"), "来电")
    lead.post("/stream/seen/", {"voices": "4", "until": ""})
    voices_tag(me, [], "x")  # no step asks for this
    assert "做过 2 步，共 5 步" in lead.get("/tour/").content.decode()
    assert "做过 0 步" in other.get("/tour/").content.decode()


def test_nobody_is_sent_where_she_may_not_go(send, browser):
    send(SAID[0])
    for role in ("everyone", "executive", "service_agent", "store_manager"):
        client = browser(role)
        shown = [step for step, _done in steps_of(User.objects.get(email=f"{role}@example.com"))]
        assert 0 < len(shown) < len(STEPS)
        from django.urls import reverse

        assert {client.get(reverse(step.url_name)).status_code for step in shown} == {200}


def test_the_first_page_leads_to_it(send, browser):
    send(SAID[0])
    assert 'href="/tour/"' in browser("product").get("/").content.decode()
