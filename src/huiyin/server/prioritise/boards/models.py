"""What people keep of boards: their widgets and settings, never a number."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

SHARED = (("private", _("只有我")), ("team", _("我的团队")), ("link", _("公司里有链接的人")), ("everyone", _("所有人")))


class Board(models.Model):
    """A board. What it shows is always narrowed to the rows of whoever looks, whoever made it."""

    name = models.CharField(max_length=80)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="boards")
    shared = models.CharField(max_length=10, choices=SHARED, default="private")
    made_at = models.DateTimeField(auto_now_add=True)
    gone_at = models.DateTimeField(null=True, blank=True)
    """When it was deleted; it can be taken back."""

    class Meta:
        """By name."""

        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name


class Widget(models.Model):
    """One piece of a board: what it is and how it was set up, see `widgets.KINDS`."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="widgets")
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=80, blank=True)
    settings = models.JSONField(default=dict)
    place = models.PositiveIntegerField(default=0)
    width = models.CharField(max_length=10, default="half")

    class Meta:
        """As arranged."""

        ordering = ("place", "id")

    def __str__(self) -> str:
        return f"{self.board} · {self.title or self.kind}"


class Mission(models.Model):
    """The cause that was made the company's mission; the latest row that was not taken down is the one."""

    problem_id = models.CharField(max_length=20)
    pinned_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.problem_id
