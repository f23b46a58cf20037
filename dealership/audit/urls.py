"""Addresses of the trail."""

from django.urls import path

from dealership.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.who_did_what, name="trail"),
    path("trail.csv", views.trail_export, name="trail_export"),
    path("affected/", views.affected, name="affected"),
    path("affected.csv", views.affected_export, name="affected_export"),
    path("alarms/<int:pk>/seen/", views.see_alarm, name="see_alarm"),
    path("customers/<int:pk>/", views.record_history, {"kind": "customer"}, name="customer_history"),
    path("repair-orders/<int:pk>/", views.record_history, {"kind": "ro"}, name="ro_history"),
    path("deals/<int:pk>/", views.record_history, {"kind": "deal"}, name="deal_history"),
    path("people/<int:pk>/", views.record_history, {"kind": "staff"}, name="staff_history"),
    path("store/", views.store_history, name="store_history"),
]
