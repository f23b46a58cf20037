"""Addresses of visits."""

from django.urls import path

from dealership.appointments import acts, answer_views, list_views, plan_views, views

app_name = "appointments"
urlpatterns = [
    path("", views.day, name="day"),
    path("list/", list_views.appointment_list, name="appointment_list"),
    path("list/visits.csv", list_views.appointment_export, name="appointment_export"),
    path("list/give/", list_views.give_visits, name="give_visits"),
    path("book/", views.book, name="book"),
    path("places/", plan_views.plans, name="plans"),
    path("places/none/", plan_views.lift_plan, name="lift_plan"),
    path("customer/<int:pk>/", views.customer_panel, name="customer_panel"),
    path("<int:pk>/", views.appointment_detail, name="appointment_detail"),
    path("<int:pk>/confirm/", acts.confirm, name="confirm"),
    path("<int:pk>/move/", acts.move, name="move"),
    path("<int:pk>/move-and-answer/", answer_views.move_and_answer, name="move_and_answer"),
    path("<int:pk>/move-back/", acts.move_back, name="move_back"),
    path("<int:pk>/give/", acts.give, name="give"),
    path("<int:pk>/check-in/", acts.check_in, name="check_in"),
    path("<int:pk>/cancel/", acts.cancel, name="cancel"),
    path("<int:pk>/rebook/", acts.rebook, name="rebook"),
]
