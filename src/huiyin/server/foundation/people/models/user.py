"""Users and the roles they were given."""

from __future__ import annotations

from typing import Any, ClassVar

import rules
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property

from huiyin.server.foundation.people.models.team import Team
from huiyin.server.foundation.people.roles import ASSIGNABLE, EVERYONE, LABELS


class Users(BaseUserManager):
    """Finds users; they are made by the services."""

    def get_by_natural_key(self, username: str | None) -> Any:
        """E-mail addresses are kept in small letters."""
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A person who signs in by e-mail address."""

    email = models.EmailField(unique=True)
    display_name = models.CharField(max_length=60)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, default="zh-hans")
    is_active = models.BooleanField(default=True)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="members")
    scope = models.JSONField(default=dict, blank=True)
    """Rows this person may see: `{"product": [...], "region": [...], "store": [...]}`; an absent part does not narrow."""
    limited_to_team = models.BooleanField(default=False)
    """Whether the scope of the team (and of the teams above it) narrows too."""
    joined_at = models.DateTimeField(default=timezone.now)

    objects = Users()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["display_name"]

    key_scopes: frozenset[str] | None = None
    """Set for a request made with an API key: the rights the key carries."""
    key_name: str = ""

    class Meta:
        """By name."""

        ordering: ClassVar = ["display_name", "id"]

    def __str__(self) -> str:
        return self.display_name or self.email

    @cached_property
    def role_names(self) -> frozenset[str]:
        """The roles given, and `everyone`."""
        return frozenset([EVERYONE, *(grant.role for grant in self.grants.all())])

    @property
    def role_labels(self) -> list[str]:
        """The roles in the reader's language, in the order of the table."""
        return [str(LABELS[role]) for role in ASSIGNABLE if role in self.role_names]

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Whether an active person's roles give the right, and the API key in use, if any, carries it."""
        if not self.is_active or (self.key_scopes is not None and perm not in self.key_scopes):
            return False
        return bool(rules.has_perm(perm, self))

    def has_module_perms(self, app_label: str) -> bool:
        """Asked by Django's template wrapper only."""
        return self.is_active

    def get_full_name(self) -> str:
        """The name shown."""
        return self.display_name


class RoleGrant(models.Model):
    """One role given to one user."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=[(role, role) for role in ASSIGNABLE])

    class Meta:
        """A role once."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "role"], name="role_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"
