"""The audit app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Audit rows and their screen."""

    name = "huiyin.server.foundation.audit"
    verbose_name = "Audit"
