"""A small playbook with one rule of each shape, for tests of the engine that must not change when a department changes its mind."""

from dealership.events.catalogue.appointments import AppointmentBooked
from dealership.events.catalogue.messaging import CallConnected, CustomerHeardFromPerson, CustomerWrote
from dealership.events.catalogue.sales import LeadClosed, LeadReceived
from dealership.events.catalogue.service import (
    DeclinedWorkClosed,
    DeclinedWorkSold,
    PromiseTimeMoved,
    PromiseTimeSet,
    RepairOrderClosed,
    RepairOrderOpened,
    RepairOrderReady,
    RepairOrderVoided,
    StatusTold,
)
from dealership.staff.roles import Role
from dealership.stores.models import Department
from tasks.due import at, next_block, open_days, open_hours, open_minutes, wall_minutes
from tasks.playbook import Playbook, Prefer, Same, call, to, when

playbook = Playbook(Department.SALES)

playbook.promise(
    "answer_lead",
    "A fresh lead hears from a person",
    seam=1,
    seam_from="Marketing",
    seam_to="BDC",
    opens_on=LeadReceived,
    owed_by=Role.BDC_AGENT,
    prefer=(Prefer.NAMED_BY_FACT,),
    due=open_minutes(5),
    warn_before=wall_minutes(2),
    kept_on=(CustomerHeardFromPerson, CallConnected),
    same=Same.CUSTOMER,
    void_on=LeadClosed,
    ladder=to(Role.BDC_MANAGER, after=open_minutes(10)).to(Role.GENERAL_MANAGER, after=open_minutes(30)),
    detail=lambda fact: f"{fact.vehicle} · {fact.source}",
)
playbook.promise(
    "answer_text",
    "A customer’s message is answered",
    seam=10,
    seam_from="Customer",
    seam_to="Sales",
    opens_on=when(CustomerWrote, needs_person=True),
    owed_by=Role.BDC_AGENT,
    due=open_minutes(15),
    accept_within=open_minutes(4),
    kept_on=(CustomerHeardFromPerson, CallConnected),
    same=Same.CUSTOMER,
    ladder=to(Role.GENERAL_MANAGER, after=open_minutes(60)),
)
playbook.promise(
    "tell_status",
    "Status is told",
    seam=47,
    seam_from="Service",
    seam_to="Customer",
    opens_on=RepairOrderOpened,
    owed_by=Role.ADVISOR,
    prefer=(Prefer.NAMED_BY_FACT,),
    due=next_block("11:00", "15:00", silence=open_hours(2)),
    kept_on=StatusTold,
    void_on=(RepairOrderClosed, RepairOrderVoided),
    again=True,
    ladder=to(Role.SERVICE_MANAGER, after=open_hours(8)).to(Role.GENERAL_MANAGER, after=open_hours(20)),
    detail=lambda fact: f"RO {fact.ro_number}",
)
playbook.promise(
    "recover_declined_work",
    "Declined work is offered again",
    seam=55,
    seam_from="Service",
    seam_to="BDC",
    opens_on=RepairOrderClosed,
    for_each="declined_lines",
    owed_by=Role.ADVISOR,
    due=lambda fact, line: open_days(2 if line.colour == "red" else 20),
    due_words="red in 2 open days, yellow in 20",
    tasks=(call(after=open_days(1)),),
    kept_on=DeclinedWorkSold,
    waived_on=DeclinedWorkClosed,
    void_on=RepairOrderVoided,
    ladder=to(Role.SERVICE_MANAGER, after=open_days(21)),
    detail=lambda fact, line: line.description,
)
playbook.promise(
    "set_next_visit",
    "The next visit is set",
    seam=56,
    seam_from="Service",
    seam_to="BDC",
    opens_on=RepairOrderClosed,
    only_if=lambda fact: not fact.has_next_visit,
    only_if_words="no visit is booked yet",
    owed_by=Role.ADVISOR,
    due=open_days(7),
    kept_on=when(AppointmentBooked, department="service"),
    same=Same.CUSTOMER,
    void_on=RepairOrderVoided,
    ladder=to(Role.SERVICE_MANAGER, after=open_days(9)),
)
playbook.promise(
    "hold_promise_time",
    "The car is ready when it was promised",
    seam=48,
    seam_from="Advisor",
    seam_to="Customer",
    opens_on=PromiseTimeSet,
    owed_by=Role.ADVISOR,
    prefer=(Prefer.NAMED_BY_FACT,),
    due=at("promised_at"),
    warn_before=wall_minutes(10),
    moved_on=PromiseTimeMoved,
    kept_on=RepairOrderReady,
    void_on=RepairOrderVoided,
    ladder=to(Role.SERVICE_MANAGER, after=open_hours(3)),
)
