"""Checking: what is drawn, how answers reach the facts, what is blind, what is measured."""

from __future__ import annotations

from collections import Counter

import pytest

from huiyin.server.understand.review.models import Answer, ReviewItem
from huiyin.server.understand.review.selectors import disputed_for, figures, waiting_for
from huiyin.server.understand.review.services import ReviewRefused, answer, draw, next_item, skip, undo
from tests.server.world import person


@pytest.fixture
def people(facts):
    return [person("analyst", f"rater{at}@example.com") for at in range(4)]


def opinion(facts, item: ReviewItem) -> dict:
    sql = "SELECT polarity, aspect, labelled_by FROM opinion WHERE feedback_id = ? AND start = ? AND mention_no = ?"
    rows = facts.query(sql, [item.feedback_id, item.start, item.mention_no]).to_pylist()
    return rows[0] if rows else {}


def test_the_measuring_and_the_learning_part_share_no_customer_and_the_same_voices_come_again(facts, people):
    first, _second, *_rest = people
    for _ in range(4):
        draw(first)
    drawn = {part: list(ReviewItem.objects.filter(part=part).values_list("feedback_id", flat=True)) for part in ("random", "unsure")}
    units = {row["feedback_id"]: row["unit"] for row in facts.query("SELECT feedback_id, unit FROM voice").to_pylist()}
    assert min(len(one) for one in drawn.values()) >= 20
    assert {units[one] % 10 < 3 for one in drawn["random"]} == {True}
    assert {units[one] % 10 < 3 for one in drawn["unsure"]} == {False}
    before = list(ReviewItem.objects.order_by("place").values_list("feedback_id", flat=True))
    ReviewItem.objects.all().delete()
    for _ in range(4):
        draw(first)
    assert list(ReviewItem.objects.order_by("place").values_list("feedback_id", flat=True)) == before


def test_the_random_share_is_uniform_over_the_measuring_part(facts, people):
    for _ in range(3):
        draw(people[0])
    drawn = ReviewItem.objects.filter(part="random").values_list("feedback_id", flat=True)
    rows = facts.query("SELECT feedback_id, md5('review:' || feedback_id) AS lot FROM opinion WHERE unit % 10 < 3").to_pylist()
    lots = {row["feedback_id"]: row["lot"] for row in rows}
    assert set(drawn) == set(sorted(lots, key=lambda one: lots[one])[: len(drawn)])


def test_an_answer_reaches_the_facts_and_survives_a_reading_again(facts, people):
    item = next_item(people[0])
    wanted = 1 if item.read_polarity != 1 else -1
    answer(people[0], item, wanted, "app/crash")
    assert opinion(facts, item) == {"polarity": wanted, "aspect": "app/crash", "labelled_by": f"human:{people[0].email}"}
    rows = facts.query("SELECT * FROM feedback WHERE feedback_id = ?", [item.feedback_id])
    names = [name for name in rows.column_names if name not in ("unit", "day", "counted")]
    mentions = facts.query("SELECT * FROM mention WHERE feedback_id = ?", [item.feedback_id])
    machine = [row | {"polarity": item.read_polarity, "aspect": item.read_aspect or None, "labelled_by": "simulated"} for row in mentions.to_pylist()]
    import pyarrow as pa

    from huiyin.facts import MENTION

    facts.replace(rows.select(names), pa.Table.from_pylist([{name: row[name] for name in MENTION.names} for row in machine], schema=MENTION))
    assert opinion(facts, item)["polarity"] == wanted


def test_undo_gives_the_machines_reading_back(facts, people):
    item = next_item(people[0])
    before = opinion(facts, item)
    answer(people[0], item, None, "")
    assert opinion(facts, item) == {}
    again = undo(people[0])
    assert again == item
    after = opinion(facts, item)
    assert (after["polarity"], after["aspect"]) == (before["polarity"], before["aspect"])
    assert undo(people[0]) is None


def test_the_second_rater_is_blind_and_another_person_and_a_third_settles(facts, people, signed_in):
    one, two, three, four = people
    for _ in range(6):
        draw(one)
    item = ReviewItem.objects.filter(second=True).first()
    answer(one, item, -1, "app/crash")
    with pytest.raises(ReviewRefused):
        answer(one, item, -1, "app/crash")
    assert item not in waiting_for(one)
    assert waiting_for(two).first() == item
    from django.test import Client

    client = Client()
    client.force_login(two)
    page = client.get("/review/").content.decode()
    assert f"/review/{item.pk}/" in page
    assert one.email not in page
    answer(two, item, 1, "app/crash")
    item.refresh_from_db()
    assert item.state == "disputed"
    assert opinion(facts, item)["polarity"] == -1  # the first holds until it is settled
    assert item not in disputed_for(two)
    client.force_login(three)
    sides = client.get("/review/disputes/").content.decode()
    assert one.email not in sides and two.email not in sides
    client.post(f"/review/{item.pk}/settle/", {"turn": "2"})
    item.refresh_from_db()
    assert item.state == "done"
    assert opinion(facts, item)["polarity"] == 1
    with pytest.raises(ReviewRefused):
        answer(four, item, 0, "")


def test_what_is_skipped_does_not_come_back_to_the_same_person(facts, people):
    item = next_item(people[0])
    skip(people[0], item)
    assert item not in waiting_for(people[0])
    assert item in waiting_for(people[1])


def test_two_people_are_not_shown_the_same_at_once(facts, people):
    assert next_item(people[0]) != next_item(people[1])


def test_accuracy_is_that_of_the_random_share_alone(facts, people):
    one = people[0]
    for _ in range(8):
        draw(one)
    wrong = Counter()
    for at, item in enumerate(ReviewItem.objects.filter(part="random").order_by("place")[:50]):
        right = at % 5 != 0
        answer(one, item, item.read_polarity if right else (item.read_polarity + 2) % 3 - 1, item.read_aspect)
        wrong["random"] += not right
    for item in ReviewItem.objects.filter(part="unsure")[:30]:
        answer(one, item, -item.read_polarity or 1, item.read_aspect)
    found = figures()
    assert (found.overall.n, wrong["random"]) == (50, 10)
    assert found.overall.polarity.value == pytest.approx(0.8)
    assert 0.66 < found.overall.polarity.low < 0.8 < found.overall.polarity.high < 0.9
    assert found.overall.aspect.value == 1
    assert found.random == 50


def test_agreement_is_counted_over_pairs(facts, people):
    one, two, three, _four = people
    for _ in range(30):
        if not draw(one):
            break
    pairs = list(ReviewItem.objects.filter(second=True).order_by("place")[:40])
    assert len(pairs) >= 30
    for at, item in enumerate(pairs):
        answer(one, item, -1 if at % 2 else 1, "")
        answer(two if at % 3 else three, item, (-1 if at % 2 else 1) if at % 4 else 0, "")
    found = figures()
    assert found.polarity.n == len(pairs)
    assert found.polarity.raw.value == pytest.approx(sum(at % 4 > 0 for at in range(len(pairs))) / len(pairs))
    assert found.polarity.kappa.low < found.polarity.kappa.value < found.polarity.kappa.high < 1
    assert found.raters == 3
    assert found.polarity_alpha.n == len(pairs)
    assert found.aspect.kappa.value is None  # everybody said the same throughout


def test_the_screen_takes_keys_and_words_and_goes_on(facts, signed_in):
    client = signed_in("analyst")
    page = client.get("/review/").content.decode()
    for key in ("Enter", "1", "2", "3", "x", "s", "z"):
        assert f'data-key="{key}"' in page
    item = ReviewItem.objects.get(held_by__isnull=False)
    response = client.post(f"/review/{item.pk}/", {"answer": "-1", "aspect": item.read_aspect}, headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert f"/review/{item.pk}/" not in response.content.decode()
    assert Answer.objects.get().polarity == -1
    bad = client.post(f"/review/{ReviewItem.objects.get(held_by__isnull=False).pk}/", {"answer": "7", "aspect": ""})
    assert bad.status_code == 422


def test_nobody_is_shown_what_lies_beyond_her_rows(facts):
    from huiyin.server.foundation.people.services.users import user_make

    narrow = user_make(email="east@example.com", display_name="华东", password="clear-water-71", roles=["analyst"], scope={"region": ["华东"]})
    draw(narrow)
    ids = list(ReviewItem.objects.values_list("feedback_id", flat=True))
    listed = ", ".join(f"'{one}'" for one in ids)
    assert set(facts.query(f"SELECT DISTINCT region FROM voice WHERE feedback_id IN ({listed})")["region"].to_pylist()) == {"华东"}
    assert not ReviewItem.objects.filter(whole=True).exists()  # a part of the rows measures nothing about the whole


def test_an_erased_customer_leaves_nothing_in_checking(facts, people):
    from huiyin.server.understand.review.forgetting import forget

    item = next_item(people[0])
    answer(people[0], item, 0, "")
    assert forget("c", [item.feedback_id, "never there"]) == {"review_items": 1}
    assert not Answer.objects.exists()
