from random import Random

import pytest

from huiyin.simulate.templates import fill, parse


def test_alternatives_and_slots_nest() -> None:
    template = parse("拆了[{n}层|半天]，[扔了|]")
    said = {fill(template, Random(seed), {"n": ("三", "五")}) for seed in range(200)}
    assert said == {f"拆了{inner}，{end}" for inner in ("三层", "五层", "半天") for end in ("扔了", "")}


@pytest.mark.parametrize("source", ["升级[完|后", "升级[完|[后]"])
def test_an_open_bracket_is_reported_with_its_wording(source: str) -> None:
    with pytest.raises(ValueError, match="升级"):
        parse(source)
