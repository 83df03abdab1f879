"""The app of the voice explorer."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from huiyin.server.foundation.audit import words


class ExplorerConfig(AppConfig):
    """原声: filters, search, marks in the text, corrections, blind draws."""

    name = "huiyin.server.understand.explorer"
    label = "explorer"
    url_prefix = "voices"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "原声"

    def ready(self) -> None:
        """Say what this app writes into the audit, in words."""
        words.VERBS.update(
            {
                "voice.corrected": _("改正了观点"),
                "voice.recording_heard": _("听了录音"),
                "voices.exported": _("导出了原声"),
                "voices.tagged": _("给声音加了标记"),
                "voices.untagged": _("去掉了声音的标记"),
                "view.saved": _("存了视图"),
                "view.deleted": _("删了视图"),
            }
        )
