"""Pages of service, by noun. Twelve queries at most each, the rail's own counts apart."""

from service.views.checking_in import booking_panel, check_in
from service.views.declined import (
    book_declined,
    close_declined,
    declined_export,
    declined_work_list,
    hand_off_declined,
)
from service.views.findings import add_finding, add_photo, decide, estimate, inspection
from service.views.lane import lane, move_stage
from service.views.many_cars import hand_off_cars, move_cars
from service.views.repair_orders import (
    customer_panel,
    repair_order_by_number,
    repair_order_detail,
    repair_order_export,
    repair_order_list,
    settle_comeback,
    tell_status,
    write_note,
)
from service.views.telling import new_time, set_promise_time, tell_customer

__all__ = [
    "add_finding",
    "add_photo",
    "book_declined",
    "booking_panel",
    "check_in",
    "close_declined",
    "customer_panel",
    "decide",
    "declined_export",
    "declined_work_list",
    "estimate",
    "hand_off_cars",
    "hand_off_declined",
    "inspection",
    "lane",
    "move_cars",
    "move_stage",
    "new_time",
    "repair_order_by_number",
    "repair_order_detail",
    "repair_order_export",
    "repair_order_list",
    "set_promise_time",
    "settle_comeback",
    "tell_customer",
    "tell_status",
    "write_note",
]
