"""What people are told, and what they do not want to be told."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huiyin.server.foundation.audit import words


class Kind(models.TextChoices):
    """What a notice is about; a person is always told that she was named."""

    NAMED = "named", _("提到我")
    COMMENT = "comment", _("评论")
    STATE = "state", _("问题有变：改名、合并、拆分、搁置")
    OWNER = "owner", _("归属：指派、认领、拒绝、裁定")
    FIX = "fix", _("改动登记")
    TASK = "task", _("任务")
    VERDICT = "verdict", _("成效的判定变了：有效、无明显变化、变坏、转移、复发")
    AWAKE = "awake", _("搁置到期")


class Notice(models.Model):
    """One thing that happened to a problem, told to one person."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    verb = models.CharField(max_length=60)
    """As in the audit."""
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    actor_name = models.CharField(max_length=200)
    problem_id = models.CharField(max_length=20)
    """As it was then; a former id leads on to where the problem is now."""
    problem_name = models.CharField(max_length=300)
    params = models.JSONField(default=dict)
    """`said`: the beginning of a comment, or what came of the change; `verdict`: of a fix, as the audit has it."""
    made_at = models.DateTimeField(db_index=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first; the unread of a person are an index away."""

        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["person", "seen_at"], name="notices_unread")]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.verb} {self.problem_name}"

    @property
    def happened(self) -> Any:
        """What was done, in words."""
        return _("提到了你") if self.kind == Kind.NAMED else words.VERBS.get(self.verb, self.verb)

    @property
    def told(self) -> str:
        """What of it is told, in the reader's language."""
        verdict = self.params.get("verdict", "")
        return " · ".join(str(part) for part in (self.params.get("said", ""), words.VALUES.get(verdict, verdict)) if part)

    @property
    def by_itself(self) -> bool:
        """Whether nobody did it."""
        return self.actor_name == "system"

    @property
    def url(self) -> str:
        """Where it happened."""
        place = reverse("problems:problem", args=[self.problem_id])
        return place + {"problem.commented": "#comments", "fix.judged": "#fixes"}.get(self.verb, "")


class Choice(models.Model):
    """Kinds a person does not want to be told of."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    unwanted = models.JSONField(default=list)

    def __str__(self) -> str:
        return str(self.person)
