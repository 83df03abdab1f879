"""The app of learning."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from huiyin.server.foundation.audit import words


class LearningConfig(AppConfig):
    """教机器: train a model from corrections, look at what it is worth, take it into use or go back."""

    name = "huiyin.server.understand.learning"
    label = "learning"
    url_prefix = "learning"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "教机器"

    def ready(self) -> None:
        """Say what this app writes into the audit, in words."""
        words.VERBS.update(
            {
                "model.training_started": _("开始训练模型"),
                "model.trained": _("训练好了模型"),
                "model.used": _("换上了模型"),
                "model.declined": _("不用这个模型"),
                "model.history_reread": _("按现在的模型重读历史"),
            }
        )
        words.FIELDS.update({"version": _("版本"), "verdict": _("结论"), "lessons": _("样本")})
