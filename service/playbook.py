"""What service owes."""

from collections.abc import Callable

from dealership.events.catalogue.appointments import (
    AppointmentBooked,
    AppointmentMissed,
    AppointmentMoved,
    BookingRequested,
    CustomerArrived,
)
from dealership.events.catalogue.messaging import CallConnected, CustomerHeardFromPerson, CustomerWrote
from dealership.events.catalogue.service import (
    ComebackFound,
    ComebackSettled,
    DeclinedWork,
    DeclinedWorkBooked,
    DeclinedWorkClosed,
    DeclinedWorkFound,
    DeclinedWorkSold,
    EstimateSent,
    InspectionDone,
    PromiseTimeAtRisk,
    PromiseTimeMoved,
    PromiseTimeSet,
    ReadyTold,
    RecommendationApproved,
    RecommendationDeclined,
    Recommended,
    RepairOrderClosed,
    RepairOrderFact,
    RepairOrderHandedOver,
    RepairOrderOpened,
    RepairOrderReady,
    RepairOrderReopened,
    RepairOrderVoided,
    StageReached,
    StatusTold,
)
from dealership.language import later
from dealership.staff.roles import Role
from dealership.stores.models import Department
from tasks.due import (
    Expression,
    at,
    earliest,
    end_of_open_day,
    next_block,
    open_days,
    open_hours,
    open_minutes,
    wall_minutes,
)
from tasks.playbook import Playbook, Prefer, Same, call, text, to, when

playbook = Playbook(Department.SERVICE)

# A call may be logged without saying for which department it was; one that says sales tells nobody how their car stands.
SPOKE = (when(CallConnected, department="service"), when(CallConnected, department=""))
# In whichever conversation they answer: contact is contact.
WROTE = CustomerWrote
VISIT_SET = (when(AppointmentBooked, department="service"), when(AppointmentMoved, department="service"))
NEVER_CLOSED = (RepairOrderReopened, RepairOrderVoided)
GONE = (RepairOrderClosed, RepairOrderVoided)


def _line(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _work(ro: RepairOrderClosed | DeclinedWorkFound, line: DeclinedWork) -> str:
    return f"{line.description} on the {ro.vehicle}" if ro.vehicle else line.description


#: For rules that promise each of several lines: the fact and the line.
WORK: Callable[..., str] = _work


def _for_a_customer(ro: RepairOrderFact) -> bool:
    return ro.customer_id is not None and ro.customer_pays


def _car(ro: RepairOrderFact, *more: str) -> str:
    return _line(f"RO {ro.ro_number}", ro.vehicle, *more)


def _decision(estimate: EstimateSent, line: Recommended) -> str:
    price = "" if line.price_cents is None else f"${line.price_cents / 100:,.2f}"
    return _car(estimate, line.description, price)


#: For a rule that promises each line of an estimate.
DECISION: Callable[..., str] = _decision


def _while_it_helps(risk: PromiseTimeAtRisk) -> Expression:
    """An hour before the promised time; noticed later than that, ten minutes from then."""
    hour_before = at("promised_at", minus=wall_minutes(60), called="the promised time")
    return hour_before if (risk.promised_at - risk.at).total_seconds() > 3600 else wall_minutes(10)


playbook.promise(
    "answer_service_text", "A customer’s text about service is answered", seam=10,
    seam_from="Customer", seam_to="Service BDC",
    opens_on=when(CustomerWrote, department="service", needs_person=True),
    owed_by=Role.SERVICE_BDC, prefer=[Prefer.CONVERSATION_HOLDER, Prefer.CUSTOMERS_PERSON],
    due=open_minutes(15), warn_before=wall_minutes(5), accept_within=open_minutes(5),
    kept_on=(when(CustomerHeardFromPerson, department="service"), *SPOKE), same=Same.CUSTOMER,
    ladder=to(Role.SERVICE_MANAGER, after=open_minutes(30)).to(Role.GENERAL_MANAGER, after=open_minutes(60)),
    detail=lambda wrote: _line(f"“{wrote.excerpt}”", wrote.read_as),
)  # fmt: skip

playbook.promise(
    "offer_service_slot", "A booking request gets a slot", seam=38,
    seam_from="Customer", seam_to="Service BDC",
    opens_on=when(BookingRequested, department="service"),
    owed_by=Role.SERVICE_BDC, prefer=[Prefer.CONVERSATION_HOLDER],
    due=open_minutes(20), warn_before=wall_minutes(5), accept_within=open_minutes(10),
    kept_on=VISIT_SET, same=Same.CUSTOMER,
    ladder=to(Role.SERVICE_MANAGER, after=open_minutes(40)).to(Role.GENERAL_MANAGER, after=open_minutes(90)),
    detail=lambda request: _line(request.wish, f"asked by {request.how}" if request.how else ""),
)  # fmt: skip

playbook.promise(
    "save_missed_service_visit", "A no-show is saved the same day", seam=41,
    seam_from="Service BDC", seam_to="Customer",
    opens_on=when(AppointmentMissed, department="service"),
    owed_by=Role.SERVICE_BDC, prefer=[Prefer.CONVERSATION_HOLDER],
    due=earliest(open_minutes(60), end_of_open_day()), warn_before=wall_minutes(15),
    tasks=[
        text("service/copy/missed_visit", after=wall_minutes(0)),
        call(after=open_minutes(20)),
    ],
    kept_on=(*SPOKE, WROTE, *VISIT_SET), same=Same.CUSTOMER,
    void_on=when(CustomerArrived, department="service"), ends_same=Same.CUSTOMER,
    ladder=to(Role.SERVICE_MANAGER, after=open_minutes(90)).to(Role.GENERAL_MANAGER, after=open_hours(4)),
    detail=lambda visit: _line("Did not come", visit.when_words),
)  # fmt: skip

playbook.promise(
    "tell_who_has_the_car", "A customer hears who has their car now", seam=12,
    seam_from="People", seam_to="Service manager",
    opens_on=RepairOrderHandedOver,
    only_if=_for_a_customer, only_if_words="a customer waits for the car",
    owed_by=Role.ADVISOR, prefer=[Prefer.NAMED_BY_FACT],
    due=open_hours(2), warn_before=wall_minutes(30),
    kept_on=(when(CustomerHeardFromPerson, department="service"), StatusTold, ReadyTold, *SPOKE), same=Same.CUSTOMER,
    void_on=GONE,
    ladder=to(Role.SERVICE_MANAGER, after=open_hours(3)).to(Role.GENERAL_MANAGER, after=open_hours(5)),
    detail=lambda ro: _car(ro, f"with {ro.to_name} now {ro.why}"),
)  # fmt: skip

playbook.promise(
    "promise_a_time", "A customer is told when the car will be ready", seam=42,
    seam_from="Customer", seam_to="Advisor",
    opens_on=RepairOrderOpened,
    only_if=lambda ro: _for_a_customer(ro) and ro.promised_at is None,
    only_if_words="a customer waits for the car and has no time",
    owed_by=Role.ADVISOR, prefer=[Prefer.NAMED_BY_FACT, Prefer.CUSTOMERS_PERSON],
    due=open_minutes(15), warn_before=wall_minutes(5),
    kept_on=PromiseTimeSet,
    void_on=(RepairOrderReady, RepairOrderReopened, *GONE),
    ladder=to(Role.SERVICE_MANAGER, after=open_minutes(45)).to(Role.GENERAL_MANAGER, after=open_minutes(120)),
    detail=lambda ro: _car(ro, ro.complaint, "waiting" if ro.is_waiter else ""),
)  # fmt: skip

playbook.promise(
    "hold_promise_time", "The car is ready when we said", seam=42,
    seam_from="Advisor", seam_to="Customer",
    opens_on=PromiseTimeSet,
    only_if=_for_a_customer, only_if_words="a customer waits for the car",
    owed_by=Role.ADVISOR, prefer=[Prefer.NAMED_BY_FACT, Prefer.CUSTOMERS_PERSON],
    due=at("promised_at", called="the promised time"), warn_before=wall_minutes(60),
    moved_on=PromiseTimeMoved,
    kept_on=(RepairOrderReady, RepairOrderClosed),
    void_on=RepairOrderVoided,
    ladder=to(Role.SERVICE_MANAGER, after=open_minutes(15)).to(Role.GENERAL_MANAGER, after=open_days(1)),
    detail=lambda ro: _car(ro, ro.when_words),
)  # fmt: skip

playbook.promise(
    "present_findings", "What the inspection found is presented with its price", seam=44,
    seam_from="Technician", seam_to="Advisor",
    opens_on=InspectionDone,
    only_if=lambda ro: _for_a_customer(ro) and ro.n_red + ro.n_yellow > 0,
    only_if_words="red or yellow was found on a customer’s car",
    owed_by=Role.ADVISOR, prefer=[Prefer.NAMED_BY_FACT, Prefer.CUSTOMERS_PERSON],
    due=open_minutes(30), warn_before=wall_minutes(10),
    kept_on=EstimateSent,
    void_on=GONE,
    ladder=to(Role.SERVICE_MANAGER, after=open_minutes(60)).to(Role.GENERAL_MANAGER, after=open_minutes(120)),
    detail=lambda ro: _car(ro, f"{ro.n_red} red" if ro.n_red else "", f"{ro.n_yellow} yellow" if ro.n_yellow else ""),
)  # fmt: skip

playbook.promise(
    "get_decision", "Each line of an estimate gets a decision", seam=46,
    seam_from="Advisor", seam_to="Customer",
    opens_on=EstimateSent, for_each="lines",
    only_if=_for_a_customer, only_if_words="a customer was asked",
    owed_by=Role.ADVISOR, prefer=[Prefer.NAMED_BY_FACT, Prefer.CUSTOMERS_PERSON],
    due=open_minutes(60), warn_before=wall_minutes(15),
    tasks=[call(after=open_minutes(60))],
    kept_on=(RecommendationApproved, RecommendationDeclined),
    void_on=GONE,
    ladder=to(Role.SERVICE_MANAGER, after=open_minutes(120)).to(Role.GENERAL_MANAGER, after=open_minutes(240)),
    detail=DECISION,
)  # fmt: skip

playbook.promise(
    "tell_status", "Status is told before the customer asks", seam=47,
    seam_from="Advisor", seam_to="Customer",
    opens_on=(RepairOrderOpened, RepairOrderReopened),
    only_if=_for_a_customer, only_if_words="a customer waits for the car",
    owed_by=Role.ADVISOR, prefer=[Prefer.NAMED_BY_FACT, Prefer.CUSTOMERS_PERSON],
    due=next_block("11:00", "15:00", silence=open_hours(2)), warn_before=wall_minutes(20),
    kept_on=(when(CustomerHeardFromPerson, department="service"), StatusTold, ReadyTold, PromiseTimeMoved,
             EstimateSent, *SPOKE), same=Same.CUSTOMER,
    void_on=(RepairOrderClosed, RepairOrderVoided),
    again=True,
    ladder=to(Role.SERVICE_MANAGER, after=next_block("11:30", "15:30", silence=open_minutes(150)))
    .to(Role.GENERAL_MANAGER, after=next_block("12:30", "16:30", silence=open_minutes(210))),
    detail=lambda ro: _line(f"RO {ro.ro_number}", ro.vehicle, "waiting" if getattr(ro, "is_waiter", False) else ""),
)  # fmt: skip

playbook.promise(
    "tell_before_late", "A customer hears before the car is late", seam=48,
    seam_from="Advisor", seam_to="Customer",
    opens_on=PromiseTimeAtRisk,
    only_if=_for_a_customer, only_if_words="a customer waits for the car",
    owed_by=Role.ADVISOR, prefer=[Prefer.NAMED_BY_FACT, Prefer.CUSTOMERS_PERSON],
    due=_while_it_helps, due_words="60 minutes before the promised time, or 10 minutes where that has passed",
    warn_before=wall_minutes(10),
    kept_on=(PromiseTimeMoved, RepairOrderReady),
    void_on=GONE,
    ladder=to(Role.SERVICE_MANAGER, after=wall_minutes(20)).to(Role.GENERAL_MANAGER, after=wall_minutes(60)),
    detail=lambda risk: _car(risk, risk.when_words, risk.why),
)  # fmt: skip

playbook.promise(
    "tell_ready", "A customer hears that the car is ready", seam=52,
    seam_from="Advisor", seam_to="Customer",
    opens_on=RepairOrderReady,
    only_if=_for_a_customer, only_if_words="a customer waits for the car",
    owed_by=Role.ADVISOR, prefer=[Prefer.NAMED_BY_FACT, Prefer.CUSTOMERS_PERSON],
    due=open_minutes(10), warn_before=wall_minutes(5),
    kept_on=(ReadyTold, *SPOKE), same=Same.CUSTOMER,
    void_on=(StageReached, *GONE),
    ladder=to(Role.SERVICE_MANAGER, after=open_minutes(20)).to(Role.GENERAL_MANAGER, after=open_minutes(60)),
    detail=_car,
)  # fmt: skip

playbook.promise(
    "settle_comeback", "A car that is back is put right", seam=58,
    seam_from="Service", seam_to="Service manager",
    opens_on=ComebackFound,
    owed_by=Role.SERVICE_MANAGER,
    due=open_days(1), warn_before=wall_minutes(60),
    kept_on=ComebackSettled,
    void_on=RepairOrderVoided,
    ladder=to(Role.GENERAL_MANAGER, after=open_days(2)),
    detail=lambda ro: _car(ro, f"was RO {ro.earlier_ro}", ro.concern),
)  # fmt: skip

playbook.promise(
    "ask_how_it_was", "Somebody asks how it was", seam=54,
    seam_from="Service", seam_to="Service BDC",
    opens_on=RepairOrderClosed,
    only_if=_for_a_customer, only_if_words="a customer had the car here",
    owed_by=Role.SERVICE_BDC, prefer=[Prefer.CONVERSATION_HOLDER],
    due=open_days(1),
    tasks=[
        # Three quarters of an hour is the time in which a DMS takes back a close that was a slip.
        text("service/copy/how_was_it", after=wall_minutes(60), asks="survey"),
        call(after=open_hours(6)),
    ],
    kept_on=(WROTE, *SPOKE), same=Same.CUSTOMER,
    void_on=NEVER_CLOSED,
    ladder=to(Role.SERVICE_MANAGER, after=open_days(2)).to(Role.GENERAL_MANAGER, after=open_days(4)),
    detail=lambda ro: _line(f"RO {ro.ro_number}", ro.vehicle),
)  # fmt: skip

playbook.promise(
    "offer_safety_work_again", "Safety work that was declined is offered again", seam=55,
    seam_from="Service", seam_to="Advisor",
    opens_on=(RepairOrderClosed, DeclinedWorkFound), for_each="red_lines",
    only_if=_for_a_customer, only_if_words="a customer had the car here",
    owed_by=Role.ADVISOR, prefer=[Prefer.NAMED_BY_FACT, Prefer.CUSTOMERS_PERSON],
    due=open_days(2), warn_before=wall_minutes(60),
    tasks=[
        text("service/copy/declined_work", after=open_hours(6)),
        call(after=open_hours(12)),
        text("service/copy/declined_work_again", after=open_days(10)),
    ],
    kept_on=(DeclinedWorkBooked, DeclinedWorkSold),
    waived_on=DeclinedWorkClosed,
    void_on=NEVER_CLOSED,
    ladder=to(Role.SERVICE_BDC, after=open_days(3)).to(Role.SERVICE_MANAGER, after=open_days(5)),
    detail=WORK,
)  # fmt: skip

playbook.promise(
    "offer_work_again", "Work that was put off is offered again", seam=55,
    seam_from="Service", seam_to="Advisor",
    opens_on=(RepairOrderClosed, DeclinedWorkFound), for_each="yellow_lines",
    only_if=_for_a_customer, only_if_words="a customer had the car here",
    owed_by=Role.ADVISOR, prefer=[Prefer.NAMED_BY_FACT, Prefer.CUSTOMERS_PERSON],
    due=open_days(20), warn_before=wall_minutes(60),
    tasks=[
        text("service/copy/declined_work", after=open_days(10)),
        call(after=open_days(15)),
        text("service/copy/declined_work_again", after=open_days(25)),
    ],
    kept_on=(DeclinedWorkBooked, DeclinedWorkSold),
    waived_on=DeclinedWorkClosed,
    void_on=NEVER_CLOSED,
    ladder=to(Role.SERVICE_BDC, after=open_days(22)).to(Role.SERVICE_MANAGER, after=open_days(25)),
    detail=WORK,
)  # fmt: skip

playbook.promise(
    "set_next_visit", "The next visit is set", seam=56,
    seam_from="Service", seam_to="Service BDC",
    opens_on=RepairOrderClosed,
    only_if=lambda ro: _for_a_customer(ro) and not ro.has_next_visit,
    only_if_words="a customer had the car here and has no visit ahead",
    owed_by=Role.ADVISOR, prefer=[Prefer.NAMED_BY_FACT, Prefer.CUSTOMERS_PERSON],
    due=wall_minutes(7 * 24 * 60), due_words="seven days after the close",
    tasks=[
        text("service/copy/next_visit", after=open_days(3)),
        call(after=open_days(5)),
    ],
    kept_on=VISIT_SET, same=Same.CUSTOMER,
    void_on=NEVER_CLOSED,
    ladder=to(Role.SERVICE_BDC, after=open_days(8)).to(Role.SERVICE_MANAGER, after=open_days(10)),
    detail=lambda ro: _line(f"RO {ro.ro_number}", ro.vehicle),
)  # fmt: skip

#: The same words as pages say them; what is kept with a promise is English.
SAID = (
    later("A customer’s text about service is answered"),
    later("Customer"),
    later("Service BDC"),
    later("A booking request gets a slot"),
    later("A no-show is saved the same day"),
    later("A customer hears who has their car now"),
    later("People"),
    later("Service manager"),
    later("a customer waits for the car"),
    later("A customer is told when the car will be ready"),
    later("Advisor"),
    later("a customer waits for the car and has no time"),
    later("The car is ready when we said"),
    later("the promised time"),
    later("What the inspection found is presented with its price"),
    later("Technician"),
    later("red or yellow was found on a customer’s car"),
    later("Each line of an estimate gets a decision"),
    later("a customer was asked"),
    later("Status is told before the customer asks"),
    later("A customer hears before the car is late"),
    later("60 minutes before the promised time, or 10 minutes where that has passed"),
    later("A customer hears that the car is ready"),
    later("A car that is back is put right"),
    later("Service"),
    later("Somebody asks how it was"),
    later("a customer had the car here"),
    later("Safety work that was declined is offered again"),
    later("Work that was put off is offered again"),
    later("The next visit is set"),
    later("a customer had the car here and has no visit ahead"),
    later("seven days after the close"),
)
