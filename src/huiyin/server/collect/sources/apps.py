"""The app of sources."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from huiyin.server.foundation.audit import words

MEGABYTE = 1024 * 1024


class SourcesConfig(AppConfig):
    """Configured feeds and the adapters that read them."""

    name = "huiyin.server.collect.sources"
    label = "sources"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "来源"
    intake_paths = ("/api/v1/feedback", "/sources/hooks/", "/sources/box/")
    body_limits = {
        "/sources/upload": 2048 * MEGABYTE,
        "/sources/hooks/": 5 * MEGABYTE,
        "/sources/box/": 40 * MEGABYTE,
        "/api/v1/feedback": 25 * MEGABYTE,
    }

    def ready(self) -> None:
        """Open the live topics of sources, and say what they write into the audit, in words."""
        from huiyin.server.collect.sources.live_topics import register

        register()
        words.VERBS.update(
            {
                "source.made": _("添加了来源"),
                "source.changed": _("改了来源"),
                "source.run_started": _("让来源跑一次"),
                "source.run_cancelled": _("停下了来源"),
                "source.rejects_run_again": _("重跑了拒收的"),
                "voice.written_down": _("记下一条声音"),
            }
        )
