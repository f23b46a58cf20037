"""What sales owes."""

from dealership.events.catalogue.appointments import (
    AppointmentBooked,
    AppointmentMissed,
    AppointmentMoved,
    CustomerArrived,
)
from dealership.events.catalogue.customers import CustomerHandedOver
from dealership.events.catalogue.fni import DealContracted, DealRefused, DealTakenIn
from dealership.events.catalogue.messaging import CallConnected, CustomerHeardFromPerson, CustomerWrote
from dealership.events.catalogue.sales import (
    DealAgreed,
    DealFact,
    DealLost,
    DealMended,
    DeliveryPlanned,
    LeadClosed,
    LeadReceived,
    LeadReopened,
    LeadResent,
    LeadUnreadable,
    OwnershipMilestone,
    ProspectingStopped,
    UnreadableLeadSettled,
    VehicleDelivered,
    VehicleSold,
    WeOweDelivered,
    WeOweDropped,
    WeOweMoved,
    WeOweWritten,
)
from dealership.language import later
from dealership.staff.roles import Role
from dealership.stores.models import Department
from tasks.due import at, earliest, end_of_open_day, open_days, open_hours, open_minutes, wall_minutes
from tasks.playbook import Playbook, Prefer, Same, call, text, to, when

playbook = Playbook(Department.SALES)

# A call may be logged without saying for which department it was; one that says service answers no lead.
SPOKE = (when(CallConnected, department="sales"), when(CallConnected, department=""))
HEARD_FROM_A_PERSON = (when(CustomerHeardFromPerson, department="sales"), *SPOKE)


#: They answered: by text, or on the phone.
TWO_WAY = (CustomerWrote, *SPOKE)
SERVICE_VISIT_SET = (
    when(AppointmentBooked, department="service"),
    when(AppointmentMoved, department="service"),
)


def _line(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _deal(deal: DealFact) -> str:
    return _line(deal.vehicle, f"deal {deal.deal_number}")


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
    void_on=(when(CustomerArrived, department="sales"), VehicleSold), ends_same=Same.CUSTOMER,
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

playbook.promise(
    "introduce_new_person", "A customer whose person left hears from the next one", seam=11,
    seam_from="People", seam_to="Sales",
    opens_on=when(CustomerHandedOver, department="sales", is_active=True),
    owed_by=Role.SALESPERSON, prefer=[Prefer.NAMED_BY_FACT],
    due=open_days(1), warn_before=wall_minutes(120),
    tasks=[call(after=open_hours(4))],
    kept_on=HEARD_FROM_A_PERSON, same=Same.CUSTOMER,
    ladder=to(Role.SALES_MANAGER, after=open_days(2)).to(Role.GENERAL_MANAGER, after=open_days(4)),
    detail=lambda handed: f"{handed.from_name} was their person" if handed.from_name else "",
)  # fmt: skip

# --- deals -----------------------------------------------------------------------------------------------------------------

playbook.promise(
    "bring_to_fni", "Whoever agreed is in F&I without a wait", seam=16,
    seam_from="Sales", seam_to="F&I",
    opens_on=(DealAgreed, DealMended),
    owed_by=Role.SALES_MANAGER,
    due=open_minutes(30), warn_before=wall_minutes(10),
    kept_on=(DealTakenIn, DealContracted),
    void_on=(DealRefused, DealLost),
    ladder=to(Role.GENERAL_MANAGER, after=open_minutes(60)),
    detail=_deal,
)  # fmt: skip

playbook.promise(
    "mend_refused_deal", "A deal that F&I handed back is made complete", seam=17,
    seam_from="F&I", seam_to="Sales",
    opens_on=DealRefused,
    owed_by=Role.SALESPERSON, prefer=[Prefer.SALESPERSON],
    due=open_hours(2), warn_before=wall_minutes(30),
    kept_on=(DealMended, DealTakenIn),
    void_on=DealLost,
    ladder=to(Role.SALES_MANAGER, after=open_hours(3)).to(Role.GENERAL_MANAGER, after=open_days(1)),
    detail=lambda deal: _line(f"Missing: {deal.missing}", f"deal {deal.deal_number}"),
)  # fmt: skip

playbook.promise(
    "deliver_we_owe", "What was promised with the car is delivered", seam=31,
    seam_from="Sales", seam_to="Customer",
    opens_on=WeOweWritten,
    owed_by=Role.SALESPERSON, prefer=[Prefer.NAMED_BY_FACT],
    due=at("promised_at", called="the end of the promised day"), warn_before=wall_minutes(24 * 60),
    kept_on=WeOweDelivered,
    waived_on=WeOweDropped,
    void_on=DealLost,
    moved_on=WeOweMoved,
    ladder=to(Role.SALES_MANAGER, after=open_days(1)),
    detail=lambda owed: _line(owed.item, owed.vehicle),
)  # fmt: skip

playbook.promise(
    "set_first_service", "The buyer’s first service visit is set by the delivery", seam=33,
    seam_from="Sales", seam_to="Service",
    opens_on=when(DeliveryPlanned, has_first_service=False),
    owed_by=Role.SALESPERSON, prefer=[Prefer.SALESPERSON],
    due=at("delivery_at", called="the delivery"), warn_before=wall_minutes(120),
    kept_on=SERVICE_VISIT_SET, same=Same.CUSTOMER,
    void_on=DealLost,
    moved_on=DeliveryPlanned,
    ladder=to(Role.SALES_MANAGER, after=open_minutes(60)),
    detail=_deal,
)  # fmt: skip

playbook.promise(
    "set_first_service_after", "A buyer who left without a service visit gets one", seam=33,
    seam_from="Sales", seam_to="Service",
    opens_on=when(VehicleDelivered, has_first_service=False, first_service_owed=False),
    owed_by=Role.SALESPERSON, prefer=[Prefer.SALESPERSON],
    due=open_minutes(60), warn_before=wall_minutes(20),
    kept_on=SERVICE_VISIT_SET, same=Same.CUSTOMER,
    void_on=DealLost,
    ladder=to(Role.SALES_MANAGER, after=open_minutes(60)).to(Role.GENERAL_MANAGER, after=open_days(1)),
    detail=_deal,
)  # fmt: skip

playbook.promise(
    "speak_after_a_day", "A buyer is spoken with the day after", seam=34,
    seam_from="Sales", seam_to="Customer",
    opens_on=when(OwnershipMilestone, milestone="day"),
    owed_by=Role.SALESPERSON, prefer=[Prefer.SALESPERSON, Prefer.CUSTOMERS_PERSON],
    due=end_of_open_day(), warn_before=wall_minutes(120),
    tasks=[call(after=open_hours(2))],
    kept_on=TWO_WAY, same=Same.CUSTOMER,
    void_on=DealLost,
    ladder=to(Role.SALES_MANAGER, after=open_days(1)).to(Role.GENERAL_MANAGER, after=open_days(3)),
    detail=_deal,
)  # fmt: skip

playbook.promise(
    "speak_after_a_week", "A buyer is spoken with after a week", seam=34,
    seam_from="Sales", seam_to="Customer",
    opens_on=when(OwnershipMilestone, milestone="week"),
    owed_by=Role.SALESPERSON, prefer=[Prefer.SALESPERSON, Prefer.CUSTOMERS_PERSON],
    due=end_of_open_day(), warn_before=wall_minutes(120),
    tasks=[text("sales/copy/owner_week", after=open_hours(1)), call(after=open_hours(5))],
    kept_on=TWO_WAY, same=Same.CUSTOMER,
    void_on=DealLost,
    ladder=to(Role.SALES_MANAGER, after=open_days(1)).to(Role.GENERAL_MANAGER, after=open_days(3)),
    detail=_deal,
)  # fmt: skip

playbook.promise(
    "speak_after_a_month", "A buyer is spoken with after a month", seam=34,
    seam_from="Sales", seam_to="Customer",
    opens_on=when(OwnershipMilestone, milestone="month"),
    owed_by=Role.SALESPERSON, prefer=[Prefer.SALESPERSON, Prefer.CUSTOMERS_PERSON],
    due=end_of_open_day(), warn_before=wall_minutes(120),
    tasks=[text("sales/copy/owner_month", after=open_hours(1)), call(after=open_hours(5))],
    kept_on=TWO_WAY, same=Same.CUSTOMER,
    void_on=DealLost,
    ladder=to(Role.SALES_MANAGER, after=open_days(1)).to(Role.GENERAL_MANAGER, after=open_days(3)),
    detail=_deal,
)  # fmt: skip

playbook.promise(
    "stop_prospecting", "Whoever bought is courted no more", seam=36,
    seam_from="Sales", seam_to="BDC",
    opens_on=VehicleSold,
    owed_by=Role.BDC_MANAGER,
    due=wall_minutes(10),
    kept_on=ProspectingStopped, same=Same.CUSTOMER,
    void_on=DealLost,
    ladder=to(Role.SALES_MANAGER, after=open_minutes(30)).to(Role.GENERAL_MANAGER, after=open_hours(2)),
    detail=_deal,
)  # fmt: skip

#: The words of these promises that pages say in their reader's language. They are stored as they stand above.
SAID = (
    later("A fresh lead hears from a person"),
    later("An unreadable lead is not lost"),
    later("A no-show is saved the same day"),
    later("A customer’s message is answered"),
    later("A customer whose person left hears from the next one"),
    later("Whoever agreed is in F&I without a wait"),
    later("A deal that F&I handed back is made complete"),
    later("What was promised with the car is delivered"),
    later("The buyer’s first service visit is set by the delivery"),
    later("A buyer who left without a service visit gets one"),
    later("A buyer is spoken with the day after"),
    later("A buyer is spoken with after a week"),
    later("A buyer is spoken with after a month"),
    later("Whoever bought is courted no more"),
    later("Marketing"),
    later("BDC"),
    later("Lead source"),
    later("Lead desk"),
    later("Sales"),
    later("Customer"),
    later("People"),
    later("F&I"),
    later("Service"),
    later("the end of the promised day"),
    later("the delivery"),
)
