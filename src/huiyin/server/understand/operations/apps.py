"""The app of operations."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from huiyin.server.foundation.audit import words

MEGABYTE = 1024 * 1024


class OperationsConfig(AppConfig):
    """经营数据: feeds of what happened, how much of it meets voices, and what came after a complaint."""

    name = "huiyin.server.understand.operations"
    label = "operations"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "经营数据"
    body_limits = {"/operations/": 2048 * MEGABYTE, "/api/v1/operations": 25 * MEGABYTE}

    def ready(self) -> None:
        """Say what this app writes into the audit, in words."""
        words.VERBS.update(
            {
                "operations.feed_made": _("添加了经营数据"),
                "operations.feed_changed": _("改了经营数据"),
                "operations.run_started": _("导入了经营数据"),
                "operations.dropped": _("删掉了一份经营数据"),
            }
        )
        words.KINDS.update({"feed": _("经营数据")})
