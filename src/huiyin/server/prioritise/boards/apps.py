"""The app of boards."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from huiyin.server.foundation.audit import words


class BoardsConfig(AppConfig):
    """看板: the first page and people's own boards over one semantic layer."""

    name = "huiyin.server.prioritise.boards"
    label = "boards"
    url_prefix = "boards"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "看板"

    def ready(self) -> None:
        """Say what this app writes into the audit, in words."""
        words.VERBS.update(
            {
                "mission.pinned": _("定为公司使命"),
                "mission.unpinned": _("取下了公司使命"),
                "board.made": _("建了看板"),
                "board.changed": _("改了看板"),
                "board.arranged": _("重排了看板"),
                "board.deleted": _("删了看板"),
                "board.restored": _("找回了看板"),
                "board.exported": _("导出了看板"),
                "home.exported": _("导出了会议材料"),
                "widget.added": _("往看板加了一块"),
                "widget.changed": _("改了看板上的一块"),
                "widget.removed": _("从看板去掉一块"),
            }
        )
        words.KINDS.update({"board": _("看板"), "home": _("首页"), "mission": _("公司使命")})
        words.FIELDS.update({"shared": _("给谁看"), "widget": _("哪一块"), "settings": _("设置"), "order": _("顺序")})
