"""Forms of the taxonomy."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from huiyin.server.foundation.people.selectors import teams_as_tree
from huiyin.server.understand.taxonomy.checking import Trouble
from huiyin.server.understand.taxonomy.comparing import lined, parted
from huiyin.server.understand.taxonomy.models import OwnWord
from huiyin.server.understand.taxonomy.tree import LINES, WORDS, Node, Tree

_AREA = {"rows": 2}
_LONGEST = 60


class NodeForm(forms.Form):
    """What a node says."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    name_zh = forms.CharField(label=_("名称"), max_length=_LONGEST, required=False)
    name_en = forms.CharField(label=_("英文名称"), max_length=120, required=False)
    definition_zh = forms.CharField(label=_("定义"), max_length=1000, required=False, widget=forms.Textarea(_AREA))
    definition_en = forms.CharField(label=_("英文定义"), max_length=1000, required=False, widget=forms.Textarea(_AREA))
    seeds = forms.CharField(
        label=_("中性词"), max_length=20_000, required=False, widget=forms.Textarea(_AREA), help_text=_("说到它，不分好坏；用、或换行隔开")
    )
    weak = forms.CharField(
        label=_("旁证词"), max_length=20_000, required=False, widget=forms.Textarea(_AREA), help_text=_("也有别的意思；旁边另有评价或它的词时才算")
    )
    negative = forms.CharField(
        label=_("抱怨词"), max_length=20_000, required=False, widget=forms.Textarea(_AREA), help_text=_("说到它，本身就是抱怨")
    )
    positive = forms.CharField(
        label=_("夸奖词"), max_length=20_000, required=False, widget=forms.Textarea(_AREA), help_text=_("说到它，本身就是夸奖")
    )
    blocked = forms.CharField(
        label=_("排除词"), max_length=20_000, required=False, widget=forms.Textarea(_AREA), help_text=_("含有上面的词、却不是说它的更长的词")
    )
    include = forms.CharField(label=_("包含"), max_length=4000, required=False, widget=forms.Textarea(_AREA), help_text=_("一行一条"))
    exclude = forms.CharField(label=_("不包含"), max_length=4000, required=False, widget=forms.Textarea(_AREA), help_text=_("一行一条，写明归哪里"))
    examples = forms.CharField(label=_("例子"), max_length=8000, required=False, widget=forms.Textarea(_AREA), help_text=_("一行一句"))
    team = forms.ChoiceField(label=_("负责团队"), required=False)
    owner = forms.CharField(label=_("负责角色"), max_length=_LONGEST, required=False)
    touchpoint = forms.CharField(label=_("触点"), max_length=_LONGEST, required=False)
    key = forms.CharField(label=_("编号"), max_length=_LONGEST, help_text=_("路径由各层编号连成；改了，历史跟着走"))
    kind = forms.ChoiceField(label=_("种类"), choices=[("theme", _("主题组")), ("flow", _("流程，下层是依次的步骤"))], required=False)

    def __init__(self, tree: Tree, node: Node, seen: str, troubles: list[Trouble], data: Any = None) -> None:
        super().__init__(data, initial=_initial(node) | {"seen": seen}, auto_id="node_%s")
        self.leaf = tree.is_leaf(node.id)
        teams = [(team.name, "\u3000" * depth + team.name) for depth, team in teams_as_tree()]
        if node.team and node.team not in dict(teams):
            teams.append((node.team, node.team))
        choice: Any = self.fields["team"]
        choice.choices = [("", _("还没有")), *teams]
        if self.leaf:
            del self.fields["kind"]
        elif not node.words and not node.blocked:
            for name in WORDS:
                del self.fields[name]
        self.troubles: dict[str, list[Trouble]] = {}
        for one in troubles:
            self.troubles.setdefault("name_zh" if one.field == "name" else one.field, []).append(one)

    @property
    def rows(self) -> list[tuple[Any, list[Trouble]]]:
        """The visible fields with what is wrong with each."""
        return [(one, self.troubles.get(one.name, [])) for one in self.visible_fields()]

    @property
    def wanted(self) -> dict[str, Any]:
        """The node's fields as they should be."""
        given = self.cleaned_data
        found: dict[str, Any] = {name: {one: given[f"{name}_{one}"].strip() for one in ("zh", "en")} for name in ("name", "definition")}
        found["definition"] = {one: text for one, text in found["definition"].items() if text}
        found |= {name: parted(given[name]) for name in WORDS if name in given}
        found |= {name: lined(given[name]) for name in LINES}
        found |= {name: given[name].strip() for name in ("team", "owner", "touchpoint", "key", "kind") if name in given}
        return found


def _initial(node: Node) -> dict[str, Any]:
    found: dict[str, Any] = {f"{name}_{one}": getattr(node, name).get(one, "") for name in ("name", "definition") for one in ("zh", "en")}
    found |= {name: "、".join(getattr(node, name)) for name in WORDS}
    found |= {name: "\n".join(getattr(node, name)) for name in LINES}
    return found | {name: getattr(node, name) for name in ("team", "owner", "touchpoint", "key", "kind")}


class WordForm(forms.Form):
    """A word of the company's own."""

    word = forms.CharField(label=_("词"), max_length=_LONGEST, strip=True)
    kind = forms.ChoiceField(label=_("意思"), choices=OwnWord.Kind.choices)
    node = forms.ChoiceField(label=_("哪个主题"), required=False)

    def __init__(self, tree: Tree, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["node"]
        choice.choices = [("", "—"), *leaf_choices(tree)]

    def clean(self) -> dict[str, Any]:
        """A synonym says of what."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("kind") == OwnWord.Kind.SYNONYM and not given.get("node"):
            self.add_error("node", _("选它说的是哪个主题"))
        if given.get("kind") != OwnWord.Kind.SYNONYM:
            given["node"] = ""
        return given


def leaf_choices(tree: Tree) -> list[tuple[str, str]]:
    """Aspects with what stands above them."""
    language = get_language() or "zh-hans"
    above: dict[str, str] = {}
    found = []
    for node, _depth in tree.walk():
        above[node.id] = f"{above[node.parent]} / {node.called(language)}" if node.parent else node.called(language)
        if tree.is_leaf(node.id):
            found.append((node.id, above[node.id]))
    return found


class FileForm(forms.Form):
    """A file with a tree."""

    file = forms.FileField(label=_("标签体系文件"), widget=forms.ClearableFileInput({"accept": ".yaml,.yml,.json,.xlsx"}))


class PublishForm(forms.Form):
    """The note of a version."""

    note = forms.CharField(label=_("这一版改了什么"), max_length=1000, widget=forms.Textarea({"rows": 3}))
    revision = forms.IntegerField(widget=forms.HiddenInput)
