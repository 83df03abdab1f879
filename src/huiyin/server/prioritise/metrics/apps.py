"""The app of metrics."""

from django.apps import AppConfig


class MetricsConfig(AppConfig):
    """指标: named numbers, made in one place for screens, files and answers."""

    name = "huiyin.server.prioritise.metrics"
    label = "metrics"
    url_prefix = "metrics"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "指标"
