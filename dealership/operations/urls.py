"""Addresses of the page *Operations*."""

from django.urls import path

from dealership.operations import views

app_name = "operations"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("<int:pk>/again/", views.again, name="again"),
]
