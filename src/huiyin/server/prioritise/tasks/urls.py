"""Addresses of tasks."""

from django.urls import path

from huiyin.server.prioritise.tasks import views

app_name = "tasks"
urlpatterns = [
    path("", views.tasks, name="tasks"),
    path("export/", views.export, name="export"),
    path("of/<str:problem_id>/", views.make, name="make"),
    path("<int:number>/", views.move, name="move"),
]
