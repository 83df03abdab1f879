"""Addresses of learning."""

from django.urls import path

from huiyin.server.understand.learning import views

app_name = "learning"
urlpatterns = [
    path("", views.learning, name="learning"),
    path("start/", views.start, name="start"),
    path("try/", views.try_engine, name="try"),
    path("back/", views.back, name="back"),
    path("reread/", views.reread_history, name="reread"),
    path("<int:candidate_id>/accept/", views.accept, name="accept"),
    path("<int:candidate_id>/decline/", views.decline, name="decline"),
]
