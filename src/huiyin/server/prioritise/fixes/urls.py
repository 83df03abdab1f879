"""Addresses of fixes."""

from django.urls import path

from huiyin.server.prioritise.fixes import views

app_name = "fixes"
urlpatterns = [
    path("", views.fixes, name="fixes"),
    path("of/<str:problem_id>/", views.make, name="make"),
    path("<int:number>/remove/", views.remove, name="remove"),
]
