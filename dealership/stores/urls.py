"""Addresses of a store's settings."""

from django.urls import path

from dealership.stores import views

app_name = "stores"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("hours/", views.hours, name="hours"),
    path("hours/as-the-store/", views.keep_store_hours, name="keep_store_hours"),
    path("days/", views.day_list, name="day_list"),
    path("days/usual/", views.add_usual_days, name="add_usual_days"),
    path("days/<int:pk>/remove/", views.remove_day, name="remove_day"),
    path("texting/", views.set_texting, name="set_texting"),
    path("signing-in/", views.set_signing_in, name="set_signing_in"),
    path("lead-address/", views.rotate_lead_address, name="rotate_lead_address"),
    path("changes/<int:pk>/undo/", views.undo_change, name="undo_change"),
]
