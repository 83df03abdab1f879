"""The app of outgoing webhooks."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from huiyin.server.foundation.audit import words


class WebhooksConfig(AppConfig):
    """Outgoing webhooks after standardwebhooks.com: signed, tried again, sent again on demand."""

    name = "huiyin.server.prioritise.webhooks"
    label = "webhooks"
    url_prefix = "webhooks"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "网络钩子"

    def ready(self) -> None:
        """Say what this app writes into the audit, in words."""
        words.VERBS.update(
            {
                "webhook.made": _("建了网络钩子"),
                "webhook.changed": _("改了网络钩子"),
                "webhook.removed": _("删了网络钩子"),
                "webhook.secret_renewed": _("换了网络钩子的密钥"),
                "webhook.sent_again": _("重发了网络钩子"),
                "webhook.switched_off": _("网络钩子一直送不到，已停用"),
            }
        )
        words.KINDS.update({"endpoint": _("网络钩子")})
        words.FIELDS.update({"url": _("地址"), "kinds": _("事件")})
