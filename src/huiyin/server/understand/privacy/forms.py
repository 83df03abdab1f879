"""Forms about personal data. Each asks why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

UNMASK_REASONS = (
    ("callback", _("回访这位客户")),
    ("check", _("核实发生了什么")),
    ("safety", _("安全事件")),
    ("request", _("客户本人要求")),
)
ERASE_REASONS = (("request", _("客户本人要求")), ("duty", _("法规或合同要求")), ("mistake", _("不该收进来")))


class ReasonForm(forms.Form):
    """Why, out of a few, and a note."""

    reason = forms.ChoiceField(label=_("为什么"), choices=UNMASK_REASONS)
    note = forms.CharField(label=_("补充"), max_length=200, required=False, strip=True)

    @property
    def said(self) -> str:
        """The reason as it is kept."""
        given = self.cleaned_data
        field: Any = self.fields["reason"]
        words = str(dict(field.choices)[given["reason"]])
        return f"{words}：{given['note']}" if given["note"] else words


class EraseForm(ReasonForm):
    """Why a customer is erased, and that it is meant."""

    reason = forms.ChoiceField(label=_("为什么"), choices=ERASE_REASONS)
    meant = forms.BooleanField(label=_("我知道删了就找不回来"))


class FindForm(forms.Form):
    """The number, phone or mail by which a source knows a customer."""

    customer = forms.CharField(label=_("客户编号、手机号或邮箱"), max_length=200, strip=True)


class RetentionForm(forms.Form):
    """How long a source's voices and payloads are kept."""

    source = forms.IntegerField(widget=forms.HiddenInput)
    keep_days = forms.IntegerField(label=_("原文"), min_value=0, max_value=36500)
    voices_days = forms.IntegerField(label=_("声音"), min_value=0, max_value=36500)

    def clean(self) -> dict[str, Any]:
        """A payload is not kept longer than its voice."""
        given = super().clean() or {}
        raw, voices = given.get("keep_days") or 0, given.get("voices_days") or 0
        if voices and (not raw or raw > voices):
            given["keep_days"] = voices
        return given
