"""Addresses of the audit screen."""

from django.urls import path

from huiyin.server.foundation.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.entries, name="entries"),
    path("export/", views.export, name="export"),
]
