"""What parts owes."""

from dealership.events.catalogue.appointments import AppointmentBooked, AppointmentMoved
from dealership.events.catalogue.messaging import (
    CallConnected,
    CustomerHeardFromMachine,
    CustomerHeardFromPerson,
    CustomerWrote,
)
from dealership.events.catalogue.parts import (
    PartApproved,
    PartCancelled,
    PartEtaChanged,
    PartEtaTold,
    PartFact,
    PartInstalled,
    PartOrdered,
    PartQuoted,
    PartReceived,
    PartRequested,
    PartReturned,
)
from dealership.language import later
from dealership.staff.roles import Role
from dealership.stores.models import Department
from tasks.due import end_of_open_day, open_days, open_hours, open_minutes, wall_minutes
from tasks.playbook import Playbook, Prefer, Same, call, text, to, when

playbook = Playbook(Department.PARTS)

# All three must be about this very part: a text or a call whose subject it is, or a person's word that they told it.
TOLD = (CustomerHeardFromPerson, CallConnected, PartEtaTold)
VISIT_SET = (when(AppointmentBooked, department="service"), when(AppointmentMoved, department="service"))
OVER = (PartInstalled, PartReturned, PartCancelled)
DAY = 24 * 60


def _line(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _part(fact: PartFact) -> str:
    return f"{fact.part} for the {fact.vehicle}" if fact.vehicle else fact.part


def _ro(fact: PartFact) -> str:
    return f"RO {fact.ro_number}" if fact.ro_number else "counter"


# Who books and who writes to customers is in service; the counter sells parts.
ANSWERED = (
    when(CustomerHeardFromPerson, department="parts"),
    when(CustomerHeardFromPerson, department="service"),
    when(CallConnected, department="parts"),
    when(CallConnected, department="service"),
    when(CallConnected, department=""),
)

playbook.promise(
    "answer_parts_text", "A customer’s text about a part is answered", seam=10,
    seam_from="Customer", seam_to="Service BDC",
    opens_on=when(CustomerWrote, department="parts", needs_person=True),
    owed_by=Role.SERVICE_BDC, prefer=[Prefer.CONVERSATION_HOLDER],
    due=open_minutes(15), warn_before=wall_minutes(5), accept_within=open_minutes(5),
    kept_on=ANSWERED, same=Same.CUSTOMER,
    ladder=to(Role.SERVICE_MANAGER, after=open_minutes(30)).to(Role.GENERAL_MANAGER, after=open_minutes(60)),
    detail=lambda wrote: _line(f"“{wrote.excerpt}”", wrote.read_as),
)  # fmt: skip

playbook.promise(
    "quote_part", "A part that is asked for gets its price and its day", seam=45,
    seam_from="Advisor", seam_to="Parts counter",
    opens_on=PartRequested,
    owed_by=Role.PARTS_COUNTER,
    due=open_minutes(15), warn_before=wall_minutes(5), accept_within=open_minutes(5),
    kept_on=(PartQuoted, PartOrdered),
    void_on=PartCancelled,
    ladder=to(Role.PARTS_MANAGER, after=open_minutes(30)).to(Role.SERVICE_MANAGER, after=open_minutes(60)),
    detail=lambda asked: _line(_part(asked), _ro(asked), f"{asked.quantity} pieces" if asked.quantity > 1 else ""),
)  # fmt: skip

# Between the price and the order nobody owes anything by habit: the one waits for a yes, the other for a call.
ON_THE_SHELF = when(PartQuoted, in_stock=True)

playbook.promise(
    "decide_part", "A part that has its price gets a yes or a no", seam=46,
    seam_from="Advisor", seam_to="Customer",
    opens_on=when(PartQuoted, in_stock=False),
    owed_by=Role.ADVISOR, prefer=[Prefer.NAMED_BY_FACT],
    due=open_minutes(60), warn_before=wall_minutes(15),
    kept_on=(PartOrdered, PartApproved),
    void_on=(ON_THE_SHELF, *OVER),
    ladder=to(Role.SERVICE_MANAGER, after=open_minutes(120)).to(Role.GENERAL_MANAGER, after=open_days(1)),
    detail=lambda quoted: _line(_part(quoted), quoted.price, quoted.availability, _ro(quoted)),
)  # fmt: skip

playbook.promise(
    "order_approved_part", "A part that was approved is ordered", seam=45,
    seam_from="Advisor", seam_to="Parts counter",
    opens_on=when(PartApproved, in_stock=False),
    owed_by=Role.PARTS_COUNTER,
    due=open_minutes(30), warn_before=wall_minutes(10), accept_within=open_minutes(10),
    kept_on=PartOrdered,
    void_on=OVER,
    ladder=to(Role.PARTS_MANAGER, after=open_minutes(60)).to(Role.SERVICE_MANAGER, after=open_hours(4)),
    detail=lambda approved: _line(_part(approved), approved.price, _ro(approved)),
)  # fmt: skip

playbook.promise(
    "tell_part_eta", "The customer knows when their part comes", seam=63,
    seam_from="Parts", seam_to="Advisor",
    opens_on=PartOrdered,
    only_if=lambda ordered: ordered.eta_at is not None and ordered.customer_id is not None,
    only_if_words="a customer waits for it and there is a date",
    owed_by=Role.ADVISOR, prefer=[Prefer.NAMED_BY_FACT],
    due=end_of_open_day(), warn_before=wall_minutes(60),
    kept_on=TOLD,
    # A new day does not end it: whoever has told nothing yet still owes a word today.
    void_on=(PartReceived, *OVER),
    ladder=to(Role.SERVICE_MANAGER, after=open_days(1)).to(Role.GENERAL_MANAGER, after=open_days(2)),
    detail=lambda ordered: _line(_part(ordered), ordered.eta_words, _ro(ordered)),
)  # fmt: skip

playbook.promise(
    "tell_new_part_eta", "An ETA that changed is told", seam=64,
    seam_from="Parts", seam_to="Advisor",
    opens_on=when(PartEtaChanged, taken_back=False),
    only_if=lambda changed: changed.customer_id is not None, only_if_words="a customer waits for it",
    owed_by=Role.ADVISOR, prefer=[Prefer.NAMED_BY_FACT],
    due=open_hours(4), warn_before=wall_minutes(30),
    kept_on=TOLD,
    void_on=(PartReceived, when(PartEtaChanged, taken_back=True), *OVER),
    ladder=to(Role.SERVICE_MANAGER, after=open_hours(6)).to(Role.GENERAL_MANAGER, after=open_hours(10)),
    # Not the new day, which may move again before anybody is told: what the customer counts on stays true until then.
    detail=lambda changed: _line(
        _part(changed),
        f"they still count on {changed.known_words}" if changed.known_words else "they know no day",
        _ro(changed),
    ),
)  # fmt: skip

playbook.promise(
    "book_arrived_part", "A part that arrived has a visit to be fitted", seam=65,
    seam_from="Parts", seam_to="Service BDC",
    opens_on=when(PartReceived, car_is_here=False, visit_is_set=False),
    only_if=lambda here: here.customer_id is not None and here.ro_number != "",
    only_if_words="a customer waits for it and the car is not in",
    owed_by=Role.SERVICE_BDC,
    due=open_days(1), warn_before=wall_minutes(60),
    tasks=[
        text("parts/copy/part_arrived", after=wall_minutes(0)),
        call(after=open_hours(4)),
    ],
    kept_on=(*VISIT_SET, PartInstalled), same=Same.CUSTOMER,
    void_on=PartReturned,
    ladder=to(Role.SERVICE_MANAGER, after=open_days(2)).to(Role.GENERAL_MANAGER, after=open_days(4)),
    detail=_part,
)  # fmt: skip

playbook.promise(
    "tell_counter_customer", "A counter customer knows that their part is here", seam=78,
    seam_from="Parts counter", seam_to="Customer",
    opens_on=PartReceived,
    only_if=lambda here: here.customer_id is not None and here.ro_number == "",
    only_if_words="it was ordered over the counter",
    owed_by=Role.PARTS_COUNTER, prefer=[Prefer.NAMED_BY_FACT],
    due=end_of_open_day(), warn_before=wall_minutes(60),
    tasks=[text("parts/copy/counter_part_arrived", after=wall_minutes(0))],
    # News, not an answer: that the automatic text was received is enough.
    kept_on=(*TOLD, CustomerHeardFromMachine, PartInstalled),
    void_on=PartReturned,
    ladder=to(Role.PARTS_MANAGER, after=open_days(1)).to(Role.SERVICE_MANAGER, after=open_days(2)),
    detail=_part,
)  # fmt: skip

playbook.promise(
    "clear_arrived_part", "A part that arrived is fitted or goes back", seam=66,
    seam_from="Service BDC", seam_to="Parts manager",
    opens_on=PartReceived,
    owed_by=Role.PARTS_MANAGER,
    due=wall_minutes(30 * DAY), due_words="30 days after it arrived", warn_before=wall_minutes(2 * DAY),
    tasks=[
        text("parts/copy/part_waits", after=wall_minutes(14 * DAY)),
        call(after=wall_minutes(21 * DAY)),
    ],
    kept_on=(PartInstalled, PartReturned),
    ladder=to(Role.SERVICE_MANAGER, after=wall_minutes(33 * DAY))
    .to(Role.GENERAL_MANAGER, after=wall_minutes(37 * DAY)),
    detail=_part,
)  # fmt: skip

#: The same words as pages say them; what is kept with a promise is English.
SAID = (
    later("A customer’s text about a part is answered"),
    later("Customer"),
    later("Service BDC"),
    later("A part that is asked for gets its price and its day"),
    later("Advisor"),
    later("Parts counter"),
    later("A part that has its price gets a yes or a no"),
    later("A part that was approved is ordered"),
    later("The customer knows when their part comes"),
    later("Parts"),
    later("a customer waits for it and there is a date"),
    later("An ETA that changed is told"),
    later("a customer waits for it"),
    later("A part that arrived has a visit to be fitted"),
    later("a customer waits for it and the car is not in"),
    later("A counter customer knows that their part is here"),
    later("it was ordered over the counter"),
    later("A part that arrived is fitted or goes back"),
    later("Parts manager"),
    later("30 days after it arrived"),
)
