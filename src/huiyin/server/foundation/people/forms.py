"""What people fill in. Forms check shape; services decide."""

from __future__ import annotations

import re
from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from huiyin.server.foundation.people.models import Team, User
from huiyin.server.foundation.people.rights import KEY_SCOPES
from huiyin.server.foundation.people.roles import ASSIGNABLE, LABELS, MEANINGS
from huiyin.server.foundation.people.scope import PARTS
from huiyin.server.foundation.people.selectors import teams_as_tree


class SignInForm(LoginForm):
    """allauth's form in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        self.fields["login"].label = _("邮箱")
        self.fields["login"].widget = forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
        self.fields["password"].label = _("密码")
        self.fields["password"].help_text = ""
        self.fields["password"].widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})


class PasswordMixin(forms.Form):
    """A new password, checked against the rules of the settings."""

    password = forms.CharField(
        label=_("密码"),
        strip=False,
        help_text=_("至少 10 个字符"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    about: User | None = None

    def clean_password(self) -> str:
        """Says what is weak about it."""
        password = str(self.cleaned_data["password"])
        given = self.cleaned_data
        about = self.about or User(email=given.get("email", ""), display_name=given.get("display_name", ""))
        password_validation.validate_password(password, about)
        return password


class FirstRunForm(PasswordMixin):
    """The first administrator."""

    field_order = ("display_name", "email", "password", "code")
    display_name = forms.CharField(label=_("姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True}))
    email = forms.EmailField(label=_("邮箱"), widget=forms.EmailInput(attrs={"autocomplete": "username"}))

    def __init__(self, *args: Any, code: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if settings.SETUP_NEEDS_CODE:
            self.fields["code"] = forms.CharField(label=_("设置码"), initial=code, help_text=_("印在启动服务的终端里"))


class JoinForm(PasswordMixin):
    """Accepting an invitation: the name as it shall be shown, and a password."""

    field_order = ("display_name", "password")
    display_name = forms.CharField(label=_("姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"}))


class NewPasswordForm(PasswordMixin):
    """A new password by link."""


class ListField(forms.CharField):
    """Several values in one line, parted by comma, 、 or line break."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """As it is typed."""
        return "、".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """The values, without blanks."""
        return [one.strip() for one in re.split(r"[,，、;；\n]", value or "") if one.strip()]


class ScopeMixin(forms.Form):
    """The rows somebody may see."""

    product = ListField(label=_("产品"))
    region = ListField(label=_("地区"))
    store = ListField(label=_("门店"))

    @property
    def scope(self) -> dict[str, list[str]]:
        """As the services take it."""
        return {part: self.cleaned_data[part] for part in PARTS}


class PlaceMixin(ScopeMixin):
    """Roles, team and scope: what an administrator decides about a person."""

    roles = forms.MultipleChoiceField(label=_("角色"), required=False, widget=forms.CheckboxSelectMultiple)
    team = forms.ModelChoiceField(label=_("团队"), required=False, queryset=Team.objects.all(), empty_label=_("不属于团队"))
    limited_to_team = forms.BooleanField(label=_("只看本团队范围内的声音"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = [(role, LABELS[role]) for role in ASSIGNABLE]
        self.fields["team"].choices = [("", _("不属于团队")), *((team.pk, "\u3000" * depth + team.name) for depth, team in teams_as_tree())]

    @property
    def role_choices(self) -> list[dict[str, Any]]:
        """Every role with what it means, for the template."""
        chosen = set(self["roles"].value() or ())
        return [{"value": role, "label": LABELS[role], "meaning": MEANINGS[role], "checked": role in chosen} for role in ASSIGNABLE]

    @property
    def place(self) -> dict[str, Any]:
        """As the services take it."""
        given = self.cleaned_data
        return {"roles": given["roles"], "team": given["team"], "scope": self.scope, "limited_to_team": given["limited_to_team"]}


class InviteForm(PlaceMixin):
    """Whom to invite, and as what."""

    field_order = ("email", "display_name", "language", "roles", "team")
    email = forms.EmailField(label=_("邮箱"))
    display_name = forms.CharField(label=_("姓名"), max_length=60, required=False, help_text=_("可留空，由本人填"))
    language = forms.ChoiceField(label=_("语言"), choices=settings.LANGUAGES)


class PersonForm(PlaceMixin):
    """What an administrator changes about a person."""

    field_order = ("display_name", "roles", "team")
    display_name = forms.CharField(label=_("姓名"), max_length=60)


class TeamForm(ScopeMixin):
    """A team."""

    field_order = ("name", "parent", "product", "region", "store")
    name = forms.CharField(label=_("名称"), max_length=100)
    parent = forms.ModelChoiceField(label=_("上级"), required=False, queryset=Team.objects.all(), empty_label=_("没有上级"))


class ProfileForm(forms.Form):
    """A person's own name and language."""

    display_name = forms.CharField(label=_("姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = forms.ChoiceField(label=_("语言"), choices=settings.LANGUAGES)


class KeyForm(forms.Form):
    """A new API key: of the rights that keys may carry, those the owner has."""

    name = forms.CharField(label=_("用途"), max_length=60, help_text=_("例如：客服系统送入反馈"))
    scopes = forms.MultipleChoiceField(label=_("权限"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, owner: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [(right, label) for right, label in KEY_SCOPES.items() if owner.has_perm(right)]
