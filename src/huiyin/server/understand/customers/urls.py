"""Addresses of customers."""

from django.urls import path

from huiyin.server.understand.customers import views

app_name = "customers"
urlpatterns = [
    path("", views.customers, name="customers"),
    path("<str:customer>/", views.customer, name="customer"),
]
