"""Addresses of checking."""

from django.urls import path

from huiyin.server.understand.review import views

app_name = "review"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("undo/", views.undo_last, name="undo"),
    path("figures/", views.figures_page, name="figures"),
    path("disputes/", views.disputes, name="disputes"),
    path("<int:item_id>/", views.one, name="one"),
    path("<int:item_id>/skip/", views.skip_one, name="skip"),
    path("<int:item_id>/settle/", views.settle, name="settle"),
]
