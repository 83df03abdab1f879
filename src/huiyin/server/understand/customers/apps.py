"""The app of customers."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """客户: everybody who said something, by pseudonym, each with one timeline."""

    name = "huiyin.server.understand.customers"
    label = "customers"
    verbose_name = "客户"
