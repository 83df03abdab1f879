"""The app of notices."""

from django.apps import AppConfig
from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _

from huiyin.server.foundation.audit import words


class NoticesConfig(AppConfig):
    """通知: told to followers of a problem and to whoever is named, in the transaction of what happened."""

    name = "huiyin.server.prioritise.notices"
    label = "notices"
    url_prefix = "notices"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "通知"

    def ready(self) -> None:
        """Listen to the audit; open each person's own topic; say what this app writes into the audit, in words."""
        from huiyin.server.foundation.audit.models import AuditEntry
        from huiyin.server.prioritise.notices import live_topics
        from huiyin.server.prioritise.notices.telling import on_audit

        live_topics.register()
        post_save.connect(on_audit, sender=AuditEntry, dispatch_uid="notices")
        words.VERBS.update({"notices.chosen": _("选了要哪些通知")})
        words.KINDS.update({"choice": _("通知")})
        words.FIELDS.update({"unwanted": _("不要的通知")})
