"""Addresses of a person's devices."""

from django.urls import path

from dealership.push import views

app_name = "push"
urlpatterns = [
    path("account/devices/", views.card, name="card"),
    path("account/devices/on/", views.turn_on, name="turn_on"),
    path("account/devices/off/", views.turn_off, name="turn_off"),
    path("account/devices/try/", views.try_out, name="try_out"),
    path("account/devices/news/", views.news, name="news"),
]
