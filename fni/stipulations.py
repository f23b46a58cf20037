"""Stips: papers that a lender still wants. Issued, asked of the customer clearly and once, collected and verified, or dropped."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from dealership.customers import merging
from dealership.events import bus
from dealership.events.catalogue.fni import StipAsked, StipCollected, StipDropped, StipIssued
from dealership.messaging import copy, outbox
from dealership.messaging.models import Message, Purpose
from dealership.scope import ScopedQuerySet
from dealership.staff.models import StaffMember
from dealership.stores.models import Department
from fni import jackets, notes
from fni.models import DealJacket, Stipulation

Stage = DealJacket.Stage
#: What lenders ask for most, and what it is called in Spanish.
COMMON = {
    "Proof of income": "comprobante de ingresos",
    "Proof of employment": "comprobante de empleo",
    "Proof of residence": "comprobante de domicilio",
    "Proof of insurance": "comprobante de seguro",
    "Second form of ID": "segunda identificacion",
    "References": "referencias",
    "Updated application": "solicitud actualizada",
    "Corrected page to sign": "pagina corregida para firmar",
}
#: A text that came to nothing asks nobody: another may be written.
CAME_TO_NOTHING = (Message.State.FAILED, Message.State.UNDELIVERED, Message.State.SUPPRESSED)
#: How somebody is asked without a text of ours.
ASKED_BY_MOUTH = ("phone", "in person")


class NotOpen(Exception):
    """The stip has been collected or dropped: nobody needs to be asked for it."""


class AlreadyAsked(Exception):
    """The customer was asked, or the text that asks is on its way."""


class NobodyToAsk(Exception):
    """The deal has no customer on record, so no text can leave."""


@transaction.atomic
def issue(jacket: DealJacket, *, what: str, by: StaffMember, now: datetime) -> Stipulation:
    """The lender wants one more paper. The same again, while it is open, is the one that is there. Raises NoReason, WrongStage."""
    row = jackets.locked(jacket)
    said = notes.kept(what, 120)
    if not said:
        raise jackets.NoReason(_("Say what the lender wants."))
    if not row.has_lender:
        raise jackets.WrongStage(
            _("Deal %(number)s has no lender who could want anything.") % {"number": row.deal_number}
        )
    jackets.require(row, Stage.IN_BOX, Stage.CONTRACTED, Stage.SENT, Stage.KICKED_BACK, to=_("get a stip"))
    known = _open_of(row).filter(what__iexact=said).first()
    if known is not None:
        return known
    stip = Stipulation.objects.create(
        store_id=row.store_id, jacket=row, what=said, issued_at=now, issued_by=by
    )
    jackets.note(row, f"Stip: {said}", by=by, now=now)
    bus.publish(StipIssued(**_common(row, stip, now, by), what=said))
    return stip


@transaction.atomic
def asked(stip: Stipulation, *, how: str, by: StaffMember, now: datetime) -> Stipulation:
    """A person asked the customer, on the phone or face to face. Twice is once. Raises NotOpen."""
    row, current = _locked(stip)
    if current.asked_at is not None:
        return current
    if how not in ASKED_BY_MOUTH:
        raise ValueError(f"Nobody asks by {how!r}: {', '.join(ASKED_BY_MOUTH)}.")
    current.asked_at, current.asked_by, current.asked_how = now, by, how
    current.save(update_fields=["asked_at", "asked_by", "asked_how"])
    jackets.note(row, f"Asked for {current.what}, {how}", by=by, now=now)
    bus.publish(StipAsked(**_common(row, current, now, by), what=current.what))
    return current


def is_being_asked(stip: Stipulation) -> bool:
    """A text that asks for it is on its way."""
    return stip.text is not None and stip.text.state not in CAME_TO_NOTHING


def language_of(jacket: DealJacket) -> str:
    """In which its customer is written to; "", nobody knows, without one."""
    return merging.living(jacket.customer).language if jacket.customer else ""


def half_written(stip: Stipulation, jacket: DealJacket, by: StaffMember) -> str:
    """The text that asks for it, in the customer's language, for a person to look at. "" without a customer."""
    if jacket.customer is None:
        return ""
    customer = merging.living(jacket.customer)
    paper = stip.what[:1].lower() + stip.what[1:]
    return copy.render(
        "fni/copy/ask_stip",
        customer.language,
        first=customer.call_name,
        person=by.first_name,
        store=by.store.name,
        paper=COMMON.get(stip.what, paper) if customer.language == "es" else paper,
    )


@transaction.atomic
def ask_by_text(stip: Stipulation, *, body: str, by: StaffMember, now: datetime) -> Message:
    """Queues the text. The customer counts as asked when the phone has it (`asked_by_texts`), not before.

    Raises NotOpen, AlreadyAsked, NobodyToAsk, and what the outbox raises (NoNumber, NothingToSay, TooLong).
    """
    row, current = _locked(stip)
    if current.asked_at is not None or is_being_asked(current):
        raise AlreadyAsked(
            _("The customer is being asked for %(paper)s already: once is enough.")
            % {"paper": _(current.what)}
        )
    if row.customer is None:
        raise NobodyToAsk(_("No customer is on record for this deal: ask in person and note it."))
    message = outbox.send(
        store_id=row.store_id,
        customer=row.customer,
        body=body,
        author=by,
        purpose=Purpose.SALES,
        subject=row.subject,
        dedupe_key=f"{current.key}:{current.n_texts}",
        now=now,
        department=Department.FNI,
    )
    current.text, current.n_texts, current.asked_by = message, current.n_texts + 1, by
    current.save(update_fields=["text", "n_texts", "asked_by"])
    jackets.note(row, f"A text asks for {current.what}", by=by, now=now)
    return message


@transaction.atomic
def collect(stip: Stipulation, *, by: StaffMember, now: datetime) -> Stipulation:
    """It is here, and `by` has looked at it. The paper itself is kept elsewhere. Twice is once. Raises NotOpen."""
    row, current = _locked(stip, may_be_collected=True)
    if current.collected_at is not None:
        return current
    current.collected_at, current.verified_by = now, by
    current.save(update_fields=["collected_at", "verified_by"])
    jackets.note(row, f"Here and verified: {current.what}", by=by, now=now)
    bus.publish(StipCollected(**_common(row, current, now, by), what=current.what))
    return current


@transaction.atomic
def drop(stip: Stipulation, *, why: str, by: StaffMember, now: datetime) -> Stipulation:
    """The lender no longer wants it. Raises NotOpen, NoReason."""
    row, current = _locked(stip)
    said = notes.kept(why, 120)
    if not said:
        raise jackets.NoReason(_("Say why the lender no longer wants it."))
    return _drop(row, current, said, by, now)


def drop_all(row: DealJacket, *, why: str, by: StaffMember | None, now: datetime) -> None:
    """What is still open of a jacket that is held: nobody wants it any more. In the caller's transaction."""
    for stip in _open_of(row).select_for_update().order_by("pk"):
        _drop(row, stip, why, by, now)


def asked_by_texts(received: dict[int, datetime], *, store_id: int) -> list[StipAsked]:
    """Phones have the texts that ask: from now on these customers count as asked. Returns what has become true."""
    rows = list(
        Stipulation.objects.of_store(store_id)
        .filter(text_id__in=received, asked_at__isnull=True)
        .select_for_update(of=("self",))
        .select_related("jacket__vehicle", "jacket__customer__merged_into__merged_into", "asked_by")
        .order_by("pk")
    )
    facts = []
    for stip in rows:
        stip.asked_at, stip.asked_how = received[stip.text_id or 0], "text"
        stip.save(update_fields=["asked_at", "asked_how"])
        jackets.note(stip.jacket, f"Asked for {stip.what} by text", by=stip.asked_by, now=stip.asked_at)
        facts.append(StipAsked(**_common(stip.jacket, stip, stip.asked_at, stip.asked_by), what=stip.what))
    return facts


def _drop(row: DealJacket, stip: Stipulation, why: str, by: StaffMember | None, now: datetime) -> Stipulation:
    stip.dropped_at, stip.dropped_why = now, why
    stip.save(update_fields=["dropped_at", "dropped_why"])
    jackets.note(row, f"Stip dropped: {stip.what} ({why})", by=by, now=now)
    bus.publish(StipDropped(**_common(row, stip, now, by), what=stip.what, why=why))
    return stip


def _open_of(row: DealJacket) -> ScopedQuerySet[Stipulation]:
    return Stipulation.objects.of_store(row.store_id).filter(
        jacket=row, collected_at__isnull=True, dropped_at__isnull=True
    )


def _locked(stip: Stipulation, *, may_be_collected: bool = False) -> tuple[DealJacket, Stipulation]:
    row = jackets.locked(stip.jacket)
    rows = Stipulation.objects.of_store(stip.store_id).select_for_update(of=("self",)).select_related("text")
    current = rows.get(pk=stip.pk)
    if not current.is_open and not (may_be_collected and current.collected_at):
        if current.collected_at:
            raise NotOpen(_("%(paper)s is here already.") % {"paper": _(current.what)})
        raise NotOpen(
            _("%(paper)s was dropped: %(why)s.") % {"paper": _(current.what), "why": _(current.dropped_why)}
        )
    return row, current


def _common(row: DealJacket, stip: Stipulation, at: datetime, by: StaffMember | None) -> dict[str, Any]:
    return jackets.common(row, at, by) | {"about": stip.key}
