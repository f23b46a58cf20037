"""Addresses of a store's hooks."""

from django.urls import path

from dealership.hooks import call_views, views

app_name = "hooks"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("card/", views.card, name="card"),
    path("new/", views.hook_new, name="hook_new"),
    path("<int:pk>/", views.hook_detail, name="hook_detail"),
    path("<int:pk>/switch/", views.switch, name="switch"),
    path("<int:pk>/try/", views.try_out, name="try_out"),
    path("<int:pk>/secret/", views.replace_secret, name="replace_secret"),
    path("<int:pk>/secret/old/", views.end_old_secret, name="end_old_secret"),
    path("calls/", call_views.call_list, name="call_list"),
    path("calls/export/", call_views.call_export, name="call_export"),
    path("calls/many/again/", call_views.again_many, name="again_many"),
    path("calls/<int:pk>/again/", views.again, name="again"),
]
