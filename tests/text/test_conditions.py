"""Conditions of opinions: what is named in the clause, what is lent by a neighbour, what only looks like a condition."""

from __future__ import annotations

import pytest

from huiyin.text import Reader
from huiyin.text.conditions import facet_name, facets, value_name

NAMED = [
    ("冬天电池掉电特别快", {"season": "winter"}),
    ("晚高峰根本打不开", {"time": "rush_hour"}),
    ("不是周末也排队太久", {"time": "weekday"}),
    ("更新之后一直闪退", {"use": "after_update"}),
    ("孩子特别喜欢", {"who": "child"}),
    ("时速80以上异响明显", {"speed": "80"}),
    ("车速一百二的时候方向盘抖得厉害", {"speed": "120"}),
    ("120km/h时风噪很大", {"speed": "120"}),
    ("才跑了3万公里噪音就很大", {"mileage": "30000"}),
    ("行驶一万五千公里以后噪音很大", {"mileage": "15000"}),
    ("零下二十度噪音很大", {"temperature": "-20"}),
    ("室温26.5度还是很吵", {"temperature": "26.5"}),
    ("冬天晚上在高速上灯光太暗", {"season": "winter", "time": "evening", "place": "motorway"}),
    ("the app keeps crashing after the update", {"use": "after_update"}),
]
NOT_NAMED = ["早上好，客服态度很好", "续航400公里够用了", "42码的鞋太小了", "老人机很好用", "转了90度就坏了", "双层玻璃耐高温很好"]


def _conditions(general: Reader, text: str) -> list[dict[str, str]]:
    return [dict(one) for one in general.read([text]).mention_columns()["conditions"].to_pylist()]


@pytest.mark.parametrize(("text", "expected"), NAMED)
def test_what_a_clause_names_its_opinions_have(general: Reader, text: str, expected: dict[str, str]) -> None:
    assert _conditions(general, text)[0] == expected


@pytest.mark.parametrize("text", NOT_NAMED)
def test_what_looks_like_a_condition_is_none(general: Reader, text: str) -> None:
    found = _conditions(general, text)
    assert found and not any(found)


def test_a_clause_without_an_opinion_lends_its_conditions(general: Reader) -> None:
    assert _conditions(general, "下雨的时候，噪音很大")[0] == {"weather": "rain"}
    assert _conditions(general, "噪音很大，尤其是晚上")[0] == {"time": "evening"}
    first, second = _conditions(general, "屏幕很好，长时间用，发热严重")
    assert (first, second) == ({}, {"use": "long"})


def test_a_neighbour_text_lends_nothing(general: Reader) -> None:
    columns = general.read(["下雨的时候", "噪音很大"]).mention_columns()
    assert dict(zip(columns["row"].to_pylist(), columns["conditions"].to_pylist(), strict=True))[1] == []


def test_facets_and_values_have_names_in_both_languages() -> None:
    for facet in facets():
        for language in ("zh", "en"):
            assert facet.names[language]
            assert all(names[language] for names in facet.values.values())
    assert (facet_name("season", "zh"), value_name("season", "winter", "zh")) == ("季节", "冬天")
    assert (facet_name("颜色", "zh"), value_name("speed", "80", "en")) == ("颜色", "80")
