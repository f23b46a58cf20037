"""Addresses of a person's own affairs."""

from django.urls import path

from dealership.staff import views

app_name = "staff"
urlpatterns = [
    path("switch/", views.switch_place, name="switch_place"),
]
