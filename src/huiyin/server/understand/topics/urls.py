"""Addresses of new topics."""

from django.urls import path

from huiyin.server.understand.topics import views

app_name = "topics"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("grow/", views.grow, name="grow"),
    path("unplaced/", views.unplaced, name="unplaced"),
    path("<int:topic_id>/", views.topic, name="topic"),
    path("<int:topic_id>/rename/", views.rename, name="rename"),
    path("<int:topic_id>/merge/", views.merge, name="merge"),
    path("<int:topic_id>/split/", views.split, name="split"),
    path("<int:topic_id>/hide/", views.hide, name="hide"),
    path("<int:topic_id>/promote/", views.promote, name="promote"),
]
