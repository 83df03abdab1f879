"""The app of notices."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from huiyin.server.foundation.audit import words


class NoticesConfig(AppConfig):
    """通知: what colleagues did with the problems a person follows, and where they named her."""

    name = "huiyin.server.prioritise.notices"
    label = "notices"
    url_prefix = "notices"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "通知"

    def ready(self) -> None:
        """Say what this app writes into the audit, in words."""
        words.VERBS.update({"notices.chosen": _("选了要收的通知")})
        words.KINDS.update({"notices": _("通知")})
        words.FIELDS.update({"silent": _("不收")})
