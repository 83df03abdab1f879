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
        """Say what this app writes into the audit, in words; open its topic; follow the taxonomy."""
        from huiyin.server.prioritise.problems import live_topics

        live_topics.register()
        words.VERBS.update(
            {
                "problem.renamed": _("改了问题名称"),
                "problem.merged": _("合并了问题"),
                "problem.unmerged": _("把并进去的问题分了回来"),
                "problem.split": _("拆分了问题"),
                "problem.moved": _("让问题跟着主题走"),
                "problem.pinned": _("置顶了问题"),
                "problem.unpinned": _("取消了置顶"),
                "problem.snoozed": _("让问题暂不看"),
                "problem.woken": _("让问题回到清单"),
                "problem.snooze_ended": _("搁置到期，回到了清单"),
                "problem.defined": _("改了问题的定义"),
                "problem.commented": _("评论了问题"),
                "problem.linked": _("给问题加了链接"),
                "problem.unlinked": _("去掉了问题的链接"),
                "problem.followed": _("关注了问题"),
                "problem.unfollowed": _("不再关注问题"),
                "problems.exported": _("导出了问题清单"),
                "problem.exported": _("导出了问题页的一部分"),
            }
        )
        words.KINDS.update({"problem": _("问题"), "problems": _("问题清单")})
        words.FIELDS.update(
            {
                "into": _("并入"),
                "out_of": _("分自"),
                "parts": _("分成"),
                "aspects": _("主题"),
                "until": _("到"),
                "definition": _("定义"),
                "include": _("包括"),
                "exclude": _("不包括"),
                "named": _("提到"),
                "title": _("标题"),
                "url": _("网址"),
            }
        )
