"""The app of tasks."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from huiyin.server.foundation.audit import words


class TasksConfig(AppConfig):
    """任务: steps that a problem was turned into, each with who does it and until when."""

    name = "huiyin.server.prioritise.tasks"
    label = "tasks"
    url_prefix = "tasks"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "任务"

    def ready(self) -> None:
        """Say what this app writes into the audit, in words."""
        words.VERBS.update({"problem.task_made": _("转为任务"), "problem.task_moved": _("更新了任务"), "tasks.exported": _("导出了任务")})
        words.KINDS.update({"tasks": _("任务")})
        words.FIELDS.update({"task": _("任务"), "who": _("谁来做"), "due": _("期限"), "state": _("状态"), "reason": _("为什么")})
