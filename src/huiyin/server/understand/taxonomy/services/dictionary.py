"""The company's own words. What is added here holds for the next voice that comes in; history follows when somebody asks for it."""

from __future__ import annotations

from typing import Any

from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.writing import state_write
from huiyin.server.understand.taxonomy.models import OwnWord
from huiyin.server.understand.taxonomy.selectors import version_in_use
from huiyin.server.understand.taxonomy.services.publishing import words_begin
from huiyin.text.codepoints import fold_texts


def word_add(user: Any, word: str, kind: str, node: str = "") -> OwnWord:
    """Add a word, or give the one that is there another meaning."""
    folded = fold_texts([word.strip()])[0]
    with state_write():
        before = OwnWord.objects.filter(folded=folded).first()
        added, _made = OwnWord.objects.update_or_create(folded=folded, defaults={"word": word.strip(), "kind": kind, "node": node, "added_by": user})
        was = {"kind": before.kind, "node": _called(before.node)} if before else None
        record("taxonomy.word_added", added, actor=user, before=was, after={"kind": kind, "node": _called(node)})
        words_begin()
    return added


def word_remove(user: Any, added: OwnWord) -> None:
    """Take a word out again."""
    with state_write():
        record("taxonomy.word_removed", added, actor=user, before={"kind": added.kind, "node": _called(added.node)})
        added.delete()
        words_begin()


def _called(node_id: str) -> str:
    tree = version_in_use().tree
    return tree.get(node_id).called() if node_id and tree.has(node_id) else ""
