"""The service lane, ROs, declined work."""

from django.urls import path

from service import views

app_name = "service"

urlpatterns = [
    path("", views.lane, name="lane"),
    path("repair-orders/", views.repair_order_list, name="repair_order_list"),
    path("repair-orders/<int:pk>/", views.repair_order_detail, name="repair_order_detail"),
    path("repair-orders/<int:pk>/told/", views.tell_status, name="tell_status"),
    path("appointments/<int:pk>/check-in/", views.check_in, name="check_in"),
    path("declined/", views.declined_work_list, name="declined_work_list"),
    path("declined/<int:pk>/close/", views.close_declined, name="close_declined"),
    path("declined/<int:pk>/book/", views.book_declined, name="book_declined"),
    path("customers/<int:pk>/", views.customer_panel, name="customer_panel"),
]
