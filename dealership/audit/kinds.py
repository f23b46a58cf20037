"""Kinds of records: what they are called, where they stand, whose data they are, and which page opens one.

Pages and models of departments are named by string: the ground does not import who stands on it.
"""

from __future__ import annotations

from dataclasses import dataclass

from dealership.language import later
from dealership.staff.roles import May


@dataclass(frozen=True)
class Kind:
    """One kind. `ref` and `customer` are columns of the model's table; `needs`: who may open it."""

    label: str
    model: str = ""
    ref: str = ""
    customer: str = ""
    needs: tuple[May, ...] = ()
    #: The page that shows it, by URL name.
    page: str = ""


KINDS: dict[str, Kind] = {
    "customer": Kind(
        later("Customer"), "customers.Customer", "", "id", (May.SEE_CUSTOMERS,), "customers:customer_detail"
    ),
    "lead": Kind(later("Lead"), "sales.Lead", "id", "customer_id", (May.SEE_LEADS,), "sales:lead_detail"),
    "arrival": Kind(
        later("Unread lead"), "sales.LeadArrival", "id", "", (May.SEE_LEADS,), "sales:arrival_detail"
    ),
    "deal": Kind(
        later("Deal"), "sales.Deal", "deal_number", "customer_id", (May.SEE_DEALS,), "sales:deal_detail"
    ),
    "unit": Kind(later("Unit in stock"), "sales.InventoryUnit", "stock_number", "", (May.SEE_DEALS,)),
    "ro": Kind(
        later("RO"),
        "service.RepairOrder",
        "ro_number",
        "customer_id",
        (May.SEE_SERVICE,),
        "service:repair_order_detail",
    ),
    "part": Kind(
        later("Part"), "parts.PartsRequest", "id", "customer_id", (May.SEE_PARTS,), "parts:request_detail"
    ),
    "jacket": Kind(
        later("Deal jacket"),
        "fni.DealJacket",
        "deal_number",
        "customer_id",
        (May.SEE_FNI,),
        "fni:jacket_detail",
    ),
    "survey": Kind(
        later("Survey"),
        "marketing.Survey",
        "id",
        "customer_id",
        (May.SEE_MARKETING,),
        "marketing:survey_detail",
    ),
    "review": Kind(
        later("Review"),
        "marketing.Review",
        "id",
        "customer_id",
        (May.SEE_MARKETING,),
        "marketing:review_detail",
    ),
    "campaign": Kind(
        later("Campaign"), "marketing.Campaign", "name", "", (May.SEE_MARKETING,), "marketing:campaign_detail"
    ),
    "conversation": Kind(
        later("Conversation"),
        "messaging.Conversation",
        "id",
        "customer_id",
        (May.SEE_CUSTOMERS,),
        "messaging:conversation_detail",
    ),
    "text": Kind(
        later("Text"), "messaging.Message", "id", "customer_id", (May.SEE_CUSTOMERS,), "messaging:text_detail"
    ),
    "appointment": Kind(
        later("Appointment"),
        "appointments.Appointment",
        "id",
        "customer_id",
        (May.SEE_CUSTOMERS,),
        "appointments:appointment_detail",
    ),
    "promise": Kind(later("Promise"), "tasks.Promise", "subject", "customer_id", (), "tasks:promise_detail"),
    "consent": Kind(later("Consent"), "messaging.ConsentEvent"),
    "staff": Kind(later("Person"), "staff.StaffMember", "", "", (May.MANAGE_STAFF,), "staff:person_detail"),
    "store": Kind(later("Store"), "stores.Store", "", "", (May.MANAGE_STAFF,), ""),
    "list": Kind(later("List")),
}

#: Which addresses open a record of which kind: their key is its key.
OPENS: dict[str, str] = {
    "customers:customer_detail": "customer",
    "customers:about": "customer",
    "customers:twins": "customer",
    "customers:household_panel": "customer",
    "tasks:customer_panel": "customer",
    "messaging:customer_panel": "customer",
    "messaging:consent_panel": "customer",
    "messaging:log_call": "customer",
    "appointments:customer_panel": "customer",
    "sales:customer_panel": "customer",
    "fni:customer_panel": "customer",
    "service:customer_panel": "customer",
    "marketing:customer_panel": "customer",
    "parts:customer_panel": "customer",
    "tasks:promise_detail": "promise",
    "messaging:conversation_detail": "conversation",
    "messaging:thread": "conversation",
    "messaging:composer": "conversation",
    "messaging:text_detail": "text",
    "appointments:appointment_detail": "appointment",
    "sales:lead_detail": "lead",
    "sales:arrival_detail": "arrival",
    "sales:deal_detail": "deal",
    "fni:jacket_detail": "jacket",
    "service:check_in": "appointment",
    "service:repair_order_detail": "ro",
    "service:new_time": "ro",
    "service:inspection": "ro",
    "service:estimate": "ro",
    "parts:request_detail": "part",
    "marketing:survey_detail": "survey",
    "marketing:review_detail": "review",
    "staff:person_detail": "staff",
    "audit:customer_history": "customer",
    "audit:ro_history": "ro",
    "audit:deal_history": "deal",
    "audit:staff_history": "staff",
}

#: Which addresses act on a record that keeps its own history, where nothing is watched: their key is its key.
ACTS_ON: dict[str, str] = {
    **dict.fromkeys(
        (
            "tasks:accept", "tasks:hand_off", "tasks:take_back", "tasks:waive", "tasks:unwaive", "tasks:renegotiate",
            "tasks:log_call", "tasks:finish",
        ),
        "promise",
    ),
    **dict.fromkeys(
        (
            "messaging:send_text", "messaging:hold_conversation", "messaging:move_conversation", "messaging:put_away",
            "messaging:bring_back", "messaging:take_back",
        ),
        "conversation",
    ),
    **dict.fromkeys(
        ("sales:arrival_detail", "sales:arrival_dismiss", "sales:arrival_bring_back"), "arrival"
    ),
    **dict.fromkeys(("sales:lead_hand_over",), "lead"),
    **dict.fromkeys(("service:settle_comeback", "service:tell_status"), "ro"),
    **dict.fromkeys(("marketing:survey_recover", "marketing:survey_answer"), "survey"),
    "marketing:review_answer": "review",
    **dict.fromkeys(
        (
            "parts:quote", "parts:approve", "parts:order", "parts:change_eta", "parts:ship", "parts:receive", "parts:refuse",
            "parts:tell_eta", "parts:text_eta", "parts:install", "parts:give_back", "parts:cancel",
        ),
        "part",
    ),
    "staff:password_link": "staff",
}  # fmt: skip
