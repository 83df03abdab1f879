"""Forms of the problem list."""

from __future__ import annotations

from typing import Any, Literal, get_args

from django import forms
from django.utils.translation import gettext_lazy as _

SplitBy = Literal["aspect", "product", "region", "segment", "channel", "brand"]
SPLIT_BY: tuple[SplitBy, ...] = get_args(SplitBy)


class RenameForm(forms.Form):
    """Another name; none gives the aspect's back."""

    name = forms.CharField(max_length=80, required=False, strip=True)


class SnoozeForm(forms.Form):
    """Until when, and why."""

    until = forms.DateField(error_messages={"required": _("写上到哪天"), "invalid": _("写上到哪天")})
    reason = forms.CharField(max_length=300, strip=True, error_messages={"required": _("写上为什么")})


class DefineForm(forms.Form):
    """What it is, what belongs to it and what does not."""

    definition = forms.CharField(max_length=2000, required=False, widget=forms.Textarea)
    include = forms.CharField(max_length=2000, required=False, widget=forms.Textarea)
    exclude = forms.CharField(max_length=2000, required=False, widget=forms.Textarea)


class MergeForm(forms.Form):
    """Into which problem."""

    into = forms.CharField(max_length=20)


class SplitForm(forms.Form):
    """By what, and which values become the new part."""

    by = forms.ChoiceField(choices=[(one, one) for one in SPLIT_BY])
    name = forms.CharField(max_length=80, strip=True, error_messages={"required": _("给分出来的起个名")})
    values: Any = None

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.values = tuple(dict.fromkeys(data.getlist("value"))) if data is not None else ()

    def clean(self) -> dict[str, Any]:
        """With at least one value."""
        given = super().clean() or {}
        if not self.values:
            raise forms.ValidationError(_("勾上要分出来的"))
        return given


class CommentForm(forms.Form):
    """What is said."""

    text = forms.CharField(max_length=4000, strip=True)


class LinkForm(forms.Form):
    """An address elsewhere."""

    title = forms.CharField(max_length=200, strip=True)
    url = forms.CharField(max_length=1000, strip=True)
