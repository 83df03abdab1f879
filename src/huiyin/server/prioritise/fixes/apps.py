"""The app of fixes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from huiyin.server.foundation.audit import words


class FixesConfig(AppConfig):
    """成效: fixes and launches on record, each with the verdict the voices give."""

    name = "huiyin.server.prioritise.fixes"
    label = "fixes"
    url_prefix = "fixes"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "成效"

    def ready(self) -> None:
        """Say what this app writes into the audit, in words."""
        from huiyin.server.prioritise.fixes.templatetags.fixes import VERDICTS

        words.VERBS.update({"fix.made": _("登记了改动"), "fix.removed": _("去掉了改动"), "fix.judged": _("成效的判定变了")})
        words.VALUES.update({name: word for name, (word, _colour, _icon) in VERDICTS.items()} | {"relapsed": _("复发")})
        words.KINDS.update({"fix": _("改动")})
        words.FIELDS.update({"day": _("哪天起"), "problem": _("问题"), "verdict": _("判定")})
