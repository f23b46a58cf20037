"""F&I in the demo: customers are taken into the box, jackets leave, stips are asked for, lenders pay after days, titles go out."""

from __future__ import annotations

from datetime import timedelta

from dealership.demo import keeping, stage
from dealership.demo.keeping import Owed
from dealership.demo.stage import Stage
from dealership.staff.models import StaffMember
from dealership.staff.roles import Role
from dealership.stores.models import Department
from fni import checklists, funding, jackets, stipulations, titles
from fni.checklists import Door
from fni.models import ChecklistItem, DealJacket, Stipulation

LENDERS = ("Harbor Credit", "First Meadow Bank", "Cedar Auto Finance", "Members Union")
STIPS = ("Proof of income", "Proof of residence", "Copy of the other license", "Six references")
REASONS = (
    "The name differs from the ID",
    "A signature is missing on page 4",
    "The odometer statement is not dated",
)
REFUSED, ASKS_MORE, KICKS_BACK = 0.15, 0.3, 0.14


@keeping.keeps("bring_to_fni")
def take_in(on: Stage, owed: Owed) -> str:
    """The F&I manager takes them into the box; one deal of seven is handed back with what is missing."""
    jacket, by = _jacket(on, owed.number), _manager(on)
    if jacket is None or by is None:
        return ""
    if jacket.stage == DealJacket.Stage.WAITING and on.chance(REFUSED):
        jackets.refuse(jacket, missing=["insurance"], by=by, now=on.now)
        return f"{by.first_name} handed deal {jacket.deal_number} back: no proof of insurance."
    _see_all(on, jacket, Door.BOX, by)
    jackets.take_in(jacket, by=by, now=on.now)
    on.later(on.now + timedelta(minutes=on.dice.randrange(25, 80)), "fni.contract", deal=jacket.deal_number)
    return f"{by.first_name} took deal {jacket.deal_number} into the box."


@stage.scene("fni.contract")
def contract(on: Stage, deal: str) -> str:
    """The papers are signed; a lender pays after some days, and wants something first."""
    jacket, by = _jacket(on, deal), _manager(on)
    if jacket is None or by is None:
        return ""
    lender = on.dice.choice(LENDERS) if jacket.has_lender else ""
    funding.contract(jacket, lender=lender, by=by, now=on.now)
    if jacket.has_lender:
        _await_lender(on, deal)
    return f"Deal {deal} is signed."


@stage.watcher(DealJacket)
def watch_jackets(on: Stage, seen: int) -> int:
    """Jackets of deals that were contracted in the DMS: their lenders pay after some days as well."""
    rows = DealJacket.objects.of_store(on.store.pk).filter(pk__gt=seen).order_by("pk")
    for jacket in rows:
        seen = jacket.pk
        if jacket.contracted_at is not None and jacket.has_lender and jacket.funded_at is None:
            _await_lender(on, jacket.deal_number)
    return seen


def _await_lender(on: Stage, deal: str) -> None:
    days = on.dice.choices((2, 3, 4, 5, 6, 8, 10, 12), weights=(12, 18, 20, 16, 12, 10, 7, 5))[0]
    on.later(on.calendar(Department.FNI).next_open(on.now + timedelta(days=days)), "fni.fund", deal=deal)
    if on.chance(ASKS_MORE):
        on.later(on.open_later(Department.FNI, 400, 900), "fni.stip", deal=deal)
    if on.chance(KICKS_BACK):
        on.later(on.open_later(Department.FNI, 700, 1300), "fni.kick_back", deal=deal)


@keeping.keeps("send_jacket")
def send(on: Stage, owed: Owed) -> str:
    """The jacket is complete and goes to the lender."""
    jacket = _jacket(on, owed.number)
    if jacket is None:
        return ""
    _see_all(on, jacket, Door.BOX, owed.owner)
    _see_all(on, jacket, Door.LENDER, owed.owner)
    funding.send(jacket, by=owed.owner, now=on.now)
    return f"{owed.owner.first_name} sent the jacket of deal {jacket.deal_number}."


@stage.scene("fni.stip")
def issue(on: Stage, deal: str) -> str:
    """The lender wants one more paper."""
    jacket, by = _jacket(on, deal), _manager(on)
    if jacket is None or by is None:
        return ""
    what = on.dice.choice(STIPS)
    stipulations.issue(jacket, what=what, by=by, now=on.now)
    return f"The lender of deal {deal} wants: {what.lower()}."


@keeping.keeps("ask_for_stip")
def ask_for_stip(on: Stage, owed: Owed) -> str:
    """On the phone."""
    stip = _stip(on, owed)
    if stip is None or not keeping.call(on, owed, answered=0.7, note="Will send a photo of it."):
        return ""
    stipulations.asked(stip, how="phone", by=owed.owner, now=on.now)
    return f"{owed.owner.first_name} asked for: {stip.what.lower()}."


@keeping.keeps("collect_stip")
def collect_stip(on: Stage, owed: Owed) -> str:
    """It is here, and looked at."""
    stip = _stip(on, owed)
    if stip is None:
        return ""
    stipulations.collect(stip, by=owed.owner, now=on.now)
    return f"{owed.owner.first_name} has: {stip.what.lower()}."


@stage.scene("fni.kick_back")
def kick_back(on: Stage, deal: str) -> str:
    """The lender sends it back."""
    jacket, by = _jacket(on, deal), _manager(on)
    if jacket is None or by is None:
        return ""
    why, signs = on.dice.choice(REASONS), on.chance(0.4)
    funding.kick_back(jacket, why=why, needs_customer=signs, by=by, now=on.now)
    return f"The lender sent deal {deal} back: {why.lower()}."


@keeping.keeps("correct_kick_back")
def correct(on: Stage, owed: Owed) -> str:
    """Corrected, and sent again."""
    jacket = _jacket(on, owed.number)
    if jacket is None:
        return ""
    funding.resend(jacket, by=owed.owner, now=on.now)
    return f"{owed.owner.first_name} corrected deal {jacket.deal_number}."


@keeping.keeps("tell_of_signing_again")
def tell_of_signing(on: Stage, owed: Owed) -> str:
    """A call."""
    return keeping.call_them(on, owed)


@stage.scene("fni.fund")
def fund(on: Stage, deal: str) -> str:
    """The lender pays."""
    jacket, by = _jacket(on, deal), _manager(on)
    if jacket is None or by is None or jacket.delivered_at is None:
        return ""
    funding.fund(jacket, by=by, now=on.now)
    return f"Deal {deal} is funded."


@keeping.keeps("send_title")
def send_title(on: Stage, owed: Owed) -> str:
    """Title and plates are out."""
    jacket = _jacket(on, owed.number)
    if jacket is None:
        return ""
    titles.send(jacket, proof=f"Tracking {on.dice.randrange(10**9, 10**10)}", by=owed.owner, now=on.now)
    return f"{owed.owner.first_name} sent the title of deal {jacket.deal_number}."


def _see_all(on: Stage, jacket: DealJacket, door: Door, by: StaffMember) -> None:
    missing = set(jackets.missing_at(jacket, door))
    for item in ChecklistItem.objects.of_store(on.store.pk).filter(jacket=jacket, key__in=missing):
        if checklists.ALL[item.key].door is door:
            jackets.mark(item, state=ChecklistItem.State.HERE, by=by, now=on.now)


def _jacket(on: Stage, number: str) -> DealJacket | None:
    return DealJacket.objects.of_store(on.store.pk).filter(deal_number=number).first()


def _stip(on: Stage, owed: Owed) -> Stipulation | None:
    number = owed.about.rpartition(":")[2]
    rows = Stipulation.objects.of_store(on.store.pk).filter(collected_at__isnull=True)
    return rows.filter(pk=int(number)).first() if number.isdecimal() else None


def _manager(on: Stage) -> StaffMember | None:
    people = on.staff(Role.FNI_MANAGER)
    return people[0] if people else None
