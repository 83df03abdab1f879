"""The app of personal data."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from huiyin.server.foundation.audit import words


class PrivacyConfig(AppConfig):
    """隐私: unmasking, erasing with a receipt, copies for customers, retention, backups."""

    name = "huiyin.server.understand.privacy"
    label = "privacy"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "隐私"

    def ready(self) -> None:
        """Open its live topic, and say what this app writes into the audit, in words."""
        from huiyin.server.understand.privacy.live_topics import register

        register()
        words.VERBS.update(
            {
                "customer.looked_up": _("按编号找了客户"),
                "customer.unmasked": _("查看了客户是谁"),
                "customer.copied": _("导出了一位客户的全部数据"),
                "customer.erasure_asked": _("要求删除一位客户"),
                "customer.erased": _("删除了一位客户"),
                "retention.changed": _("改了保留期限"),
                "retention.applied": _("清除了过期的声音"),
                "backup.made": _("做了备份"),
                "backup.removed": _("删了备份"),
            }
        )
        words.KINDS.update({"erasure": _("删除凭证"), "retention": _("保留期限"), "backup": _("备份"), "customer": _("客户")})
        words.FIELDS.update({"voices_days": _("声音保留天数"), "feedback": _("声音"), "inbox": _("收件箱"), "found": _("找到")})
