"""The app of new topics."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from huiyin.server.foundation.audit import words


class TopicsConfig(AppConfig):
    """新话题: topics grown from opinions without an aspect; named, merged, split, hidden, promoted by people."""

    name = "huiyin.server.understand.topics"
    label = "topics"
    url_prefix = "topics"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "新话题"

    def ready(self) -> None:
        """Say what this app writes into the audit, in words."""
        words.VERBS.update(
            {
                "topic.renamed": _("给新话题改了名"),
                "topic.merged": _("并了新话题"),
                "topic.split": _("从新话题里拆出了一个"),
                "topic.hidden": _("隐藏了新话题"),
                "topic.restored": _("恢复了新话题"),
                "topic.promoted": _("把新话题收进标签体系"),
                "topics.grown": _("找了一遍新话题"),
            }
        )
        words.FIELDS.update({"seeds": _("种子词"), "into": _("并入"), "opinions": _("观点")})
