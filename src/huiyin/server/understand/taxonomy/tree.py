"""The tree that people edit: nodes with ids that never change, in order, each knowing its parent. Knows no database.

A node's path is made of the keys above it and may change; its id may not. What stands in the facts under a path follows the id:
`moved` tells from two trees which path became which.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from hashlib import blake2b
from typing import Any, Final

LANGUAGES: Final = ("zh", "en")
NAMED: Final = ("name", "definition")
WORDS: Final = ("seeds", "weak", "negative", "positive", "blocked")
LINES: Final = ("include", "exclude", "examples")
TEXTS: Final = ("key", "kind", "touchpoint", "owner", "team")
KINDS: Final = ("theme", "flow")
_KEY = re.compile(r"[^\W_][\w\-]*")
_UID = re.compile(r"[A-Za-z0-9_-]{1,40}")


@dataclass(slots=True)
class Node:
    """One theme or aspect. A node without children is an aspect and is found by its words."""

    id: str
    parent: str = ""
    key: str = ""
    kind: str = "theme"
    name: dict[str, str] = field(default_factory=dict)
    definition: dict[str, str] = field(default_factory=dict)
    include: list[str] = field(default_factory=list)
    exclude: list[str] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)
    touchpoint: str = ""
    owner: str = ""
    team: str = ""
    """Name of the accountable team."""
    seeds: list[str] = field(default_factory=list)
    weak: list[str] = field(default_factory=list)
    """Words that count in company only."""
    negative: list[str] = field(default_factory=list)
    positive: list[str] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        """Every word that gives it away."""
        return [*self.seeds, *self.weak, *self.negative, *self.positive]

    def called(self, language: str = "zh") -> str:
        """Its name in a language, else in the other, else its key."""
        return self.name.get("en" if language == "en" else "zh") or self.name.get("zh") or self.name.get("en") or self.key

    def as_json(self) -> dict[str, Any]:
        """What it says, without what it leaves unsaid."""
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: value for name, value in found.items() if value or name == "id"}


_FIELDS = {one.name for one in fields(Node)}


class NoSuchNode(LookupError):
    """Somebody else deleted it meanwhile."""


@dataclass(slots=True)
class Tree:
    """Nodes in reading order. `fates`: deleted node → the node its mentions go to, "" for nowhere."""

    pack: str
    name: dict[str, str]
    nodes: list[Node]
    fates: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Tree:
        """Out of stored JSON."""
        nodes = [Node(**{name: _copy(value) for name, value in one.items() if name in _FIELDS}) for one in said.get("nodes", [])]
        return cls(str(said.get("pack", "company")), dict(said.get("name", {})), nodes, dict(said.get("fates", {})))

    def as_json(self) -> dict[str, Any]:
        """To be stored, in reading order."""
        return {"pack": self.pack, "name": self.name, "nodes": [one.as_json() for one, _ in self.walk()], "fates": self.fates}

    # Asking

    def get(self, node_id: str) -> Node:
        """A node by id.

        Raises:
            NoSuchNode: it is not there.
        """
        for one in self.nodes:
            if one.id == node_id:
                return one
        raise NoSuchNode(node_id)

    def has(self, node_id: str) -> bool:
        """Whether it is there."""
        return any(one.id == node_id for one in self.nodes)

    def children(self, node_id: str) -> list[Node]:
        """Those right under a node ("" for the top), in order."""
        return [one for one in self.nodes if one.parent == node_id]

    def below(self, node_id: str) -> list[Node]:
        """A node's whole subtree, without itself, in reading order."""
        found = []
        for one in self.children(node_id):
            found += [one, *self.below(one.id)]
        return found

    def teams(self) -> dict[str, str]:
        """Node id → name of the team that answers for it, of nodes that name one themselves or stand under one that does."""
        found: dict[str, str] = {}
        for node, _depth in self.walk():
            found[node.id] = node.team or found.get(node.parent, "")
        return {node_id: team for node_id, team in found.items() if team}

    def walk(self, node_id: str = "", depth: int = 0) -> Iterator[tuple[Node, int]]:
        """Nodes in reading order with their depth, 0 at the top."""
        for one in self.children(node_id):
            yield one, depth
            yield from self.walk(one.id, depth + 1)

    def leaves(self) -> list[Node]:
        """The aspects, in reading order."""
        parents = {one.parent for one in self.nodes}
        return [one for one, _ in self.walk() if one.id not in parents]

    def is_leaf(self, node_id: str) -> bool:
        """Whether nothing stands under it."""
        return not self.children(node_id)

    def paths(self) -> dict[str, str]:
        """Id → path of every node."""
        found: dict[str, str] = {}
        for one, _ in self.walk():
            found[one.id] = f"{found[one.parent]}/{one.key}" if one.parent else one.key
        return found

    # Changing

    def add(self, parent: str, name: str, key: str = "") -> Node:
        """A new node, last under its parent.

        Raises:
            NoSuchNode: there is no such parent.
        """
        if parent:
            self.get(parent)
        made = Node(secrets.token_hex(6), parent, key or self.free_key(parent, name), name={"zh": name})
        self.nodes.append(made)
        return made

    def free_key(self, parent: str, name: str) -> str:
        """A key made of a name that no sibling has."""
        wanted = re.sub(r"[^\w]+", "_", name.strip().lower(), flags=re.UNICODE).strip("_")[:40] or "node"
        taken = {one.key for one in self.children(parent)}
        return next(one for one in [wanted, *(f"{wanted}_{number}" for number in range(2, 1000))] if one not in taken)

    def move(self, node_id: str, parent: str) -> None:
        """Put a node, with all under it, last under another parent.

        Raises:
            NoSuchNode: one of them is not there. ValueError: the parent stands under the node, or the key is taken there.
        """
        node = self.get(node_id)
        if parent:
            self.get(parent)
        if parent == node_id or any(one.id == parent for one in self.below(node_id)):
            raise ValueError("below itself")
        if node.parent != parent and any(one.key == node.key for one in self.children(parent)):
            raise ValueError("taken")
        node.parent = parent
        self.nodes.remove(node)
        self.nodes.append(node)

    def split(self, node_id: str, parts: Sequence[tuple[str, Sequence[str]]]) -> list[Node]:
        """Put an aspect under a new theme that takes its name and place, as the first of several parts; gives the parts.

        The first part keeps the id, and with it the history, until the voices are read again. Each part is a name and those of the
        aspect's words that go with it; what no part asks for stays with the first.

        Raises:
            NoSuchNode: it is not there. ValueError: it has children, or there is no part.
        """
        node = self.get(node_id)
        if not parts or not self.is_leaf(node_id):
            raise ValueError("no leaf")
        above = Node(secrets.token_hex(6), node.parent, node.key, "theme", dict(node.name), dict(node.definition))
        above.include, above.exclude = node.include, node.exclude
        above.touchpoint, above.owner, above.team = node.touchpoint, node.owner, node.team
        self.nodes.insert(self.nodes.index(node), above)
        node.parent, node.include, node.exclude, node.definition = above.id, [], [], {}
        node.name, node.key = {"zh": parts[0][0]}, ""
        node.key = self.free_key(above.id, parts[0][0])
        made = [node]
        for name, wanted in parts[1:]:
            part = self.add(above.id, name)
            part.touchpoint, part.owner, part.team = node.touchpoint, node.owner, node.team
            for word in wanted:
                place = next((one for one in WORDS if word in getattr(node, one)), "")
                if place:
                    getattr(node, place).remove(word)
                getattr(part, place or "seeds").append(word)
            made.append(part)
        node.seeds += [word for word in parts[0][1] if word not in node.words]
        return made

    def shift(self, node_id: str, by: int) -> None:
        """Move a node up (−1) or down (1) among its siblings; at the end nothing happens."""
        node = self.get(node_id)
        siblings = self.children(node.parent)
        at = siblings.index(node) + by
        if 0 <= at < len(siblings):
            here, there = self.nodes.index(node), self.nodes.index(siblings[at])
            self.nodes[here], self.nodes[there] = self.nodes[there], self.nodes[here]

    def delete(self, node_id: str, into: str = "", with_words: bool = False) -> list[Node]:
        """Take a node away with all under it; gives what was taken. Its mentions go to `into`, or nowhere; its words too, if asked.

        Raises:
            NoSuchNode: one of the two is not there. ValueError: `into` goes away with it.
        """
        node = self.get(node_id)
        gone = [node, *self.below(node_id)]
        if into:
            target = self.get(into)
            if any(one.id == into for one in gone):
                raise ValueError("below itself")
            if with_words:
                for name in WORDS:
                    had = getattr(target, name)
                    had += [word for one in gone for word in getattr(one, name) if word not in had]
        names = {one.id for one in gone}
        self.nodes = [one for one in self.nodes if one.id not in names]
        self.fates |= dict.fromkeys(names, into)
        return gone


def moved(before: Tree, after: Tree) -> dict[str, str | None]:
    """Old path → new path, of the aspects whose path is another now; None where their mentions belong nowhere."""
    paths = after.paths()
    found: dict[str, str | None] = {}
    old = before.paths()
    for leaf in before.leaves():
        node_id: str = leaf.id
        seen = set()
        while node_id not in paths and after.fates.get(node_id) and node_id not in seen:
            seen.add(node_id)
            node_id = after.fates[node_id]
        now = paths.get(node_id)
        if now != old[leaf.id]:
            found[old[leaf.id]] = now
    return found


def key_is_good(key: str) -> bool:
    """Letters of any script, digits, _ and -; no slash, for that parts the levels."""
    return bool(_KEY.fullmatch(key)) and len(key) <= 60


def uid_is_good(uid: str) -> bool:
    """An id that a file brings along: it stands in addresses."""
    return bool(_UID.fullmatch(uid))


def id_for(pack: str, path: str) -> str:
    """The id of a node that comes without one: the same file gives the same ids each time."""
    return blake2b(f"{pack}:{path}".encode(), digest_size=6).hexdigest()


def _copy(value: Any) -> Any:
    return list(value) if isinstance(value, list) else dict(value) if isinstance(value, dict) else value
