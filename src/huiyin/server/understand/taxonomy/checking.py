"""What is wrong with a tree, in words, beside the field it is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiyin.server.understand.taxonomy.tree import WORDS, Node, Tree, key_is_good
from huiyin.text.codepoints import fold_texts

LONGEST = 60
"""Letters of a word; longer is a sentence."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong. What `blocks` must be mended before publishing; the rest is for the person to judge."""

    node: str
    field: str
    text: str
    blocks: bool


def troubles_of(tree: Tree) -> list[Trouble]:
    """Everything, node by node in reading order."""
    if not tree.nodes:
        return [Trouble("", "", _("树是空的，先加一个主题。"), blocks=True)]
    owners = _owners(tree)
    language = get_language() or "zh-hans"
    names = {one.id: one.called(language) for one in tree.nodes}
    found: list[Trouble] = []
    for node, _depth in tree.walk():
        found += _keys(tree, node, names)
        leaf = tree.is_leaf(node.id)
        if leaf and not node.words:
            found.append(Trouble(node.id, "seeds", _("没有一个词，读的时候永远认不出它。"), blocks=False))
        if not leaf and (node.words or node.blocked):
            found.append(Trouble(node.id, "seeds", _("它有下层，自己的词不起作用；移到下层去。"), blocks=False))
        if leaf:
            found += _words(node, owners, names)
    return found


def _keys(tree: Tree, node: Node, names: Mapping[str, str]) -> list[Trouble]:
    found = []
    if not any(one.strip() for one in node.name.values()):
        found.append(Trouble(node.id, "name", _("还没有名称。"), blocks=True))
    if not key_is_good(node.key):
        found.append(Trouble(node.id, "key", _("编号只能用文字、数字、- 和 _，不能有斜杠和空格，至多 60 字。"), blocks=True))
    alike = [one for one in tree.children(node.parent) if one.id != node.id and one.name.get("zh") and one.name.get("zh") == node.name.get("zh")]
    if alike:
        found.append(Trouble(node.id, "name", _("同层有两个「%(other)s」，分不清谁是谁。") % {"other": names[node.id]}, blocks=True))
    same = [one for one in tree.children(node.parent) if one.key == node.key and one.id != node.id]
    if same:
        found.append(Trouble(node.id, "key", _("和同层的「%(other)s」编号相同，路径撞在一起了。") % {"other": names[same[0].id]}, blocks=True))
    return found


def _words(node: Node, owners: Mapping[str, Sequence[str]], names: Mapping[str, str]) -> list[Trouble]:
    found = []
    for field in WORDS:
        words: list[str] = getattr(node, field)
        folded = fold_texts(words)
        if twice := sorted({word for word, one in zip(words, folded, strict=True) if folded.count(one) > 1}):
            found.append(Trouble(node.id, field, _("写了两次：%(words)s") % {"words": "、".join(twice)}, blocks=False))
        if long := [word for word in words if len(word) > LONGEST]:
            found.append(Trouble(node.id, field, _("太长，不像一个词：%(words)s") % {"words": f"{long[0][:20]}…"}, blocks=False))
        if field == "blocked":
            continue
        if short := [word for word in words if len(word) == 1]:
            found.append(Trouble(node.id, field, _("单字容易认错：%(words)s") % {"words": "、".join(short)}, blocks=False))
        for word, one in zip(words, folded, strict=True):
            first = owners[one][0]
            if first != node.id:
                said = _("「%(word)s」也在「%(other)s」里，读的时候算它的。") % {"word": word, "other": names[first]}
                found.append(Trouble(node.id, field, said, blocks=False))
            elif others := [names[other] for other in owners[one] if other != node.id]:
                said = _("「%(word)s」也在「%(other)s」里，读的时候算这里的。") % {"word": word, "other": "」「".join(others)}
                found.append(Trouble(node.id, field, said, blocks=False))
    return found


def _owners(tree: Tree) -> dict[str, list[str]]:
    """Word as it is compared → the nodes that list it; the first of them gets it."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for node in tree.leaves():
        for word in dict.fromkeys(fold_texts(node.words)):
            found[word].append(node.id)
    return found
