"""Addresses of personal data."""

from django.urls import path

from huiyin.server.understand.privacy import views

app_name = "privacy"
urlpatterns = [
    path("", views.privacy, name="privacy"),
    path("find/", views.find, name="find"),
    path("retention/", views.retention, name="retention"),
    path("backups/renew/", views.renew_backups, name="renew_backups"),
    path("erasures/<int:number>/", views.receipt, name="receipt"),
    path("voices/<str:feedback_id>/", views.unmask, name="unmask"),
    path("customers/<str:customer>/who/", views.who, name="who"),
    path("customers/<str:customer>/copy/", views.copy, name="copy"),
    path("customers/<str:customer>/erase/", views.erase, name="erase"),
]
