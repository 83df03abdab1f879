"""The app of problems."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from huiyin.server.foundation.audit import words


class ProblemsConfig(AppConfig):
    """问题清单: problems with permanent ids, ranked anew as voices come."""

    name = "huiyin.server.prioritise.problems"
    label = "problems"
    url_prefix = "problems"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "问题清单"

    def ready(self) -> None:
        """Say what this app writes into the audit, in words; follow the taxonomy."""
        words.VERBS.update(
            {
                "problem.renamed": _("改了问题名称"),
                "problem.merged": _("合并了问题"),
                "problem.split": _("拆分了问题"),
                "problem.moved": _("让问题跟着主题走"),
            }
        )
        words.KINDS.update({"problem": _("问题")})
