"""Addresses of streams."""

from django.urls import path

from huiyin.server.understand.stream import views

app_name = "stream"
urlpatterns = [
    path("", views.stream, name="stream"),
    path("seen/", views.seen, name="seen"),
    path("mapping/", views.mapping, name="mapping"),
]
