"""The app of the taxonomy."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from huiyin.server.foundation.audit import words


class TaxonomyConfig(AppConfig):
    """标签体系: the tree, its draft, preview and versions; packs, files, the company's own words, hot words."""

    name = "huiyin.server.understand.taxonomy"
    label = "taxonomy"
    url_prefix = "taxonomy"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "标签体系"

    def ready(self) -> None:
        """Say what this app writes into the audit, in words."""
        words.VERBS.update(
            {
                "taxonomy.draft_begun": _("起草了标签体系"),
                "taxonomy.draft_discarded": _("丢弃了标签体系草稿"),
                "taxonomy.draft_restored": _("恢复了标签体系草稿"),
                "taxonomy.version_dropped": _("丢弃了标签体系版本"),
                "taxonomy.version_restored": _("恢复了标签体系版本"),
                "taxonomy.step_undone": _("撤销了一步"),
                "taxonomy.node_added": _("加了主题"),
                "taxonomy.node_changed": _("改了主题"),
                "taxonomy.node_moved": _("移动了主题"),
                "taxonomy.node_merged": _("合并了主题"),
                "taxonomy.node_split": _("拆分了主题"),
                "taxonomy.node_removed": _("去掉了主题"),
                "taxonomy.imported": _("导入了标签体系"),
                "taxonomy.exported": _("导出了标签体系"),
                "taxonomy.pack_chosen": _("选了行业标签体系"),
                "taxonomy.previewed": _("预览了草稿"),
                "taxonomy.published": _("发布了标签体系"),
                "taxonomy.reread": _("按现在的标签体系重读历史"),
                "taxonomy.example_taken": _("取了一条原话作例"),
                "taxonomy.example_dropped": _("去掉了例子"),
                "taxonomy.word_added": _("加了领域词"),
                "taxonomy.word_removed": _("删了领域词"),
            }
        )
        words.KINDS.update({"taxonomynode": _("主题"), "taxonomyversion": _("标签体系版本"), "draft": _("标签体系草稿"), "ownword": _("领域词")})
        words.FIELDS.update(
            {
                "key": _("编号"),
                "kind": _("种类"),
                "definition": _("定义"),
                "include": _("包含"),
                "exclude": _("不包含"),
                "examples": _("例子"),
                "touchpoint": _("触点"),
                "owner": _("负责角色"),
                "seeds": _("中性词"),
                "weak": _("旁证词"),
                "negative": _("抱怨词"),
                "positive": _("夸奖词"),
                "blocked": _("排除词"),
                "into": _("并入"),
                "moved_from": _("原来在"),
                "note": _("说明"),
                "version": _("版本"),
                "node": _("主题"),
                "voices": _("声音"),
                "file": _("文件"),
                "names": _("名称"),
                "zh": _("中文"),
                "en": _("英文"),
            }
        )
        words.VALUES.update({"taxonomy_root": _("顶层")})
