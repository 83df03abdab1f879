"""The map of responsibility, the history of claims, who settles what the teams cannot."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.server.foundation.people.models import Team


class Responsibility(models.Model):
    """Exactly one team for a node of the taxonomy and all under it; with a product or a region, for that part of it only."""

    node = models.CharField(max_length=60)
    """The node's id, which never changes while its path may."""
    path = models.CharField(max_length=500)
    """Where it stood when this was written: finds the node again where a taxonomy came anew with other ids."""
    product = models.CharField(max_length=200, blank=True)
    region = models.CharField(max_length=200, blank=True)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="responsibilities")
    deputy = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    """Who steps in when the team cannot."""
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    since = models.DateTimeField()
    """Since when this team answers for it."""

    class Meta:
        """By place."""

        ordering: ClassVar = ["path", "product", "region", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["node", "product", "region"], name="one_accountable_team")]

    def __str__(self) -> str:
        return " · ".join(filter(None, [self.path, self.product, self.region]))


class Claim(models.Model):
    """One step of a problem between the teams. Rows are added and never changed; in order of `id` they are its history."""

    class Kind(models.TextChoices):
        """What happened."""

        ASSIGNED = "assigned", _("指派")
        ACCEPTED = "accepted", _("认领")
        REJECTED = "rejected", _("不认领")
        CALLED = "called", _("请裁定人")
        DECIDED = "decided", _("裁定")

    class Reason(models.TextChoices):
        """Why a team says that a problem is not its own."""

        NOT_OURS = "not_ours", _("不归我们管的环节")
        CAUSE_ELSEWHERE = "cause_elsewhere", _("根因在别处")
        NO_MEANS = "no_means", _("我们没有权限或手段改")
        MISREAD = "misread", _("原声归错了类")
        DUPLICATE = "duplicate", _("和另一个问题是同一件事")

    problem_id = models.CharField(max_length=20, db_index=True)
    """As it was called then; read through the register, for it may have gone into another."""
    kind = models.CharField(max_length=10, choices=Kind.choices)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    """Whose step it is: the team that is given it, takes it or rejects it."""
    team_name = models.CharField(max_length=100, blank=True)
    to_team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    """Whom a rejecting team names."""
    to_name = models.CharField(max_length=100, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    """Who takes it on; of a call, the arbiter."""
    person_name = models.CharField(max_length=60, blank=True)
    target = models.TextField(blank=True)
    due = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    words = models.TextField(blank=True)
    since = models.DateTimeField(null=True, blank=True)
    """Of an answer: since when the problem had lain with the team."""
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    author_name = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()

    class Meta:
        """In the order in which they happened."""

        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.problem_id} {self.team_name}"


class Arbitration(models.Model):
    """Who settles what two hand-offs did not, and how long an answer may take. There is one row at most."""

    arbiter = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    """Nobody named: the CX lead who has been here longest."""
    answer_days = models.PositiveSmallIntegerField(default=5)
    only = models.PositiveSmallIntegerField(default=1, unique=True, editable=False)

    def __str__(self) -> str:
        return str(_("裁定"))
