"""Addresses of notices."""

from django.urls import path

from huiyin.server.prioritise.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.notices, name="list"),
    path("bell/", views.bell, name="bell"),
    path("see/", views.see, name="see"),
    path("choose/", views.choose, name="choose"),
    path("<int:number>/", views.follow, name="follow"),
]
