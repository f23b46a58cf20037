"""Addresses of what all lists have."""

from django.urls import path

from dealership.lists import views

app_name = "lists"
urlpatterns = [
    path("<slug:key>/views/", views.keep_view, name="keep_view"),
    path("views/<int:pk>/forget/", views.forget_view, name="forget_view"),
    path("acts/<int:pk>/undo/", views.take_back, name="take_back"),
]
