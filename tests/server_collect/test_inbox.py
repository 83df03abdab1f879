"""The inbox: kept before acknowledged, one row per record, nothing overwritten without trace, hostile payloads harmless."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huiyin.server.collect.feedback.models import FormerRaw, Inbox
from huiyin.server.collect.feedback.records import RecordRefused, clean_record, moment
from huiyin.server.collect.feedback.services import forget_payloads, take
from huiyin.server.collect.sources.entries import entry_of

pytestmark = pytest.mark.django_db


def send(source, **said):
    return take(source.pk, [entry_of(said)])[0]


def test_the_same_record_twice_is_one_row(source):
    here = source()
    assert [send(here, external_id="a1", text="很好").status for _ in range(3)] == ["created", "same", "same"]
    assert Inbox.objects.count() == 1


def test_a_corrected_record_replaces_what_it_said_and_the_former_words_are_kept(source):
    here = source()
    first = send(here, external_id="a1", text="很好")
    again = send(here, external_id="a1", text="很差")
    assert (again.status, again.number) == ("changed", first.number)
    row = Inbox.objects.get()
    assert (json.loads(row.raw)["text"], row.revision, row.state) == ("很差", 2, "new")
    assert json.loads(FormerRaw.objects.get().raw)["text"] == "很好"


def test_two_sources_may_use_the_same_id(source):
    assert send(source(), external_id="1", text="甲").status == send(source(), external_id="1", text="乙").status == "created"


def test_without_an_id_a_record_is_known_by_what_was_said_when_and_by_whom(source):
    here = source()
    said = {"text": "好用", "customer_id": "u1", "occurred_at": "2026-03-01 10:00"}
    assert [send(here, **said).status, send(here, **said).status] == ["created", "same"]
    assert send(here, **{**said, "customer_id": "u2"}).status == "created"


def test_two_people_nobody_knows_may_say_the_same(source):
    here = source()
    assert [send(here, text="好用").status for _ in range(2)] == ["created", "created"]


def test_one_batch_may_hold_a_record_twice(source):
    receipts = take(source().pk, [entry_of({"external_id": "x", "text": "一"}), entry_of({"external_id": "x", "text": "二"})])
    assert [one.status for one in receipts] == ["created", "created"]
    assert json.loads(Inbox.objects.get().raw)["text"] == "二"


def test_when_its_time_is_over_a_payload_goes_and_its_id_stays(source, read_inbox):
    from datetime import timedelta

    here = source()
    send(here, external_id="a1", text="很好")
    assert forget_payloads(here.pk, timedelta(0)) == 0  # Not read yet.
    read_inbox()
    assert forget_payloads(here.pk, timedelta(0)) == 1
    assert Inbox.objects.get().raw == ""
    assert Inbox.objects.count() == 1


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-03-01T10:00:00+08:00", "2026-03-01T02:00:00+00:00"),
        ("2026-03-01 10:00", "2026-03-01T02:00:00+00:00"),
        ("2026/03/01", "2026-02-28T16:00:00+00:00"),
        ("2026年3月1日", "2026-02-28T16:00:00+00:00"),
        (1772330400, "2026-03-01T02:00:00+00:00"),
        ("1772330400000", "2026-03-01T02:00:00+00:00"),
        ("昨天", None),
        ("0001-01-01", None),
        ("9999-12-31", None),
        (True, None),
        (float("inf"), None),
        (-1, None),
    ],
)
def test_times_as_people_and_machines_write_them(written, read):
    found = moment(written)
    assert (found.isoformat() if found else None) == read


def test_what_cannot_be_a_number_or_time_is_kept_as_an_attribute():
    record = clean_record({"text": "好", "rating": "五星", "occurred_at": "前天", "城市": "杭州", "score": "4.5"})
    assert record.values["attributes"] == {"城市": "杭州", "rating (?)": "五星", "occurred_at (?)": "前天"}
    assert record.values["score"] == 4.5


@pytest.mark.parametrize(
    "said", [{}, {"text": ""}, {"text": "  \n "}, {"text": None, "title": ""}, {"text": "x" * 200_001}, {"text": "a", "external_id": "i" * 201}]
)
def test_a_record_without_words_or_beyond_measure_is_refused(said):
    with pytest.raises(RecordRefused):
        clean_record(said)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=[]), max_size=50),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(["external_id", "text", "title", "rating", "occurred_at", "customer_id", "attributes", "invited"]) | st.text(max_size=8),
        anything,
        max_size=8,
    )
)
def test_whatever_is_sent_is_kept_and_read_or_refused_with_a_reason(source, said):
    here = source()
    try:
        entry = entry_of(said)
    except RecordRefused:
        return
    take(here.pk, [entry])
    row = Inbox.objects.get(source=here)
    assert row.external_id == entry.external_id
    json.loads(row.raw).get("text").encode("utf-8")
