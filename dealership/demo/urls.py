"""The controls of a day that is played: part of the phone simulator's page."""

from django.urls import path

from dealership.demo import views

app_name = "demo"
urlpatterns = [
    path("phones-day/", views.day, name="day"),
    path("phones-day/run/", views.run, name="run"),
    path("phones-day/pause/", views.pause, name="pause"),
]
