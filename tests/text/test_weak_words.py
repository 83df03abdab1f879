"""Weak words count in company only; a file with few words borrows what the packs know."""

from __future__ import annotations

from pathlib import Path

import pytest

from huiyin.text import Reader, load_taxonomy
from huiyin.text.taxonomy import parse

GYM = """
aspects:
  - {id: pool, name: 泳池, seeds: [泳池], weak: [水, 更衣]}
  - {id: coach, name: 教练, seeds: [教练], weak: [课]}
"""


def aspects(taxonomy: str, text: str) -> set[str]:
    return {one for one in Reader.load(parse(taxonomy, "gym")).read([text]).mention_columns()["aspect"].to_pylist() if one}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("水很凉", {"pool"}),  # nothing surer is named
        ("水和更衣的地方都一般", {"pool"}),
        ("教练让我们先喝水", {"coach"}),  # something surer is, and water stands alone beside it
        ("教练不错，泳池的水很干净", {"coach", "pool"}),  # the pool is named otherwise
        ("教练来了，等了一会，人很多，我们排着队，水太脏了", {"coach", "pool"}),  # it judges, and nothing surer stands near
        ("教练来了，等了一会，人很多，我们排着队，路过水边", {"coach"}),
    ],
)
def test_a_weak_word_counts_in_company(text: str, found: set[str]) -> None:
    assert aspects(GYM, text) == found


def test_a_batch_does_not_change_what_a_weak_word_says() -> None:
    reader = Reader.load(parse(GYM, "gym"))
    texts = ["水很凉", "教练让我们先喝水", "泳池的水脏", "课", ""] * 3
    together = reader.read(texts)
    alone = [set(reader.read([text]).mentions.aspect.tolist()) for text in texts]
    assert [set(together.mentions.aspect[together.mention_text == at].tolist()) for at in range(len(texts))] == alone


def test_weak_words_do_not_choose_a_pack() -> None:
    assert parse("aspects: [{id: a, weak: [水]}]", "x").fit(["水", "水"]) == 0.0
    assert parse("aspects: [{id: a, seeds: [水]}, {id: b, seeds: [火]}]", "x").fit(["水", "火"]) > 0.0


def test_a_file_with_few_words_borrows_from_the_pack_that_knows_them() -> None:
    file = Path(__file__).parent / "taxonomies" / "car_ten.yaml"
    taxonomy = load_taxonomy(file)
    own = parse(file.read_text(encoding="utf-8"), file.name)
    assert taxonomy.lender == "automobile"
    assert own.lender is None
    reader = Reader.load(taxonomy)
    said = {"机油少了一升多": "power", "百公里才六个油": "fuel", "全时四驱过烂路很稳": "handling", "车身颜色很正": "exterior"}
    for text, aspect in said.items():
        assert aspect in reader.read([text]).mention_columns()["aspect"].to_pylist()
    assert Reader.load(own).read(["全时四驱过烂路很稳"]).mention_columns()["aspect"].to_pylist() == [None]


def test_what_a_file_lists_or_blocks_stays_its_own(tmp_path: Path) -> None:
    text = (Path(__file__).parent / "taxonomies" / "car_ten.yaml").read_text(encoding="utf-8")
    file = tmp_path / "mine.yaml"
    file.write_text(text.replace("过弯]}", "过弯, 机油], not: [四驱]}"), encoding="utf-8")
    taxonomy = load_taxonomy(file)
    phrase = dict(zip(taxonomy.finder.phrases, taxonomy.aspect_of.tolist(), strict=True))
    assert taxonomy.paths[phrase["机油"]] == "handling"
    assert phrase["四驱"] == -1
    file.write_text(text + "widen: false\n", encoding="utf-8")
    assert load_taxonomy(file).lender is None


def test_a_file_on_what_no_pack_knows_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("aspects: [{id: a, seeds: [卯榫, 刨花]}, {id: b, seeds: [桐油, 生漆]}]", encoding="utf-8")
    taxonomy = load_taxonomy(file)
    assert taxonomy.lender is None
    assert set(taxonomy.finder.phrases) == {"卯榫", "刨花", "桐油", "生漆"}
