"""The form of an endpoint."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huiyin.server.prioritise.webhooks.events import GROUPS, KINDS


class EndpointForm(forms.Form):
    """Name, address, events."""

    name = forms.CharField(label=_("名称"), max_length=60)
    url = forms.CharField(label=_("地址"), max_length=2000, help_text=_("每个事件向这里 POST 一次，JSON，带签名"))
    kinds = forms.MultipleChoiceField(label=_("事件"), required=False, choices=list(KINDS.items()), widget=forms.CheckboxSelectMultiple)
    enabled = forms.BooleanField(label=_("启用"), required=False, initial=True)

    @property
    def groups(self) -> list[dict[str, Any]]:
        """The events under their headings, each with what it sends and whether it is chosen, for the template."""
        chosen = set(self["kinds"].value() or ())
        return [{"name": name, "kinds": [{"kind": one, "checked": one.key in chosen} for one in kinds]} for name, kinds in GROUPS]
