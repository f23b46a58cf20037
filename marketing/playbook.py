"""What marketing owes, and what the heads of departments owe to customers who were not happy."""

from dealership.events.catalogue.marketing import (
    RecoveryRecorded,
    ReviewAnswered,
    ReviewPosted,
    SurveyAnswered,
    SurveyAsked,
    SurveyWithheld,
)
from dealership.events.catalogue.messaging import CallConnected, CustomerHeardFromPerson, CustomerWrote
from dealership.events.catalogue.sales import DealLost, VehicleDelivered
from dealership.language import later
from dealership.staff.roles import Role
from dealership.stores.models import Department
from tasks.due import next_block, open_days, open_hours, open_minutes, wall_hours, wall_minutes
from tasks.playbook import Playbook, Prefer, Same, call, text, to, when

playbook = Playbook(Department.MARKETING)


def _line(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _answer(survey: SurveyAnswered) -> str:
    return _line(survey.rating_words, survey.words, survey.vehicle)


def _review(review: ReviewPosted) -> str:
    return _line(f"{review.stars} stars on {review.site}", f"“{review.excerpt}”" if review.excerpt else "")


playbook.promise(
    "answer_marketing_message", "A customer’s answer to an offer is answered", seam=10,
    seam_from="Customer", seam_to="Marketing",
    opens_on=when(CustomerWrote, department="marketing", needs_person=True),
    owed_by=Role.MARKETING_MANAGER, prefer=[Prefer.CONVERSATION_HOLDER],
    due=open_minutes(15), warn_before=wall_minutes(5),
    kept_on=(
        when(CustomerHeardFromPerson, department="marketing"),
        when(CallConnected, department="marketing"),
        when(CallConnected, department=""),
    ),
    same=Same.CUSTOMER,
    ladder=to(Role.GENERAL_MANAGER, after=open_minutes(45)),
    detail=lambda wrote: f"“{wrote.excerpt}”" if wrote.excerpt else "",
)  # fmt: skip

playbook.promise(
    "ask_about_delivery", "A buyer is asked once how it was", seam=35,
    seam_from="Sales", seam_to="Marketing",
    opens_on=VehicleDelivered,
    only_if=lambda deal: deal.customer_id is not None, only_if_words="the buyer is known",
    owed_by=Role.MARKETING_MANAGER,
    due=next_block("13:00", silence=wall_hours(10)), due_words="by one o'clock on the next open day",
    tasks=[
        text("marketing/copy/how_was_delivery", after=next_block("09:30", silence=wall_hours(10)), asks="survey"),
        call(after=next_block("11:00", silence=wall_hours(10))),
    ],
    kept_on=(when(SurveyAsked, survey_kind="ssi"), when(SurveyAnswered, survey_kind="ssi")), same=Same.CUSTOMER,
    # Nobody is asked while they are unhappy, or about a delivery that was undone.
    void_on=(when(SurveyWithheld, survey_kind="ssi"), when(DealLost, was_delivered=True)), ends_same=Same.CUSTOMER,
    ladder=to(Role.GENERAL_MANAGER, after=open_days(2)),
    detail=lambda deal: _line(deal.vehicle, f"deal {deal.deal_number}"),
)  # fmt: skip

playbook.promise(
    "call_unhappy_service_customer", "The service manager calls an unhappy customer", seam=57,
    seam_from="Advisor", seam_to="Service manager",
    opens_on=when(SurveyAnswered, survey_kind="csi", is_unhappy=True),
    owed_by=Role.SERVICE_MANAGER,
    due=open_hours(2), warn_before=wall_minutes(30),
    tasks=[call(after=wall_minutes(0))],
    kept_on=RecoveryRecorded,
    ladder=to(Role.GENERAL_MANAGER, after=open_hours(4)),
    detail=_answer,
)  # fmt: skip

playbook.promise(
    "call_unhappy_buyer", "The sales manager calls an unhappy buyer", seam=57,
    seam_from="Salesperson", seam_to="Sales manager",
    opens_on=when(SurveyAnswered, survey_kind="ssi", is_unhappy=True),
    owed_by=Role.SALES_MANAGER,
    due=open_hours(2), warn_before=wall_minutes(30),
    tasks=[call(after=wall_minutes(0))],
    kept_on=RecoveryRecorded,
    ladder=to(Role.GENERAL_MANAGER, after=open_hours(4)),
    detail=_answer,
)  # fmt: skip

playbook.promise(
    "settle_with_service_customer", "What an unhappy service customer still waits for is settled", seam=57,
    seam_from="Service manager", seam_to="Customer",
    opens_on=when(RecoveryRecorded, survey_kind="csi", is_resolved=False),
    owed_by=Role.SERVICE_MANAGER, prefer=[Prefer.NAMED_BY_FACT],
    due=open_days(3), warn_before=wall_hours(2),
    kept_on=when(RecoveryRecorded, survey_kind="csi", is_resolved=True),
    ladder=to(Role.GENERAL_MANAGER, after=open_days(5)),
    detail=lambda record: _line(record.what_went_wrong, record.what_was_done),
)  # fmt: skip

playbook.promise(
    "settle_with_buyer", "What an unhappy buyer still waits for is settled", seam=57,
    seam_from="Sales manager", seam_to="Customer",
    opens_on=when(RecoveryRecorded, survey_kind="ssi", is_resolved=False),
    owed_by=Role.SALES_MANAGER, prefer=[Prefer.NAMED_BY_FACT],
    due=open_days(3), warn_before=wall_hours(2),
    kept_on=when(RecoveryRecorded, survey_kind="ssi", is_resolved=True),
    ladder=to(Role.GENERAL_MANAGER, after=open_days(5)),
    detail=lambda record: _line(record.what_went_wrong, record.what_was_done),
)  # fmt: skip

playbook.promise(
    "answer_service_review", "A poor review of service is answered", seam=76,
    seam_from="Marketing", seam_to="Service manager",
    opens_on=(when(ReviewPosted, department="service"), when(ReviewPosted, department="parts")),
    only_if=lambda review: review.stars <= 3, only_if_words="it has three stars or fewer",
    owed_by=Role.SERVICE_MANAGER,
    due=open_days(1), warn_before=wall_hours(2),
    kept_on=ReviewAnswered,
    ladder=to(Role.GENERAL_MANAGER, after=open_days(2)),
    detail=_review,
)  # fmt: skip

playbook.promise(
    "answer_sales_review", "A poor review of sales is answered", seam=76,
    seam_from="Marketing", seam_to="Sales manager",
    opens_on=(when(ReviewPosted, department="sales"), when(ReviewPosted, department="fni")),
    only_if=lambda review: review.stars <= 3, only_if_words="it has three stars or fewer",
    owed_by=Role.SALES_MANAGER,
    due=open_days(1), warn_before=wall_hours(2),
    kept_on=ReviewAnswered,
    ladder=to(Role.GENERAL_MANAGER, after=open_days(2)),
    detail=_review,
)  # fmt: skip

#: What pages say of these promises, which store it as it stands above, in other languages.
WORDS = (
    later("A customer’s answer to an offer is answered"),
    later("A buyer is asked once how it was"),
    later("The service manager calls an unhappy customer"),
    later("The sales manager calls an unhappy buyer"),
    later("What an unhappy service customer still waits for is settled"),
    later("What an unhappy buyer still waits for is settled"),
    later("A poor review of service is answered"),
    later("A poor review of sales is answered"),
    later("Customer"),
    later("Marketing"),
    later("Sales"),
    later("the buyer is known"),
    later("by one o'clock on the next open day"),
    later("Advisor"),
    later("Service manager"),
    later("Salesperson"),
    later("Sales manager"),
    later("it has three stars or fewer"),
)
