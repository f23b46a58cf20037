"""Every address of the product. Departments bring their own."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.account.urls")),
]
