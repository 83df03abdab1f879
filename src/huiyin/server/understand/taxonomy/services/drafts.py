"""Changes of the draft. Each is a step that can be taken back; nothing here touches what is published."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.writing import state_write
from huiyin.server.understand.taxonomy.models import Draft, DraftStep, TaxonomyVersion
from huiyin.server.understand.taxonomy.selectors import version_in_use
from huiyin.server.understand.taxonomy.tree import Node, Tree

KEPT_STEPS = 100
"""Steps that can be taken back; each keeps a tree."""


class NoDraft(LookupError):
    """It was published or discarded meanwhile."""


class ChangedMeanwhile(Exception):  # noqa: N818 - no error: two people met
    """Somebody saved the node after this form was opened."""

    def __init__(self, node: Node) -> None:
        super().__init__(node.id)
        self.node = node


@dataclass(slots=True)
class _Change:
    """What a step tells of itself; filled in by the service that makes it."""

    tree: Tree
    node: str = ""
    name: str = ""
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    nothing: bool = False


@contextmanager
def _step(user: Any, verb: str) -> Iterator[_Change]:
    """The draft's tree, to be changed within: kept with a step and an audit row, or not at all."""
    with state_write():
        draft = Draft.objects.select_for_update().first()
        if draft is None:
            raise NoDraft
        change = _Change(draft.tree)
        yield change
        if change.nothing:
            return
        DraftStep.objects.create(draft=draft, verb=verb, name=change.name[:300], by_name=str(user)[:200], before=draft.said)
        old = DraftStep.objects.filter(draft=draft).values_list("pk", flat=True)[KEPT_STEPS:]
        DraftStep.objects.filter(pk__in=list(old)).delete()
        draft.said = change.tree.as_json()
        draft.revision += 1
        draft.save()
        kind = {"object_type": "taxonomynode"} if change.node else {}
        record(verb, change.node or draft, actor=user, before=change.before, after=change.after, object_name=change.name, **kind)


def first_version_kept() -> TaxonomyVersion:
    """The version in use; that of a shipped pack becomes number 1 when somebody begins to work on it."""
    version = version_in_use()
    if version.pk is None:
        version.author_name = ""
        version.save(force_insert=True)
    return version


def draft_begin(user: Any, tree: Tree | None = None, *, again: int = 0, verb: str = "taxonomy.draft_begun", name: str = "") -> Draft:
    """Begin a draft from the version in use; with `tree`, from another one. Where there is a draft already, that tree becomes a step of it."""
    with state_write():
        version = first_version_kept()
        draft = Draft.objects.select_for_update().first()
        if draft is None:
            said = version.tree
            said.fates = {}
            draft = Draft.objects.create(said=said.as_json(), base=version.number, begun_by=user)
            record("taxonomy.draft_begun", draft, actor=user, after={"version": version.number})
        if tree is not None:
            with _step(user, verb) as change:
                change.name = name
                change.tree = tree
                change.after = {"names": len(tree.nodes)}
            draft.refresh_from_db()
            if again != draft.again:
                draft.again = again
                draft.save()
    return draft


def step_undo(user: Any) -> str:
    """Take the last step back; gives what it was about."""
    with state_write():
        draft = Draft.objects.select_for_update().first()
        if draft is None:
            raise NoDraft
        step = draft.steps.first()
        if step is None:
            return ""
        draft.said, draft.revision, draft.again = step.before, draft.revision + 1, 0
        draft.save()
        record("taxonomy.step_undone", draft, actor=user, object_name=step.name, before={"verb": step.verb})
        step.delete()
    return step.name


def node_add(user: Any, parent: str, names: Sequence[str]) -> list[Node]:
    """New nodes, last under a parent ("" for the top)."""
    with _step(user, "taxonomy.node_added") as change:
        made = [change.tree.add(parent, name) for name in names]
        change.node, change.name = made[0].id, "、".join(names)
        change.after = {"names": list(names), "parent": _name(change.tree, parent)}
    return made


def node_change(user: Any, node_id: str, wanted: Mapping[str, Any], seen: str = "") -> None:
    """Change what a node says. `seen` is the digest of the node that the person had before her.

    Raises:
        NoSuchNode: it is gone. ChangedMeanwhile: it is not what she saw any more.
    """
    with _step(user, "taxonomy.node_changed") as change:
        node = change.tree.get(node_id)
        if seen and seen != digest(node):
            raise ChangedMeanwhile(node)
        differing = {name: value for name, value in wanted.items() if getattr(node, name) != value}
        change.node, change.name, change.nothing = node_id, node.called(), not differing
        change.before = {name: getattr(node, name) for name in differing}
        change.after = differing
        for name, value in differing.items():
            setattr(node, name, value)


def node_move(user: Any, node_id: str, parent: str) -> None:
    """Put a node under another parent.

    Raises:
        NoSuchNode, ValueError: see `Tree.move`.
    """
    with _step(user, "taxonomy.node_moved") as change:
        node = change.tree.get(node_id)
        change.node, change.name, change.nothing = node_id, node.called(), node.parent == parent
        change.before, change.after = {"parent": _name(change.tree, node.parent)}, {"parent": _name(change.tree, parent)}
        if not change.nothing:
            change.tree.move(node_id, parent)


def node_shift(user: Any, node_id: str, by: int) -> None:
    """Move a node up or down among its siblings."""
    with _step(user, "taxonomy.node_moved") as change:
        before = [one.id for one in change.tree.nodes]
        change.tree.shift(node_id, by)
        change.node, change.name = node_id, change.tree.get(node_id).called()
        change.nothing = before == [one.id for one in change.tree.nodes]


def node_place(user: Any, node_id: str, beside: str, after: bool) -> None:
    """Put a node right before or after another one, under that one's parent.

    Raises:
        NoSuchNode, ValueError: see `Tree.move`.
    """
    with _step(user, "taxonomy.node_moved") as change:
        node, other = change.tree.get(node_id), change.tree.get(beside)
        change.node, change.name, change.nothing = node_id, node.called(), node_id == beside
        change.before, change.after = {"parent": _name(change.tree, node.parent)}, {"parent": _name(change.tree, other.parent)}
        if not change.nothing:
            change.tree.move(node_id, other.parent)
            change.tree.nodes.remove(node)
            change.tree.nodes.insert(change.tree.nodes.index(other) + int(after), node)


def node_merge(user: Any, node_id: str, into: str) -> None:
    """Let a node go up in another: words, history and corrections go along.

    Raises:
        NoSuchNode, ValueError: see `Tree.delete`.
    """
    with _step(user, "taxonomy.node_merged") as change:
        node, target = change.tree.get(node_id), change.tree.get(into)
        change.node, change.name, change.after = node_id, node.called(), {"into": target.called()}
        change.tree.delete(node_id, into, with_words=True)


def node_split(user: Any, node_id: str, parts: Sequence[tuple[str, Sequence[str]]]) -> list[Node]:
    """Part an aspect into several under a theme of its name; the first part keeps the history.

    Raises:
        NoSuchNode, ValueError: see `Tree.split`.
    """
    with _step(user, "taxonomy.node_split") as change:
        change.node, change.name = node_id, change.tree.get(node_id).called()
        made = change.tree.split(node_id, parts)
        change.after = {"names": [one[0] for one in parts]}
    return made


def node_remove(user: Any, node_id: str) -> int:
    """Take a node away with all under it; its history is placed nowhere. Gives how many nodes went.

    Raises:
        NoSuchNode: it is gone already.
    """
    with _step(user, "taxonomy.node_removed") as change:
        change.node, change.name = node_id, change.tree.get(node_id).called()
        gone = change.tree.delete(node_id)
        change.before = {"names": [one.called() for one in gone]}
    return len(gone)


def digest(node: Node) -> str:
    """Tells two states of a node apart."""
    return blake2b(json.dumps(node.as_json(), sort_keys=True, ensure_ascii=False).encode(), digest_size=8).hexdigest()


def _name(tree: Tree, node_id: str) -> str:
    return tree.get(node_id).called() if node_id else "taxonomy_root"
