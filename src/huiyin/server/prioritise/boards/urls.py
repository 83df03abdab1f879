"""Addresses of boards."""

from django.urls import path

from huiyin.server.prioritise.boards import views

app_name = "boards"
urlpatterns = [
    path("", views.boards, name="boards"),
    path("make/", views.make, name="make"),
    path("pin/", views.pin, name="pin"),
    path("meeting/", views.meeting, name="meeting"),
    path("voices/", views.voices, name="voices"),
    path("mine/", views.mine, name="mine"),
    path("<int:board_id>/", views.board, name="board"),
    path("<int:board_id>/change/", views.change, name="change"),
    path("<int:board_id>/duplicate/", views.duplicate, name="duplicate"),
    path("<int:board_id>/delete/", views.delete, name="delete"),
    path("<int:board_id>/restore/", views.restore, name="restore"),
    path("<int:board_id>/arrange/", views.arrange, name="arrange"),
    path("<int:board_id>/add/", views.add, name="add"),
    path("<int:board_id>/xlsx/", views.board_xlsx, name="xlsx"),
    path("<int:board_id>/<int:widget_id>/", views.widget, name="widget"),
    path("<int:board_id>/<int:widget_id>/remove/", views.remove, name="remove"),
    path("<int:board_id>/<int:widget_id>/csv/", views.widget_csv, name="csv"),
]
