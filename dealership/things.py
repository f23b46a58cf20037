"""Where a thing has its page, by the name that facts and promises give it: "lead:12", "ro:48213", "deal:D-1041".

Departments meet by URL name and may be absent: then their things have no page.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from dealership.language import later
from dealership.staff.models import StaffMember
from dealership.staff.roles import May


@dataclass(frozen=True)
class Page:
    """The page of a kind of thing (by URL name), what a link there says, and who may open it."""

    name: str
    words: str
    needs: May
    #: The thing is called by a number of the DMS, not by our row's.
    by_number: bool = False


PAGES = {
    "lead": Page("sales:lead_detail", later("Open the lead"), May.SEE_LEADS),
    "arrival": Page("sales:arrival_detail", later("Open what came"), May.WORK_LEADS),
    "appointment": Page("appointments:appointment_detail", later("Open the visit"), May.SEE_CUSTOMERS),
    "part": Page("parts:request_detail", later("Open the part"), May.SEE_PARTS),
    "ro": Page("service:repair_order_by_number", later("Open the RO"), May.SEE_SERVICE, by_number=True),
    "deal": Page("sales:deal_by_number", later("Open the deal"), May.SEE_DEALS, by_number=True),
    "survey": Page("marketing:survey_detail", later("Open the survey"), May.SEE_MARKETING),
    "review": Page("marketing:review_detail", later("Open the review"), May.SEE_MARKETING),
}
#: What one department has its own page of.
OF_DEPARTMENT = {
    ("deal", "fni"): Page("fni:jacket_by_number", later("Open the jacket"), May.SEE_FNI, by_number=True),
}

#: What is done with a thing in a sheet over any page, and who may.
ACTS = {("part", "order"): ("parts:order", May.WORK_PARTS)}


def act_on(subject: str, act: str, staff: StaffMember) -> str | None:
    """The address of the sheet in which `act` is done with what `subject` names; None where there is none for this person."""
    kind, _, name = subject.partition(":")
    url, needs = ACTS.get((kind, act), ("", None))
    if needs is None or not name.isdecimal() or not staff.may(needs):
        return None
    try:
        return reverse(url, args=[name])
    except NoReverseMatch:
        return None


def page_of(subject: str, staff: StaffMember, department: str = "") -> tuple[str, str] | None:
    """The address of what `subject` names, and what the link says; None where it has no page, or none for this person."""
    kind, _, name = subject.partition(":")
    page = OF_DEPARTMENT.get((kind, department)) or PAGES.get(kind)
    if page is None or not name or not (page.by_number or name.isdecimal()) or not staff.may(page.needs):
        return None
    try:
        return reverse(page.name, args=[name]), page.words
    except NoReverseMatch:
        return None
