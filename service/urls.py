"""The service lane, ROs, declined work."""

from django.urls import path

from service import views

app_name = "service"

urlpatterns = [
    path("", views.lane, name="lane"),
    path("repair-orders/", views.repair_order_list, name="repair_order_list"),
    path("repair-orders/export/", views.repair_order_export, name="repair_order_export"),
    path("repair-orders/many/stage/", views.move_cars, name="move_cars"),
    path("repair-orders/many/hand-off/", views.hand_off_cars, name="hand_off_cars"),
    path("repair-orders/<int:pk>/", views.repair_order_detail, name="repair_order_detail"),
    path("repair-orders/number/<str:number>/", views.repair_order_by_number, name="repair_order_by_number"),
    path("repair-orders/<int:pk>/told/", views.tell_status, name="tell_status"),
    path("repair-orders/<int:pk>/stage/", views.move_stage, name="move_stage"),
    path("repair-orders/<int:pk>/note/", views.write_note, name="write_note"),
    path("repair-orders/<int:pk>/photo/", views.add_photo, name="add_photo"),
    path("repair-orders/<int:pk>/promise/", views.set_promise_time, name="set_promise_time"),
    path("repair-orders/<int:pk>/new-time/", views.new_time, name="new_time"),
    path("repair-orders/<int:pk>/tell/", views.tell_customer, name="tell_customer"),
    path("repair-orders/<int:pk>/inspection/", views.inspection, name="inspection"),
    path("repair-orders/<int:pk>/findings/", views.add_finding, name="add_finding"),
    path("repair-orders/<int:pk>/estimate/", views.estimate, name="estimate"),
    path("repair-orders/<int:pk>/comeback/", views.settle_comeback, name="settle_comeback"),
    path("findings/<int:pk>/decide/", views.decide, name="decide"),
    path("appointments/<int:pk>/check-in/", views.check_in, name="check_in"),
    path("declined/", views.declined_work_list, name="declined_work_list"),
    path("declined/export/", views.declined_export, name="declined_export"),
    path("declined/hand-off/", views.hand_off_declined, name="hand_off_declined"),
    path("declined/<int:pk>/close/", views.close_declined, name="close_declined"),
    path("declined/<int:pk>/book/", views.book_declined, name="book_declined"),
    path("customers/<int:pk>/booking/", views.booking_panel, name="booking_panel"),
    path("customers/<int:pk>/", views.customer_panel, name="customer_panel"),
]
