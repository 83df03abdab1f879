"""The app of voice streams."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from huiyin.server.foundation.audit import words


class StreamConfig(AppConfig):
    """今日原声: a stream for every role and team."""

    name = "huiyin.server.understand.stream"
    label = "stream"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "今日原声"

    def ready(self) -> None:
        """Say what this app writes into the audit, in words."""
        words.VERBS.update({"stream.mapped": _("改了谁听哪些声音")})
        words.KINDS.update({"streamrule": _("今日原声")})
