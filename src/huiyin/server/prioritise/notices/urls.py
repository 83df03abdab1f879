"""Addresses of notices."""

from django.urls import path

from huiyin.server.prioritise.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.notices, name="notices"),
    path("read/", views.read, name="read"),
    path("choose/", views.choose, name="choose"),
]
