"""Addresses of the house itself."""

from django.urls import path

from huiyin.server.web import views

urlpatterns = [
    path("", views.home, name="home"),
    path("health/", views.health, name="health"),
]
