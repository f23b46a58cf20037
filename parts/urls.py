"""The parts board, requests, the shelf."""

from django.urls import path

from parts.views import board, many, requests

app_name = "parts"

urlpatterns = [
    path("", board.parts_board, name="parts_board"),
    path("stock/", board.stock_list, name="stock_list"),
    path("stock/export/", board.stock_export, name="stock_export"),
    path("requests/", many.request_list, name="request_list"),
    path("requests/export/", many.request_export, name="request_export"),
    path("requests/many/day/", many.move_parts, name="move_parts"),
    path("requests/many/hand-off/", many.hand_off_parts, name="hand_off_parts"),
    path("requests/new/", board.request_new, name="request_new"),
    path("requests/<int:pk>/", requests.request_detail, name="request_detail"),
    path("requests/<int:pk>/quote/", requests.quote, name="quote"),
    path("requests/<int:pk>/approve/", requests.approve, name="approve"),
    path("requests/<int:pk>/order/", requests.order, name="order"),
    path("requests/<int:pk>/change-eta/", requests.change_eta, name="change_eta"),
    path("requests/<int:pk>/ship/", requests.ship, name="ship"),
    path("requests/<int:pk>/receive/", requests.receive, name="receive"),
    path("requests/<int:pk>/refuse/", requests.refuse, name="refuse"),
    path("requests/<int:pk>/told/", requests.tell_eta, name="tell_eta"),
    path("requests/<int:pk>/text/", requests.text_eta, name="text_eta"),
    path("requests/<int:pk>/fitted/", requests.install, name="install"),
    path("requests/<int:pk>/give-back/", requests.give_back, name="give_back"),
    path("requests/<int:pk>/cancel/", requests.cancel, name="cancel"),
    path("customers/<int:pk>/", board.customer_panel, name="customer_panel"),
    path("ro/<str:ro_number>/", board.ro_panel, name="ro_panel"),
]
