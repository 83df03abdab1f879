"""The app of the tour."""

from django.apps import AppConfig


class TourConfig(AppConfig):
    """导览: what to try first."""

    name = "huiyin.server.understand.tour"
    label = "tour"
    verbose_name = "导览"
