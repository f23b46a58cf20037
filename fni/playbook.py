"""What F&I owes."""

from dealership.events.catalogue.fni import (
    DealContracted,
    DealFunded,
    DealKickedBack,
    JacketResent,
    JacketSent,
    StipAsked,
    StipCollected,
    StipDropped,
    StipIssued,
    TitleOwed,
    TitleSent,
)
from dealership.events.catalogue.messaging import CallConnected, CustomerHeardFromPerson
from dealership.events.catalogue.sales import DealLost, VehicleDelivered
from dealership.language import later
from dealership.staff.roles import Role
from dealership.stores.models import Department
from tasks.due import at, open_days, open_hours, wall_minutes
from tasks.playbook import Playbook, Prefer, Same, call, to, when

playbook = Playbook(Department.FNI)

DAY = 24 * 60
#: A call may be logged without saying for which department it was.
SPOKE = (when(CallConnected, department="fni"), when(CallConnected, department=""))
#: Somebody else pays: a contract goes to them, and money comes back.
FINANCED = ("finance", "lease")


def _line(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


playbook.promise(
    "send_jacket", "The jacket is sent complete by the next business day", seam=18,
    seam_from="F&I", seam_to="Lender",
    opens_on=DealContracted,
    only_if=lambda deal: deal.deal_type in FINANCED, only_if_words="a lender pays",
    owed_by=Role.FNI_MANAGER, prefer=[Prefer.NAMED_BY_FACT],
    due=open_days(1), warn_before=wall_minutes(120),
    kept_on=(JacketSent, DealFunded),
    void_on=DealLost,
    ladder=to(Role.SALES_MANAGER, after=open_days(2)).to(Role.GENERAL_MANAGER, after=open_days(3)),
    detail=lambda deal: _line(f"Deal {deal.deal_number}", deal.vehicle),
)  # fmt: skip

playbook.promise(
    "ask_for_stip", "A stip is asked of the customer, clearly and once", seam=19,
    seam_from="Lender", seam_to="F&I",
    opens_on=StipIssued,
    owed_by=Role.FNI_MANAGER, prefer=[Prefer.NAMED_BY_FACT],
    due=open_hours(4), warn_before=wall_minutes(30),
    kept_on=(StipAsked, StipCollected),
    waived_on=StipDropped,
    void_on=DealLost,
    ladder=to(Role.SALES_MANAGER, after=open_hours(8)).to(Role.GENERAL_MANAGER, after=open_days(2)),
    detail=lambda stip: _line(stip.what, f"deal {stip.deal_number}", stip.vehicle),
)  # fmt: skip

playbook.promise(
    "collect_stip", "A stip is here and verified", seam=19,
    seam_from="F&I", seam_to="Lender",
    opens_on=StipIssued,
    owed_by=Role.FNI_MANAGER, prefer=[Prefer.NAMED_BY_FACT],
    due=open_days(2), warn_before=wall_minutes(120),
    tasks=[call(after=open_days(1))],
    kept_on=StipCollected,
    waived_on=StipDropped,
    void_on=DealLost,
    ladder=to(Role.SALES_MANAGER, after=open_days(3)).to(Role.GENERAL_MANAGER, after=open_days(5)),
    detail=lambda stip: _line(stip.what, f"deal {stip.deal_number}", stip.vehicle),
)  # fmt: skip

playbook.promise(
    "correct_kick_back", "What the lender kicked back is corrected within a day", seam=20,
    seam_from="Lender", seam_to="F&I",
    opens_on=DealKickedBack,
    owed_by=Role.FNI_MANAGER, prefer=[Prefer.NAMED_BY_FACT],
    due=open_days(1), warn_before=wall_minutes(120),
    kept_on=JacketResent,
    waived_on=DealFunded,
    void_on=DealLost,
    ladder=to(Role.SALES_MANAGER, after=open_days(2)).to(Role.GENERAL_MANAGER, after=open_days(3)),
    detail=lambda deal: _line(deal.why, f"deal {deal.deal_number}", deal.vehicle),
)  # fmt: skip

playbook.promise(
    "tell_of_signing_again", "The customer hears that they must sign again", seam=20,
    seam_from="F&I", seam_to="Customer",
    opens_on=when(DealKickedBack, needs_customer=True),
    owed_by=Role.FNI_MANAGER, prefer=[Prefer.NAMED_BY_FACT],
    due=open_hours(4), warn_before=wall_minutes(30),
    tasks=[call(after=open_hours(1))],
    kept_on=(when(CustomerHeardFromPerson, department="fni"), *SPOKE), same=Same.CUSTOMER,
    waived_on=(JacketResent, DealFunded),
    void_on=DealLost,
    ladder=to(Role.SALES_MANAGER, after=open_hours(8)).to(Role.GENERAL_MANAGER, after=open_days(2)),
    detail=lambda deal: _line(deal.why, f"deal {deal.deal_number}", deal.vehicle),
)  # fmt: skip

playbook.promise(
    "fund_contract", "A contract in transit is funded", seam=21,
    seam_from="F&I", seam_to="Accounting",
    opens_on=VehicleDelivered,
    only_if=lambda deal: deal.deal_type in FINANCED, only_if_words="a lender pays",
    owed_by=Role.FNI_MANAGER,
    due=wall_minutes(7 * DAY), due_words="seven days after the delivery",
    warn_before=wall_minutes(3 * DAY),
    kept_on=DealFunded,
    void_on=DealLost,
    ladder=to(Role.SALES_MANAGER, after=wall_minutes(7 * DAY)).to(Role.GENERAL_MANAGER, after=wall_minutes(10 * DAY)),
    detail=lambda deal: _line(f"Deal {deal.deal_number}", deal.vehicle),
)  # fmt: skip

playbook.promise(
    "send_title", "Title and plates are out before the state’s date", seam=23,
    seam_from="F&I", seam_to="Title clerk",
    opens_on=(DealFunded, TitleOwed),
    only_if=lambda deal: deal.title_due_at is not None, only_if_words="the title is still to be sent",
    owed_by=Role.TITLE_CLERK,
    due=at("title_due_at", called="the state’s date for title and plates"), warn_before=wall_minutes(5 * DAY),
    kept_on=TitleSent,
    void_on=DealLost,
    # A rung never comes before the date itself.
    ladder=to(Role.FNI_MANAGER, after=open_days(10)).to(Role.GENERAL_MANAGER, after=open_days(30)),
    detail=lambda deal: _line(f"Deal {deal.deal_number}", deal.vehicle),
)  # fmt: skip

#: The words of these promises that pages say in their reader's language. They are stored as they stand above.
SAID = (
    later("The jacket is sent complete by the next business day"),
    later("A stip is asked of the customer, clearly and once"),
    later("A stip is here and verified"),
    later("What the lender kicked back is corrected within a day"),
    later("The customer hears that they must sign again"),
    later("A contract in transit is funded"),
    later("Title and plates are out before the state’s date"),
    later("F&I"),
    later("Lender"),
    later("a lender pays"),
    later("Customer"),
    later("Accounting"),
    later("seven days after the delivery"),
    later("Title clerk"),
    later("the title is still to be sent"),
    later("the state’s date for title and plates"),
)
