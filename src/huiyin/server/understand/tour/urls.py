"""The address of the tour."""

from django.urls import path

from huiyin.server.understand.tour import views

app_name = "tour"
urlpatterns = [path("", views.tour, name="tour")]
