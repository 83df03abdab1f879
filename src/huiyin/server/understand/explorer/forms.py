"""Forms of the explorer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.server.understand.explorer.names import INTENT, POLARITY, SIGN, STRENGTHS, aspect_name, aspect_names


class CorrectionForm(forms.Form):
    """What an opinion should have been read as."""

    aspect = forms.ChoiceField(label=_("主题"), required=False)
    polarity = forms.TypedChoiceField(label=_("情感"), coerce=int, choices=[(side, f"{SIGN[side]} {name}") for side, name in POLARITY.items()])
    intensity = forms.TypedChoiceField(label=_("强度"), coerce=float, choices=[(str(level), name) for level, name in STRENGTHS])
    intent = forms.ChoiceField(label=_("意图"), choices=list(INTENT.items()))
    removed = forms.BooleanField(label=_("这不是观点"), required=False)
    alike = forms.BooleanField(required=False)

    def __init__(self, data: Any = None, *, mention: Mapping[str, Any]) -> None:
        leaves = aspect_names()
        themes = {path.rsplit("/", 1)[0] for path in leaves if "/" in path}
        paths = [path for path in leaves if path not in themes]
        if mention["aspect"] and mention["aspect"] not in paths:
            paths.insert(0, mention["aspect"])
        self._mention = mention
        super().__init__(
            data,
            initial={
                "aspect": mention["aspect"] or "",
                "polarity": mention["polarity"],
                "intensity": self._level(),
                "intent": mention["intent"] or "none",
            },
        )
        choice: Any = self.fields["aspect"]
        choice.choices = [("", _("未归类")), *((path, aspect_name(path)) for path in paths)]

    def _level(self) -> str:
        """The band of strength the opinion was read in."""
        strength = self._mention["intensity"] or 0.0
        return str(STRENGTHS[0 if strength < 0.375 else 1 if strength < 0.6 else 2 if strength < 0.8 else 3][0])

    @property
    def wanted(self) -> dict[str, Any]:
        """The fields as a correction takes them; a strength left in its band stays the figure it was."""
        given = self.cleaned_data
        if given["removed"]:
            return {"removed": True}
        found = {"aspect": given["aspect"] or None, "polarity": given["polarity"], "intent": given["intent"]}
        if str(given["intensity"]) != self._level():
            found["intensity"] = given["intensity"]
        return found


class TagForm(forms.Form):
    """A tag, and which voices get it or lose it."""

    query = forms.CharField(required=False, max_length=4000)
    tag = forms.CharField(max_length=40, strip=True)
    every = forms.BooleanField(required=False)
    off = forms.BooleanField(required=False)

    def clean_tag(self) -> str:
        """Without the sign that tags begin with."""
        name = str(self.cleaned_data["tag"]).lstrip("#＃ ").strip()
        if not name:
            raise forms.ValidationError(_("写上标记的名字"))
        return name


class SaveViewForm(forms.Form):
    """A name for what is seen."""

    name = forms.CharField(max_length=60, strip=True)
    query = forms.CharField(required=False, max_length=4000)
    shared = forms.BooleanField(required=False)
