"""A tree as a pack file of the library and back: what is read from a file that was written here means the same, word for word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from huiyin.server.understand.taxonomy.tree import KINDS, Node, Tree, id_for, uid_is_good
from huiyin.text.shipped import LOADER
from huiyin.text.taxonomy import PACKS, Taxonomy, parse


@dataclass(frozen=True, slots=True)
class Words:
    """What a company's own words add to a tree: words that judge nothing, that say bad or good, and seeds by node id."""

    plain: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()
    positive: tuple[str, ...] = ()
    seeds: Mapping[str, Sequence[str]] = field(default_factory=dict)


NO_WORDS = Words()
_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def tree_of(text: str, source: str, known: Tree | None = None) -> Tree:
    """The tree of a pack file. A node without `uid` is the one of `known` that stands at its path, else a new one.

    Raises:
        TaxonomyError: the file breaks a rule of the format; the message names the node.
    """
    parse(text, source)
    data = yaml.load(text, Loader=LOADER)  # noqa: S506 - a safe loader in either form
    pack = str(data.get("pack") or source)
    found = Tree(pack, _both(data.get("name"), pack), [])
    ids = {path: node_id for node_id, path in known.paths().items()} if known else {}
    for said in data["aspects"]:
        _take(found, said, "", "", ids)
    return found


def tree_of_pack(pack_or_file: str) -> Tree:
    """The tree of a shipped pack, or of a file by path.

    Raises:
        TaxonomyError, OSError: no such pack or file.
    """
    if pack_or_file in PACKS:
        return tree_of(resources.files("huiyin.text").joinpath(f"packs/{pack_or_file}.yaml").read_text(encoding="utf-8"), pack_or_file)
    path = Path(pack_or_file)
    return tree_of(path.read_text(encoding="utf-8-sig"), path.name)


def said_of(tree: Tree, version: str, words: Words = NO_WORDS) -> dict[str, Any]:
    """The pack of a tree as plain data."""
    said: dict[str, Any] = {"pack": tree.pack, "version": version, "name": tree.name or tree.pack}
    said |= {name: list(given) for name in ("plain", "negative", "positive") if (given := getattr(words, name))}
    said["aspects"] = [_written(tree, one, words.seeds) for one in tree.children("")]
    return said


def text_of(tree: Tree, version: str, words: Words = NO_WORDS) -> str:
    """The pack file of a tree."""
    written: str = yaml.dump(said_of(tree, version, words), Dumper=_DUMPER, allow_unicode=True, sort_keys=False, width=120)
    return written


def taxonomy_of(tree: Tree, version: str = "draft", words: Words = NO_WORDS) -> Taxonomy:
    """The tree as the library matches it.

    Raises:
        TaxonomyError: it has no aspect, or two at one path.
    """
    return parse(text_of(tree, version, words), tree.pack)


def _take(tree: Tree, said: Mapping[str, Any], parent: str, above: str, ids: Mapping[str, str]) -> None:
    key = str(said["id"])
    path = f"{above}/{key}" if above else key
    uid = str(said.get("uid") or "")
    node_id = uid if uid_is_good(uid) else ids.get(path) or id_for(tree.pack, path)
    while tree.has(node_id):
        node_id = id_for(tree.pack, f"{path}#{node_id}")
    kind = str(said.get("kind", "theme"))
    node = Node(node_id, parent, key, kind if kind in KINDS else "theme", _both(said.get("name"), path), _both(said.get("definition"), ""))
    node.touchpoint, node.owner, node.team = (str(said.get(name) or "") for name in ("touchpoint", "owner", "team"))
    for name, stored in (("seeds", "seeds"), ("weak", "weak"), ("negative", "negative"), ("positive", "positive"), ("blocked", "not")):
        setattr(node, name, _list(said.get(stored)))
    for name in ("include", "exclude", "examples"):
        setattr(node, name, _list(said.get(name)))
    tree.nodes.append(node)
    for child in said.get("children") or []:
        _take(tree, child, node_id, path, ids)


def _written(tree: Tree, node: Node, more: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    said: dict[str, Any] = {"id": node.key, "uid": node.id, "name": node.name}
    children = tree.children(node.id)
    if node.kind != "theme":
        said["kind"] = node.kind
    if any(node.definition.values()):
        said["definition"] = node.definition
    for name in ("include", "exclude", "touchpoint", "owner", "team"):
        if getattr(node, name):
            said[name] = getattr(node, name)
    words = {"seeds": [*node.seeds, *(one for one in more.get(node.id, ()) if one not in node.words)]}
    words |= {"weak": node.weak, "negative": node.negative, "positive": node.positive, "not": node.blocked, "examples": node.examples}
    said |= {name: value for name, value in words.items() if value}
    if children:
        said["children"] = [_written(tree, one, more) for one in children]
    return said


def _both(value: Any, fallback: str) -> dict[str, str]:
    """What is said in each language; one string is Chinese and stands for both."""
    given = value if isinstance(value, dict) else {"zh": value}
    found = {one: str(given[one]) for one in ("zh", "en") if given.get(one)}
    return found or ({"zh": fallback} if fallback else {})


def _list(value: Any) -> list[str]:
    if value is None:
        return []
    found = [value] if isinstance(value, str) else value
    return [str(one).strip() for one in found if one is not None and str(one).strip()]
