from importlib import resources
from pathlib import Path

import pytest
import yaml

from huiyin.text import PACKS, Reader, TaxonomyError, load_taxonomy
from huiyin.text.codepoints import fold_texts


def _leaves(nodes: list[dict[str, object]], above: str = "") -> list[tuple[str, dict[str, object]]]:
    out = []
    for node in nodes:
        path = f"{above}/{node['id']}" if above else str(node["id"])
        children = node.get("children")
        out += _leaves(children, path) if isinstance(children, list) else [(path, node)]
    return out


@pytest.mark.parametrize("pack", PACKS)
def test_pack_loads_with_unique_paths_and_folded_seeds(pack: str) -> None:
    loaded = load_taxonomy(pack)
    assert loaded.pack == pack
    assert len(set(loaded.paths)) == len(loaded.paths) > 10
    for phrase in loaded.finder.phrases:
        assert phrase == fold_texts([phrase])[0] != ""
    assert len(set(loaded.finder.phrases)) == len(loaded.finder.phrases) == len(loaded.aspect_of)


@pytest.mark.parametrize("pack", PACKS)
def test_examples_of_a_leaf_hit_the_leaf(pack: str) -> None:
    data = yaml.safe_load(resources.files("huiyin.text").joinpath(f"packs/{pack}.yaml").read_text(encoding="utf-8"))
    reader = Reader.load(pack)
    said = [(path, text) for path, node in _leaves(data["aspects"]) for text in node["examples"]]  # type: ignore[union-attr]
    missed = [text for path, text in said if path not in reader.read([text]).mention_columns()["aspect"].to_pylist()]
    assert len(missed) <= 0.1 * len(said), missed


@pytest.mark.parametrize("pack", PACKS)
def test_a_pack_is_complete(pack: str) -> None:
    data = yaml.safe_load(resources.files("huiyin.text").joinpath(f"packs/{pack}.yaml").read_text(encoding="utf-8"))
    leaves = _leaves(data["aspects"])
    assert 25 <= len(leaves) <= 60
    for path, node in leaves:
        for key in ("include", "exclude", "touchpoint", "owner", "negative"):
            assert node[key], (path, key)
        assert len(node["examples"]) >= 2, path  # type: ignore[arg-type]
        assert len([*node["seeds"], *node.get("weak", [])]) >= 6, path  # type: ignore[misc]
        for key in ("name", "definition"):
            assert set(node[key]) == {"zh", "en"}, (path, key)  # type: ignore[call-overload]
            assert all(node[key].values()), (path, key)  # type: ignore[attr-defined]


@pytest.mark.parametrize("pack", PACKS)
def test_no_word_is_listed_by_two_leaves(pack: str) -> None:
    owners: dict[str, set[str]] = {}
    for one in load_taxonomy(pack).aspects:
        for word in fold_texts([*one.seeds, *one.weak, *one.negative, *one.positive]):
            owners.setdefault(word, set()).add(one.path)
    assert not {word: paths for word, paths in owners.items() if len(paths) > 1}


@pytest.mark.parametrize("said", ["刹车异响修不快", "等太久，车还没取回来", "为一个传感器修了三天", "配件等太久"])
def test_synonyms_meet_in_one_leaf(said: str) -> None:
    assert "dealer/repair_time" in Reader.load("automobile").read([said]).mention_columns()["aspect"].to_pylist()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("aspects: [", "YAML"),
        ("name: x", "aspects"),
        ("aspects: []", "aspects"),
        ("aspects: [{name: 没有}]", "顶层"),
        ("aspects: [{id: top, children: [{name: x}]}]", "top"),
        ("aspects: [{id: top, children: 5}]", "top"),
        ("aspects: [{id: a, seeds: [x]}, {id: a, seeds: [y]}]", "重复的 id：a"),
        ("aspects: [{id: top, children: [{id: leaf, seeds: 屏幕}]}]", "top/leaf"),
        ("aspects: [{id: leaf, negative: [{a: b}]}]", "leaf"),
    ],
)
def test_a_bad_file_is_named_with_its_node(tmp_path: Path, content: str, told: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(TaxonomyError) as raised:
        load_taxonomy(file)
    assert "mine.yaml" in str(raised.value)
    assert told in str(raised.value)


def test_a_file_in_another_encoding_is_an_error_with_its_name(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_bytes("aspects: [{id: a, seeds: [屏幕]}]".encode("gbk"))
    with pytest.raises(TaxonomyError, match=r"mine\.yaml"):
        load_taxonomy(file)


def test_an_unknown_pack_is_an_error_that_lists_the_packs() -> None:
    with pytest.raises(TaxonomyError, match="hotel"):
        load_taxonomy("no_such_pack")


def test_two_spellings_of_a_seed_empty_seeds_and_blockers(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("aspects: [{id: a, seeds: [APP, 價格, '', null], not: [价格表]}, {id: b, seeds: [app, 价格]}]", encoding="utf-8")
    reader = Reader.load(file)
    assert reader.read(["这个app还行", "价格很贵", "價格表"]).mention_columns()["aspect"].to_pylist() == ["a", "a"]
