"""The parts board, requests, the shelf."""

from django.urls import path

from parts import views

app_name = "parts"

urlpatterns = [
    path("", views.parts_board, name="parts_board"),
    path("stock/", views.stock_list, name="stock_list"),
    path("requests/new/", views.request_new, name="request_new"),
    path("requests/<int:pk>/", views.request_detail, name="request_detail"),
    path("requests/<int:pk>/quote/", views.quote, name="quote"),
    path("requests/<int:pk>/approve/", views.approve, name="approve"),
    path("requests/<int:pk>/order/", views.order, name="order"),
    path("requests/<int:pk>/change-eta/", views.change_eta, name="change_eta"),
    path("requests/<int:pk>/ship/", views.ship, name="ship"),
    path("requests/<int:pk>/receive/", views.receive, name="receive"),
    path("requests/<int:pk>/refuse/", views.refuse, name="refuse"),
    path("requests/<int:pk>/told/", views.tell_eta, name="tell_eta"),
    path("requests/<int:pk>/text/", views.text_eta, name="text_eta"),
    path("requests/<int:pk>/fitted/", views.install, name="install"),
    path("requests/<int:pk>/give-back/", views.give_back, name="give_back"),
    path("requests/<int:pk>/cancel/", views.cancel, name="cancel"),
    path("customers/<int:pk>/", views.customer_panel, name="customer_panel"),
    path("ro/<str:ro_number>/", views.ro_panel, name="ro_panel"),
]
