"""The form of a box, made of its questions, and the signed token that makes sending it twice harmless."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from huiyin.server.collect.sources.box.photos import MOST
from huiyin.server.collect.sources.box.questions import LONGEST_ANSWER, questions_of, stores_of
from huiyin.server.collect.sources.box.services import Said
from huiyin.server.collect.sources.forms import Files, FilesField
from huiyin.server.collect.sources.models import Source

_SALT = "huiyin.box.form"
_OPEN_FOR = 3 * 24 * 3600


class BoxForm(forms.Form):
    """Questions `q0`, `q1` …, contact, photos; and a field that people do not see, so that only machines fill it in."""

    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))

    def __init__(self, source: Source, language: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.source = source
        self.questions = questions_of(source.config["questions"])
        for number, one in enumerate(self.questions):
            missing = _("选一个") if one.scale else _("写一句话")
            common: dict[str, Any] = {"label": one.words(language), "required": one.required, "error_messages": {"required": missing}}
            if one.scale:
                choices = [(score, score) for score in one.scores]
                self.fields[f"q{number}"] = forms.TypedChoiceField(choices=choices, coerce=int, empty_value=None, widget=forms.RadioSelect, **common)
            else:
                widget = forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST_ANSWER})
                self.fields[f"q{number}"] = forms.CharField(max_length=LONGEST_ANSWER, widget=widget, **common)
        if source.config.get("photos"):
            picker = Files(attrs={"accept": "image/jpeg,image/png,image/webp"})
            self.fields["photos"] = FilesField(label=_("照片"), required=False, widget=picker, help_text=_("最多三张；拍摄地点与时间会去掉"))
        if source.config.get("contact"):
            entry = forms.TextInput(attrs={"autocomplete": "tel"})
            self.fields["contact"] = forms.CharField(
                label=_("怎么联系你"), max_length=200, required=False, widget=entry, help_text=_("手机或邮箱，不写也可以")
            )

    @property
    def asked(self) -> list[tuple[Any, Any]]:
        """Each question with its bound field."""
        return [(one, self[f"q{number}"]) for number, one in enumerate(self.questions)]

    @property
    def is_by_machine(self) -> bool:
        """Whether the unseen field was filled in."""
        return bool(self.cleaned_data.get("website"))

    def clean_photos(self) -> list[Any]:
        """At most three."""
        given = [one for one in self.cleaned_data.get("photos") or [] if one]
        if len(given) > MOST:
            raise forms.ValidationError(_("最多三张"))
        return given

    def clean(self) -> dict[str, Any]:
        """Somebody has to have said something."""
        given: dict[str, Any] = super().clean() or {}
        words = [f"q{number}" for number, one in enumerate(self.questions) if not one.scale]
        if not any(given.get(name) or name in self.errors for name in words):
            self.add_error(words[0], _("写一句话"))
        return given

    def said(self, preset: Mapping[str, str]) -> Said:
        """What was filled in."""
        given = self.cleaned_data
        answers = [(one, given[f"q{number}"]) for number, one in enumerate(self.questions) if given.get(f"q{number}") not in (None, "")]
        return Said(answers, given.get("contact", ""), **preset)


def preset_of(source: Source, given: Mapping[str, str]) -> dict[str, str]:
    """Store and product that the link names; where the box lists its stores, only those."""
    store, product = (str(given.get(name, "")).strip()[:200] for name in ("store", "product"))
    listed = stores_of(str(source.config.get("stores") or ""))
    if listed and (store, product) not in listed:
        return {"store": "", "product": ""}
    return {"store": store, "product": product}


def new_token(source: Source) -> str:
    """Drawn with the form."""
    return signing.dumps({"box": source.pk, "key": secrets.token_hex(8)}, salt=_SALT)


def key_of(source: Source, token: str) -> str:
    """The key within a token; empty where it is none of this box, or too old."""
    try:
        said = signing.loads(token, salt=_SALT, max_age=_OPEN_FOR)
    except signing.BadSignature:
        return ""
    return str(said["key"]) if said.get("box") == source.pk else ""
