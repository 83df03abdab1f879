"""Versions of the tree, the draft of the next, what a preview found, the company's own words."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.server.foundation.jobs.models import Job
from huiyin.server.understand.taxonomy.tree import Tree


class _Kept(models.Manager):
    """Versions that were not dropped."""

    def get_queryset(self) -> Any:
        """Those that lists and choices offer."""
        return super().get_queryset().filter(dropped_at=None)


class TaxonomyVersion(models.Model):
    """A published tree. The latest one is the one in use; none is ever changed or deleted, but one may be dropped out of sight."""

    number = models.PositiveIntegerField(unique=True)
    said = models.JSONField()
    """The tree, see `Tree.as_json`."""
    note = models.TextField(blank=True)
    facts_name = models.CharField(max_length=60)
    """Under which its labels stand in the facts."""
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    author_name = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField()
    again = models.PositiveIntegerField(default=0)
    """The number of the older version that came back with it; 0 where it is new."""
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    """Which brings the history under it."""
    applied_at = models.DateTimeField(null=True, blank=True)
    """Since when voices are read by it."""
    dropped_at = models.DateTimeField(null=True, blank=True)
    """Since when no list or choice offers it; the path of history from version to version still leads over it."""
    dropped_by_name = models.CharField(max_length=200, blank=True, default="")

    objects = models.Manager()
    kept = _Kept()

    class Meta:
        """The latest first."""

        ordering = ("-number",)

    def __str__(self) -> str:
        return str(_("第 %(number)s 版") % {"number": self.number})

    @property
    def tree(self) -> Tree:
        """As it can be asked."""
        return Tree.of(self.said)


class Draft(models.Model):
    """The next version as it stands; a company has one at most, and all who may change it work on the same."""

    said = models.JSONField()
    base = models.PositiveIntegerField()
    """The number of the version it was begun from."""
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    begun_at = models.DateTimeField(auto_now_add=True)
    revision = models.PositiveIntegerField(default=0)
    """Rises with every change."""
    again = models.PositiveIntegerField(default=0)
    only = models.PositiveSmallIntegerField(default=1, unique=True, editable=False)

    def __str__(self) -> str:
        return str(_("草稿"))

    @property
    def tree(self) -> Tree:
        """As it can be asked."""
        return Tree.of(self.said)


class DroppedDraft(models.Model):
    """A draft that was given up, for who regrets it."""

    said = models.JSONField()
    base = models.PositiveIntegerField()
    again = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField()
    """How many changes it held."""
    dropped_by_name = models.CharField(max_length=200)
    dropped_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """The latest first."""

        ordering = ("-id",)

    def __str__(self) -> str:
        return str(_("从第 %(number)s 版开始的草稿") % {"number": self.base})


class DraftStep(models.Model):
    """One change of a draft: what was done, and the tree before it, so that it can be taken back."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="steps")
    verb = models.CharField(max_length=40)
    name = models.CharField(max_length=300, blank=True)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)
    before = models.JSONField()

    class Meta:
        """The latest first."""

        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.verb} {self.name}"


class Preview(models.Model):
    """What a draft would do to history: counts and ids, no words of a customer."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="previews")
    revision = models.PositiveIntegerField()
    """Of the draft it was made of."""
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    within = models.TextField(blank=True)
    """The rows it was made over, as the query of a filter: those that its maker may see."""
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    found = models.JSONField(null=True, blank=True)
    """See `previewing.summed`."""

    class Meta:
        """The latest first."""

        ordering = ("-id",)

    def __str__(self) -> str:
        return str(_("预览"))


class TakenExample(models.Model):
    """Words of a customer that show what a node means. Apart from the tree, so that forgetting the customer takes them away."""

    node = models.CharField(max_length=60)
    feedback_id = models.CharField(max_length=100, db_index=True)
    text = models.TextField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    taken_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """A voice is an example of a node once."""

        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["node", "feedback_id"], name="one_example_per_voice")]

    def __str__(self) -> str:
        return self.feedback_id


class OwnWord(models.Model):
    """A word of the company's own world and what it means to whoever reads."""

    class Kind(models.TextChoices):
        """What it does."""

        NEGATIVE = "negative", _("说不好")
        POSITIVE = "positive", _("说好")
        SYNONYM = "synonym", _("说的是某个主题")
        NAME = "name", _("名称，不含褒贬")
        IGNORED = "ignored", _("不再提起")

    word = models.CharField(max_length=60)
    folded = models.CharField(max_length=60, unique=True)
    """As words are compared: simplified, lower case, half width."""
    kind = models.CharField(max_length=10, choices=Kind.choices)
    node = models.CharField(max_length=60, blank=True)
    """Which aspect a synonym speaks of, by id."""
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """The latest first."""

        ordering = ("-id",)

    def __str__(self) -> str:
        return self.word
