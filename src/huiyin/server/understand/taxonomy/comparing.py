"""What parts two trees, node by node in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from huiyin.server.understand.taxonomy.tree import LINES, WORDS, Node, Tree

FIELD_NAMES: dict[str, Any] = {
    "name": gettext_lazy("名称"),
    "definition": gettext_lazy("定义"),
    "key": gettext_lazy("编号"),
    "kind": gettext_lazy("种类"),
    "touchpoint": gettext_lazy("触点"),
    "owner": gettext_lazy("负责角色"),
    "team": gettext_lazy("负责团队"),
    "seeds": gettext_lazy("中性词"),
    "weak": gettext_lazy("旁证词"),
    "negative": gettext_lazy("抱怨词"),
    "positive": gettext_lazy("夸奖词"),
    "blocked": gettext_lazy("排除词"),
    "include": gettext_lazy("包含"),
    "exclude": gettext_lazy("不包含"),
    "examples": gettext_lazy("例子"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A node that is not the same in both: what happened to it, and each field with what went and what came."""

    node_id: str
    name: str
    kinds: tuple[str, ...]
    lines: tuple[tuple[str, str, str], ...]
    """(field, what went, what came)."""


@dataclass(frozen=True, slots=True)
class Change:
    """A count before and after with the net change over all voices, and its 95 % interval where only some were read."""

    net: float
    low: float | None
    high: float | None


def kind_name(kind: str) -> str:
    """新增, 去掉, 并入别处, 改名, 移动, 改词, 改说明."""
    return {
        "added": _("新增"), "removed": _("去掉"), "merged": _("并入别处"), "renamed": _("改名"), "moved": _("移动"), "words": _("改词"),
        "said": _("改说明"),
    }[kind]  # fmt: skip


def differences(before: Tree, after: Tree) -> list[Difference]:
    """In the reading order of the later tree, then what is gone from the earlier one."""
    language = get_language() or "zh-hans"
    found = []
    for node, _depth in after.walk():
        if not before.has(node.id):
            found.append(Difference(node.id, node.called(language), ("added",), _lines(Node(""), node, before, after)))
        elif lines := _lines(before.get(node.id), node, before, after):
            found.append(Difference(node.id, node.called(language), _kinds(before.get(node.id), node), lines))
    for node, _depth in before.walk():
        if not after.has(node.id):
            into = after.fates.get(node.id, "")
            went = after.get(into).called(language) if into and after.has(into) else ""
            found.append(Difference(node.id, node.called(language), ("merged" if went else "removed",), ((_("并入"), "", went),) if went else ()))
    return found


def _kinds(old: Node, new: Node) -> tuple[str, ...]:
    found = []
    if old.name != new.name:
        found.append("renamed")
    if old.parent != new.parent:
        found.append("moved")
    if any(getattr(old, one) != getattr(new, one) for one in WORDS):
        found.append("words")
    if any(getattr(old, one) != getattr(new, one) for one in FIELD_NAMES if one not in (*WORDS, "name")):
        found.append("said")
    return tuple(found)


def _lines(old: Node, new: Node, before: Tree, after: Tree) -> tuple[tuple[str, str, str], ...]:
    found = []
    if old.id and old.parent != new.parent:
        found.append((_("上层"), _parent(before, old), _parent(after, new)))
    for name, label in FIELD_NAMES.items():
        was, now = getattr(old, name), getattr(new, name)
        if was == now or (name == "kind" and not old.id) or (name == "key" and not old.id):
            continue
        if name in (*WORDS, *LINES):
            gone, come = [one for one in was if one not in now], [one for one in now if one not in was]
            if gone or come:
                found.append((str(label), "、".join(gone), "、".join(come)))
        elif isinstance(now, dict):
            found += [(str(label), was.get(one, ""), now.get(one, "")) for one in ("zh", "en") if was.get(one, "") != now.get(one, "")]
        else:
            found.append((str(label), was, now))
    return tuple(found)


def _parent(tree: Tree, node: Node) -> str:
    return tree.get(node.parent).called(get_language() or "zh-hans") if node.parent else _("顶层")


def net_change(gained: int, lost: int, read: int, frame: int) -> Change:
    """The net change over all voices, out of the voices of a sample that come and go.

    The difference of two proportions over the same voices: Δ = (g − l) ÷ n, its variance (g + l − (g − l)² ÷ n) ÷ n², times
    the finite-population factor (N − n) ÷ (N − 1); Agresti, Categorical Data Analysis, 3rd ed., 11.1.1. Where all were read it is exact.

    >>> net_change(30, 10, 100, 100).net, net_change(30, 10, 100, 100).low
    (20.0, None)
    >>> some = net_change(30, 10, 100, 1000)
    >>> some.net, round(some.low), round(some.high)
    (200.0, 88, 312)
    """
    if read <= 0:
        return Change(0.0, None, None)
    net = (gained - lost) * frame / read
    if read >= frame:
        return Change(net, None, None)
    variance = (gained + lost - (gained - lost) ** 2 / read) / read**2 * (frame - read) / max(1, frame - 1)
    half = 1.959964 * math.sqrt(variance) * frame
    return Change(net, net - half, net + half)


def parted(text: str) -> list[str]:
    """Words and sentences as they are typed: by line, 、, comma or semicolon.

    >>> parted("早餐、自助餐; brunch")
    ['早餐', '自助餐', 'brunch']
    """
    for sign in "、，,；;\r\n":
        text = text.replace(sign, "\n")
    return list(dict.fromkeys(one.strip() for one in text.split("\n") if one.strip()))


def lined(text: str) -> list[str]:
    """Sentences, one a line."""
    return list(dict.fromkeys(one.strip() for one in text.splitlines() if one.strip()))


def parts_of(text: str) -> Sequence[tuple[str, list[str]]]:
    """The parts of a split as they are typed: one a line, `name：word、word`.

    >>> parts_of("堂食\\n自助：自助餐、取餐")
    [('堂食', []), ('自助', ['自助餐', '取餐'])]
    """
    found = []
    for line in lined(text):
        name, _sign, words = line.replace(":", "：").partition("：")
        if name.strip():
            found.append((name.strip(), parted(words)))
    return found
