"""Addresses of outgoing webhooks."""

from django.urls import path

from huiyin.server.prioritise.webhooks import views

app_name = "webhooks"
urlpatterns = [
    path("", views.endpoints, name="endpoints"),
    path("new/", views.make, name="make"),
    path("<int:number>/", views.endpoint, name="endpoint"),
    path("<int:number>/remove/", views.remove, name="remove"),
    path("<int:number>/secret/", views.secret, name="secret"),
    path("<int:number>/test/", views.test, name="test"),
    path("<int:number>/again/", views.again, name="again"),
]
