"""The app of the inbox."""

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    """Records as received."""

    name = "huiyin.server.collect.feedback"
    label = "feedback"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "收件箱"
