"""Addresses of promises. My day is the first page of the product."""

from django.urls import path

from tasks import views

app_name = "tasks"
urlpatterns = [
    path("", views.my_day, name="my_day"),
]
