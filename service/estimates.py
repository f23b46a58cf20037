"""An estimate: what the customer is asked to decide, with prices, numbered; sent as one text, or told on the phone or in person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dealership import live
from dealership.customers import merging
from dealership.customers.models import Customer
from dealership.events import bus
from dealership.events.base import Fact
from dealership.events.catalogue.service import EstimateSent, Recommended
from dealership.messaging import conversations, copy, numbers, outbox
from dealership.messaging.models import Conversation, Purpose
from dealership.staff.models import StaffMember
from dealership.stores.models import Department
from service import facts, ro_photos, spoken
from service.models import Estimate, Recommendation, RepairOrder

State = Recommendation.State
UNDECIDED = (State.OPEN, State.SENT)
#: More lines than this nobody reads in one text.
MOST_LINES = 12


class CannotEstimate(ValueError):
    """An estimate that cannot be; the message says what to do."""


def undecided(ro: RepairOrder) -> list[Recommendation]:
    """What can be presented: red and yellow, and not decided yet; red first."""
    rows = ro.recommendations.filter(state__in=UNDECIDED).exclude(colour=Recommendation.Colour.GREEN)
    return list(rows.order_by("colour", "pk"))


def newest(ro: RepairOrder) -> Estimate | None:
    """The last one that the customer was given."""
    return ro.estimates.select_related("message").order_by("-pk").first()


@transaction.atomic
def send(
    ro: RepairOrder,
    *,
    prices: Mapping[int, int],
    hello: str,
    key: str,
    with_photos: bool = False,
    by: StaffMember,
    now: datetime,
) -> Estimate:
    """One text: `hello` in the advisor's words, the lines with their prices (cents by recommendation), the total, the question.

    `with_photos`: what shows these lines goes along, three at most.

    `key` names this press of the button: twice is once. Presented once the phone has it, or the customer has answered.
    Raises facts.NotOpen, CannotEstimate, and what the outbox raises: NoNumber, TooLong.
    """
    customer = facts.look(ro).customer
    if customer is None:
        raise CannotEstimate(_("Nobody is known whose car this is: tell whoever brought it, in person."))
    _hold_talk(ro, customer, now)
    current = facts.lock_open(ro)
    known = Estimate.objects.of_store(ro.store_id).filter(message__dedupe_key=_dedupe(key)).first()
    if known is not None:
        return known
    estimate = _write(current, prices, Estimate.How.TEXT, by=by, now=now)
    estimate.message = outbox.send(
        store_id=current.store_id,
        customer=customer,
        body=body(estimate, hello, customer.language),
        author=by,
        purpose=Purpose.CONVERSATIONAL,
        subject=f"ro:{current.ro_number}",
        dedupe_key=_dedupe(key),
        department=Department.SERVICE,
        asks=Conversation.Asked.APPROVE,
        asked_about=estimate.subject,
        now=now,
        drawn=ro_photos.of_lines(current, list(prices)) if with_photos else (),
    )
    estimate.save(update_fields=["message"])
    return estimate


@transaction.atomic
def present(
    ro: RepairOrder, *, prices: Mapping[int, int], how: str, by: StaffMember, now: datetime
) -> Estimate:
    """The lines and their prices were told on the phone or face to face. Raises facts.NotOpen, CannotEstimate."""
    if how not in (Estimate.How.PHONE, Estimate.How.IN_PERSON):
        raise CannotEstimate(_("Say how they were told: on the phone or in person."))
    current = facts.lock_open(ro)
    estimate = _write(current, prices, how, by=by, now=now)
    bus.publish(heard(estimate, at=now))
    return estimate


def heard(estimate: Estimate, *, at: datetime) -> EstimateSent:
    """The customer has it since `at`. Writes that and returns the fact, for the caller to publish once."""
    estimate.heard_at = at
    estimate.save(update_fields=["heard_at"])
    ro = facts.lock(estimate.ro)
    colours = {row.key: row.colour for row in ro.recommendations.all()}
    return EstimateSent(
        **facts.of_now(ro, at),
        by=estimate.sent_by_id,
        lines=tuple(
            Recommended(
                key=row["recommendation"],
                description=row["description"],
                colour=colours.get(row["recommendation"], Recommendation.Colour.YELLOW),
                price_cents=row["price_cents"],
            )
            for row in estimate.rows
        ),
        n_lines=len(estimate.lines),
        total=spoken.money(estimate.total_cents),
    )


def received(by_message: Mapping[int, Fact]) -> list[Fact]:
    """The facts of estimates whose text a phone has now."""
    rows = Estimate.objects.across_stores("texts of several stores arrive in one batch").filter(
        message_id__in=by_message, heard_at__isnull=True
    )
    found: list[Fact] = []
    for estimate in rows.select_related("ro").order_by("pk"):
        found.append(heard(estimate, at=by_message[estimate.message_id or 0].at))
        live.bump(estimate.store_id, "service")
    return found


def body(estimate: Estimate, hello: str, language: str) -> str:
    """The text as it leaves."""
    lines = [
        f"{row['number']}. {row['description']}: {spoken.money(row['price_cents'])}" for row in estimate.rows
    ]
    many = "many" if len(lines) > 1 else "one"
    question = copy.render(
        f"service/copy/estimate_question_{many}", language, price=spoken.money(estimate.total_cents)
    )
    return "\n".join([hello.strip(), *lines, question])


def _hold_talk(ro: RepairOrder, customer: Customer, now: datetime) -> None:
    """Locks the conversation before the RO, as the carrier's word about a text and the customer's answer do."""
    living = merging.living(customer)
    if number := numbers.best_of(living):
        conversations.open_with(
            store_id=ro.store_id, customer=living, number=number, department=Department.SERVICE, now=now
        )


def _write(
    ro: RepairOrder, prices: Mapping[int, int], how: str, *, by: StaffMember, now: datetime
) -> Estimate:
    chosen = [row for row in undecided(ro) if row.pk in prices]
    if not chosen or len(chosen) != len(prices):
        raise CannotEstimate(
            _("Choose what the customer should decide; what is decided already is left out.")
        )
    if len(chosen) > MOST_LINES:
        raise CannotEstimate(
            _("At most %(most)s lines at once: leave the least urgent for the next visit.")
            % {"most": MOST_LINES}
        )
    if any(prices[row.pk] <= 0 for row in chosen):
        raise CannotEstimate(_("Every line needs its price."))
    for row in chosen:
        row.price_cents, row.state = prices[row.pk], State.SENT
    Recommendation.objects.bulk_update(chosen, ["price_cents", "state"])
    live.bump(ro.store_id, "service")
    return Estimate.objects.create(
        store_id=ro.store_id,
        ro=ro,
        customer=ro.customer,
        how=how,
        lines=_lines(chosen),
        total_cents=sum(prices.values()),
        sent_by=by,
        sent_at=now,
    )


def _lines(chosen: Sequence[Recommendation]) -> list[list[object]]:
    return [[number, row.key, row.description, row.price_cents] for number, row in enumerate(chosen, start=1)]


def _dedupe(key: str) -> str:
    return f"estimate:{key}"
