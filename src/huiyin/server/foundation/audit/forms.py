"""The filters of the audit screen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.server.foundation.audit.selectors import EntryFilter, kinds
from huiyin.server.foundation.audit.words import KINDS


class EntryFilterForm(forms.Form):
    """Who, what kind, when, words; all optional. What cannot be read is left out rather than refused."""

    words = forms.CharField(label=_("词"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("类别"), required=False)
    actor = forms.IntegerField(label=_("谁"), required=False, min_value=1, widget=forms.HiddenInput)
    since = forms.DateField(label=_("从"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("到"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("全部"))] + [(kind, KINDS.get(kind, kind)) for kind in kinds()]

    def asked(self) -> EntryFilter:
        """The filter as a value."""
        self.is_valid()
        given = self.cleaned_data
        return EntryFilter(given.get("actor"), given.get("kind", ""), given.get("words", ""), given.get("since"), given.get("until"))
