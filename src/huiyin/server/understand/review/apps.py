"""The app of checking."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from huiyin.server.foundation.audit import words


class ReviewConfig(AppConfig):
    """核对: a queue of unsure and of randomly drawn readings, second raters, measured accuracy."""

    name = "huiyin.server.understand.review"
    label = "review"
    url_prefix = "review"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "核对"

    def ready(self) -> None:
        """Say what this app writes into the audit, in words."""
        words.VERBS.update(
            {
                "review.answered": _("核对了一个观点"),
                "review.settled": _("裁定了一处分歧"),
                "review.undone": _("撤回了一次核对"),
            }
        )
