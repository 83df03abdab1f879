"""Addresses of the explorer."""

from django.urls import path

from huiyin.server.understand.explorer import attachments, views

app_name = "voices"
urlpatterns = [
    path("", views.voices, name="voices"),
    path("facets/", views.facets, name="facets"),
    path("random/", views.random_ten, name="random"),
    path("tag/", views.tag, name="tag"),
    path("export/", views.export, name="export"),
    path("views/", views.save_view, name="save_view"),
    path("views/<int:view_id>/delete/", views.delete_view, name="delete_view"),
    path("<str:feedback_id>/", views.voice, name="voice"),
    path("<str:feedback_id>/attachments/<int:number>/", attachments.attachment, name="attachment"),
    path("<str:feedback_id>/opinions/<int:mention_no>/", views.opinion, name="opinion"),
]
