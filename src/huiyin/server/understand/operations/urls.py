"""Addresses of operations."""

from django.urls import path

from huiyin.server.understand.operations import views

app_name = "operations"
urlpatterns = [
    path("", views.operations, name="operations"),
    path("new/<str:way>/", views.make, name="make"),
    path("feeds/<int:number>/", views.feed, name="feed"),
    path("feeds/<int:number>/change/", views.change, name="change"),
    path("feeds/<int:number>/upload/", views.upload, name="upload"),
    path("feeds/<int:number>/fetch/", views.fetch, name="fetch"),
    path("feeds/<int:number>/drop/", views.drop, name="drop"),
    path("runs/<int:number>/", views.run, name="run"),
]
