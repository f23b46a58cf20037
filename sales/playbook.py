"""What sales owes."""

from dealership.events.catalogue.appointments import (
    AppointmentBooked,
    AppointmentMissed,
    AppointmentMoved,
    CustomerArrived,
)
from dealership.events.catalogue.messaging import CallConnected, CustomerHeardFromPerson, CustomerWrote
from dealership.events.catalogue.sales import (
    LeadClosed,
    LeadReceived,
    LeadReopened,
    LeadResent,
    LeadUnreadable,
    UnreadableLeadSettled,
)
from dealership.staff.roles import Role
from dealership.stores.models import Department
from tasks.due import earliest, end_of_open_day, open_hours, open_minutes, wall_minutes
from tasks.playbook import Playbook, Prefer, Same, call, text, to, when

playbook = Playbook(Department.SALES)

# A call may be logged without saying for which department it was; one that says service answers no lead.
SPOKE = (when(CallConnected, department="sales"), when(CallConnected, department=""))
HEARD_FROM_A_PERSON = (when(CustomerHeardFromPerson, department="sales"), *SPOKE)


def _line(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


playbook.promise(
    "answer_lead", "A fresh lead hears from a person", seam=1,
    seam_from="Marketing", seam_to="BDC",
    opens_on=(
        when(LeadReceived, spoken=False),
        when(LeadResent, asks_more=True),
        when(LeadReopened, was_answered=False),
    ),
    owed_by=Role.BDC_AGENT, prefer=[Prefer.NAMED_BY_FACT],
    due=open_minutes(5), warn_before=wall_minutes(2),
    tasks=[text("sales/copy/lead_received", after=wall_minutes(0))],
    kept_on=HEARD_FROM_A_PERSON, same=Same.CUSTOMER,
    void_on=LeadClosed,
    ladder=to(Role.BDC_MANAGER, after=open_minutes(10)).to(Role.GENERAL_MANAGER, after=open_minutes(30)),
    detail=lambda lead: _line(lead.who, lead.vehicle, lead.source),
)  # fmt: skip

playbook.promise(
    "settle_unreadable_lead", "An unreadable lead is not lost", seam=2,
    seam_from="Lead source", seam_to="Lead desk",
    opens_on=LeadUnreadable,
    owed_by=Role.BDC_MANAGER,
    due=open_minutes(15), warn_before=wall_minutes(5),
    kept_on=UnreadableLeadSettled,
    ladder=to(Role.SALES_MANAGER, after=open_minutes(30)).to(Role.GENERAL_MANAGER, after=open_minutes(60)),
    detail=lambda arrival: _line(arrival.hint, arrival.why),
)  # fmt: skip

playbook.promise(
    "save_missed_sales_visit", "A no-show is saved the same day", seam=7,
    seam_from="Sales", seam_to="BDC",
    opens_on=when(AppointmentMissed, department="sales"),
    owed_by=Role.BDC_AGENT, prefer=[Prefer.CONVERSATION_HOLDER],
    due=earliest(open_minutes(60), end_of_open_day()), warn_before=wall_minutes(15),
    tasks=[
        text("sales/copy/missed_visit", after=wall_minutes(0)),
        call(after=open_minutes(20)),
    ],
    kept_on=(
        *SPOKE,
        when(CustomerWrote, department="sales"),
        when(AppointmentBooked, department="sales"),
        when(AppointmentMoved, department="sales"),
    ),
    same=Same.CUSTOMER,
    void_on=when(CustomerArrived, department="sales"), ends_same=Same.CUSTOMER,
    ladder=to(Role.BDC_MANAGER, after=open_minutes(90)).to(Role.GENERAL_MANAGER, after=open_hours(4)),
    detail=lambda visit: f"Expected {visit.when_words}" if visit.when_words else "",
)  # fmt: skip

playbook.promise(
    "answer_sales_message", "A customer’s message is answered", seam=10,
    seam_from="Customer", seam_to="Sales",
    opens_on=when(CustomerWrote, department="sales", needs_person=True),
    owed_by=Role.BDC_AGENT, prefer=[Prefer.CONVERSATION_HOLDER, Prefer.CUSTOMERS_PERSON],
    due=open_minutes(15), warn_before=wall_minutes(5),
    kept_on=HEARD_FROM_A_PERSON, same=Same.CUSTOMER,
    ladder=to(Role.BDC_MANAGER, after=open_minutes(30)).to(Role.GENERAL_MANAGER, after=open_minutes(60)),
    detail=lambda wrote: f"“{wrote.excerpt}”" if wrote.excerpt else "",
)  # fmt: skip
