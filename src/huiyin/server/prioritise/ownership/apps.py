"""The app of ownership."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from huiyin.server.foundation.audit import words


class OwnershipConfig(AppConfig):
    """责任地图: one accountable team for each part of the taxonomy, and a history of claims for each problem."""

    name = "huiyin.server.prioritise.ownership"
    label = "ownership"
    url_prefix = "ownership"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "责任地图"

    def ready(self) -> None:
        """Say what this app writes into the audit, in words."""
        words.VERBS.update(
            {
                "responsibility.set": _("定了责任小组"),
                "responsibility.removed": _("去掉了责任小组"),
                "responsibility.imported": _("导入了责任地图"),
                "claim.assigned": _("指派了问题"),
                "claim.accepted": _("认领了问题"),
                "claim.rejected": _("说问题不是自己的"),
                "claim.called": _("请来了裁定人"),
                "claim.decided": _("裁定了问题归谁"),
                "arbitration.changed": _("改了裁定人和答复期限"),
                "ownership.exported": _("导出了责任清单"),
            }
        )
        words.KINDS.update({"responsibility": _("责任"), "claim": _("认领"), "arbitration": _("裁定")})
        words.FIELDS.update(
            {
                "deputy": _("后备小组"),
                "person": _("负责人"),
                "node": _("主题"),
                "to_team": _("转给"),
                "target": _("目标"),
                "due": _("期限"),
                "words": _("说明"),
                "arbiter": _("裁定人"),
                "answer_days": _("答复期限（天）"),
                "count": _("行数"),
            }
        )
