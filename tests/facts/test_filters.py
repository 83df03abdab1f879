"""A filter means on every engine what it means in plain words, composes, and travels in a URL."""

from __future__ import annotations

import math
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.facts import world

from huiyin.facts import Filter
from huiyin.facts.filters import COLUMNS, NOTHING, OPINION_COLUMNS, SAID

FEEDBACK, MENTIONS = (table.to_pylist() for table in world.batch())
VOICES = {row["feedback_id"]: row for row in FEEDBACK if row["duplicate_of"] is None}
COPIED = ("channel", "product", "brand", "region", "segment", "customer_id")


def day_of(row) -> date | None:
    return row["occurred_at"].astimezone(ZoneInfo("Asia/Shanghai")).date() if row["occurred_at"] else None


def listed(admitted, value) -> bool:
    return not admitted or (value if value is not None else "" if "" in admitted else NOTHING) in [one for one in admitted if one != NOTHING]


def voice_matches(chosen: Filter, row) -> bool:
    day, text = day_of(row), row["text"]
    return (
        (chosen.since is None or (day is not None and day >= chosen.since))
        and (chosen.until is None or (day is not None and day <= chosen.until))
        and all(listed(getattr(chosen, name), row[name]) for name in COLUMNS)
        and all(text is not None and one.lower() in text.lower() for one in chosen.text)
        and (chosen.invited is None or bool(row["invited"]) == chosen.invited)
        and (chosen.spam is None or bool(row["is_spam"]) == chosen.spam)
        and (chosen.scored is None or (row["score"] is not None) == chosen.scored)
        and (chosen.named is None or (row["customer_id"] is not None) == chosen.named)
        and (not chosen.scale or (row["scale_max"] or 0.0) in chosen.scale)
        and all(dict(row["attributes"]).get(key, "") in admitted for key, admitted in chosen.attributes.items())
        and all(within(dict(row["attributes"]).get(name), bands) for name, bands in chosen.bands.items() if not name.startswith(SAID))
    )


def within(value: str | None, bands) -> bool:
    number = float(value) if value is not None and value.replace(".", "").isdigit() else None
    return number is not None and any(low < number <= high for low, high in bands)


def opinion_matches(chosen: Filter, row) -> bool:
    path = row["aspect"]
    under = not chosen.aspect or (path is not None and any(path == one or path.startswith(one + "/") for one in chosen.aspect))
    polarity = not chosen.polarity or row["polarity"] in chosen.polarity
    named = dict(row["conditions"])
    conditions = all(named.get(kind) in admitted for kind, admitted in chosen.conditions.items())
    bands = all(within(named.get(name.removeprefix(SAID)), each) for name, each in chosen.bands.items() if name.startswith(SAID))
    return under and polarity and conditions and bands and all(listed(getattr(chosen, name), row[name]) for name in OPINION_COLUMNS)


def oracle(chosen: Filter) -> tuple[list[str], list[tuple[str, int]]]:
    """Ids of the voices and of the opinions that the filter admits."""
    named = chosen.conditions or [name for name in chosen.bands if name.startswith(SAID)]
    about_opinions = bool(chosen.aspect or chosen.polarity or named or any(getattr(chosen, name) for name in OPINION_COLUMNS))
    admitted = {one for one, row in VOICES.items() if voice_matches(chosen, row)}
    said = [row for row in MENTIONS if row["feedback_id"] in VOICES and opinion_matches(chosen, row)]
    voices = admitted & {row["feedback_id"] for row in said} if about_opinions else admitted
    return sorted(voices), sorted((row["feedback_id"], row["mention_no"]) for row in said if row["feedback_id"] in admitted)


def found(facts, chosen: Filter) -> tuple[list[str], list[tuple[str, int]]]:
    voices = facts.query("SELECT feedback_id FROM voice ORDER BY feedback_id", where=chosen)["feedback_id"].to_pylist()
    said = facts.query("SELECT feedback_id, mention_no FROM opinion ORDER BY feedback_id, mention_no", where=chosen).to_pylist()
    return voices, [tuple(row.values()) for row in said]


def some(*values):
    """Mostly nothing: a filter that states everything admits nothing and proves little."""
    return st.one_of(st.just(()), st.just(()), st.lists(st.sampled_from(values), unique=True, min_size=1, max_size=3).map(tuple))


days = st.one_of(st.none(), st.integers(0, 42).map(lambda number: date(2026, 3, 28) + timedelta(days=number)))
edges = st.sampled_from((-math.inf, 0.0, 80.0, 88.5, 100.0, math.inf))
filters = st.builds(
    Filter,
    since=days,
    until=days,
    source=some("import", "api"),
    channel=some("app", "hotline", "", "应用商店", "x'; DROP TABLE feedback; --"),
    product=some("T11", "智能门锁", ""),
    brand=some("回音", ""),
    region=some("华东", ""),
    store=some("门店01", "", "nowhere"),
    segment=some("new", "vip", ""),
    customer_id=some("c1", "c2", "c3", ""),
    touchpoint=some("配送", ""),
    language=some("zh", "en"),
    metric=some("nps", "csat", ""),
    scale=some(10.0, 5.0, 0.0),
    aspect=some("delivery", "delivery/late", "app", "app/crash", "d"),
    polarity=some(-1, 0, 1),
    intent=some("complaint", "wish", ""),
    urgency=some("high", "low"),
    emotion=some("anger", ""),
    effort=some("high", ""),
    text=some("app", "APP", "送货", "100%", "_", "\\", "ö", "😀", '"'),
    invited=st.sampled_from((None, None, True, False)),
    spam=st.sampled_from((None, None, True, False)),
    scored=st.sampled_from((None, None, True, False)),
    named=st.sampled_from((None, None, None, True, False)),
    attributes=st.dictionaries(st.sampled_from(("颜色", "it's", "none")), some("红", "蓝", "", "a'b"), max_size=2),
    conditions=st.dictionaries(st.sampled_from(("season", "speed")), some("winter", "80", "none"), max_size=1),
    bands=st.dictionaries(
        st.sampled_from(("车速", "conditions.speed", "none")), st.lists(st.tuples(edges, edges), max_size=2).map(tuple), max_size=1
    ),
)
sparing = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@sparing
@given(chosen=filters)
def test_every_engine_admits_what_the_words_say(engines, chosen):
    expected = oracle(chosen)
    for kind, facts in engines.items():
        assert found(facts, chosen) == expected, kind


@sparing
@given(one=filters, other=filters)
def test_two_filters_at_once_admit_what_both_admit(engines, one, other):
    both = one & other
    voices = {name for name, row in VOICES.items() if voice_matches(one, row) and voice_matches(other, row)}
    said = [
        (row["feedback_id"], row["mention_no"])
        for row in MENTIONS
        if row["feedback_id"] in voices and opinion_matches(one, row) and opinion_matches(other, row)
    ]
    for kind, facts in engines.items():
        assert found(facts, both)[1] == sorted(said), kind


@given(chosen=filters, other=filters)
def test_a_filter_travels_in_a_url(chosen, other):
    for one in (chosen, chosen & other):
        assert Filter.from_query(one.to_query()) == one
        assert Filter.from_query("page=2&" + one.to_query() + "&sort=day") == one


@given(one=filters, other=filters)
def test_composition_does_not_depend_on_the_order(one, other):
    left, right = one & other, other & one
    assert all(voice_matches(left, row) == voice_matches(right, row) for row in FEEDBACK)
    assert (one & Filter()) == one == (Filter() & one)
    assert (one & one) == one


@pytest.mark.parametrize(
    ("query", "part"), [("since=yesterday", "since"), ("invited=maybe", "invited"), ("polarity=bad", "polarity"), ("scale=nan", "scale")]
)
def test_a_part_that_is_none_is_named(query, part):
    with pytest.raises(ValueError, match=part):
        Filter.from_query(query)


def test_contradicting_parts_admit_nothing(engines):
    for chosen in (
        Filter(invited=True) & Filter(invited=False),
        Filter(polarity=(1,)) & Filter(polarity=(-1,)),
        Filter(aspect=("a",)) & Filter(aspect=("b",)),
    ):
        for facts in engines.values():
            assert found(facts, chosen) == ([], [])
