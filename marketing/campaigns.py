"""Campaigns: written, checked, approved by a second person, sent to people who were frozen then, and stopped at once.

Every text goes through `outbox.send` and so through the gate: consent in writing, quiet hours where the customer is, caps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from dealership import live
from dealership.customers import merging
from dealership.customers.models import Customer
from dealership.events import bus
from dealership.events.catalogue.marketing import CampaignApproved, CampaignStopped
from dealership.language import in_english, later
from dealership.messaging import copy, numbers, outbox
from dealership.messaging.models import Purpose
from dealership.scope import ScopedQuerySet
from dealership.staff.models import StaffMember
from dealership.staff.roles import MATRIX, May, Role
from dealership.stores.models import Store
from dealership.vehicles.models import Ownership
from marketing import conditions, reach, segments
from marketing.models import Campaign, CampaignPerson, Segment

#: What the words may speak of.
VARIABLES = ("first", "store", "phone", "vehicle")
#: About what a segment costs, the carriers' fees included. The carrier's invoice is what counts.
CENTS_PER_SEGMENT = 1.1
#: An offer that could not leave for so long is not sent any more.
OFFER_IS_OF_USE = timedelta(days=3)
#: Why people of a campaign get nothing, as it is stored; `reach.BARRED` has more.
WHY_NOT = (
    later("The words speak of their car, and none is known"),
    later("The campaign was stopped."),
    later("they bought meanwhile."),
)
BATCH = 100
FREEZE_BATCH = 2000


class BadWords(ValueError):
    """The words may not go out; `faults` says why, in sentences."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = list(faults)


class NotADraft(ValueError):
    """It was approved: words and people are frozen."""


class OwnWork(PermissionError):
    """Who wrote it does not approve it, where somebody else can."""


class NotRunning(ValueError):
    """It is not leaving: a draft, or over."""


class NameTaken(ValueError):
    """Another campaign of this store is called so."""


class Nobody(ValueError):
    """Nobody would get it."""


@dataclass(frozen=True)
class Cost:
    """What one text and all of them take."""

    segments: int
    characters: int
    n_people: int

    @property
    def total_cents(self) -> int:
        """About, in cents."""
        return round(self.segments * self.n_people * CENTS_PER_SEGMENT)


def faults(text: str, language: str = "en") -> Iterator[str]:
    """What is wrong with words for a campaign, in sentences."""
    try:
        typed = copy.typed(text, language)
    except copy.BadCopy as error:
        yield _("The braces do not fit: %(why)s") % {"why": error}
        return
    for name in sorted(typed.variables - set(VARIABLES)):
        words = _("“%(name)s” is nothing that is known of everybody: use %(known)s.")
        yield words % {"name": f"{{{name}}}", "known": ", ".join(f"{{{known}}}" for known in VARIABLES)}
    if word := copy.invited_stop_word(typed.text):
        words = _(
            "It asks them to answer “%(word)s”, which opts them out of everything. Ask for another word."
        )
        yield words % {"word": word}
    if "store" not in typed.variables:
        yield _("It does not say who writes: use {store}.")
    if not copy.says_how_to_opt_out(typed.text):
        yield _("It does not say how to opt out: end it with “Reply STOP to opt out”.")
    known = typed.variables <= set(copy.KNOWN)
    if known and (size := copy.longest(typed)).length > copy.MAX_CHARACTERS:
        words = _("With long names it takes %(n)s characters; %(most)s are the most.")
        yield words % {"n": size.length, "most": copy.MAX_CHARACTERS}


def cost(campaign: Campaign, n_people: int) -> Cost:
    """Of the longer of its languages, with long values."""
    longest = max(
        (copy.longest(copy.typed(text)) for text in (campaign.words, campaign.words_es) if text),
        key=lambda size: size.length,
    )
    return Cost(longest.segments, longest.length, n_people)


@dataclass(frozen=True)
class Sample:
    """Words as one customer would read them, and how they travel."""

    text: str
    characters: int
    segments: int


def sample(text: str, store: Store) -> Sample | None:
    """How it reads, for somebody with a short name and a car; None where the words cannot be filled in."""
    values = {
        "first": "Maria",
        "store": store.name,
        "phone": numbers.spoken(store.text_number),
        "vehicle": "2019 Civic EX",
    }
    try:
        filled = copy.fill(copy.typed(text), **values)
    except (copy.BadCopy, copy.VariableMissing):
        return None
    size = copy.size(filled)
    return Sample(filled, size.length, size.segments)


@transaction.atomic
def write(
    *,
    store_id: int,
    campaign: Campaign | None,
    name: str,
    segment: Segment,
    department: str,
    words: str,
    words_es: str,
    by: StaffMember,
    now: datetime,
) -> Campaign:
    """A draft, or a change to one. Raises BadWords, NotADraft, NameTaken."""
    found = [*faults(words), *(faults(words_es, "es") if words_es.strip() else ())]
    if found:
        raise BadWords(found)
    current = _locked(campaign) if campaign else Campaign(store_id=store_id)
    if current.state != Campaign.State.DRAFT:
        raise NotADraft(_("It was approved already: its words are frozen. Stop it and write another."))
    current.name, current.segment, current.department = name.strip(), segment, department
    current.words, current.words_es = " ".join(words.split()), " ".join(words_es.split())
    current.written_by, current.written_at = by, now
    try:
        with transaction.atomic():
            current.save()
    except IntegrityError as error:
        said = _("There is a campaign “%(name)s” already. Give this one another name.")
        raise NameTaken(said % {"name": name}) from error
    live.bump(store_id, "marketing")
    return current


def may_approve(campaign: Campaign, by: StaffMember) -> bool:
    """Two see it: who wrote it approves it only where nobody else may."""
    return campaign.written_by_id != by.pk or not _others(by).exists()


@transaction.atomic
def approve(campaign: Campaign, *, by: StaffMember, now: datetime) -> Campaign:
    """Freezes words and people; texts begin to leave as the gate allows. Raises NotADraft, OwnWork, Nobody."""
    current = _locked(campaign)
    if current.state != Campaign.State.DRAFT:
        raise NotADraft(_("It was approved already."))
    if not may_approve(current, by):
        raise OwnWork(_("You wrote it: somebody else looks at it and approves it."))
    n = _freeze(current, now)
    if not n:
        raise Nobody(_("Nobody of this segment can be reached: see below why."))
    current.state, current.approved_by, current.approved_at = Campaign.State.APPROVED, by, now
    with override("en"):
        current.segment_words = conditions.words(current.segment.conditions)
    current.save(update_fields=["state", "approved_by", "approved_at", "segment_words"])
    bus.publish(CampaignApproved(**_common(current, now), by=by.pk, n_people=n))
    live.bump(current.store_id, "marketing")
    return current


@transaction.atomic
def stop(campaign: Campaign, *, why: str, by: StaffMember | None, now: datetime) -> int:
    """Whatever has not left does not leave; `by` None: it stops itself. How many texts were withdrawn. Raises NotRunning."""
    current = _locked(campaign)
    if not (current.is_running or (current.state == Campaign.State.DONE)):
        raise NotRunning(_("It is not leaving: there is nothing to stop."))
    said = "The campaign was stopped."
    n = _withdraw(current, said, None, now)
    if not n and current.state == Campaign.State.DONE:
        raise NotRunning(_("All of it has left already."))
    current.state, current.stopped_by, current.stopped_at = Campaign.State.STOPPED, by, now
    current.stopped_why = why.strip()[:160]
    current.save(update_fields=["state", "stopped_by", "stopped_at", "stopped_why"])
    bus.publish(
        CampaignStopped(
            **_common(current, now), by=by.pk if by else None, why=current.stopped_why, n_withdrawn=n
        )
    )
    live.bump(current.store_id, "marketing")
    return n


def take_out(store_id: int, customer_id: int, *, why: str, now: datetime) -> int:
    """A customer of campaigns about buying gets nothing of them any more. Returns in how many they were."""
    family = [
        customer_id,
        *Customer.objects.of_store(store_id).filter(merged_into=customer_id).values_list("pk", flat=True),
    ]
    running = Campaign.objects.of_store(store_id).filter(
        department=Campaign.About.SALES, people__customer_id__in=family
    )
    n = 0
    # A campaign that is done may still have texts that wait for their hour.
    for campaign in running.exclude(state__in=[Campaign.State.DRAFT, Campaign.State.STOPPED]).distinct():
        n += bool(_withdraw(campaign, why, family, now))
    return n


def send_waiting(*, now: datetime) -> dict[str, int]:
    """Hands the next people of every running campaign to the outbox; several workers share the load."""
    tally = {"queued": 0, "left_out": 0, "done": 0}
    rows = Campaign.objects.across_stores("campaigns of all stores")
    running = rows.filter(state__in=[Campaign.State.APPROVED, Campaign.State.SENDING])
    for pk in running.order_by("approved_at").values_list("pk", flat=True):
        _send_batch(pk, now, tally)
    return tally


@transaction.atomic
def _send_batch(pk: int, now: datetime, tally: dict[str, int]) -> None:
    # One worker a campaign, and never while somebody stops it.
    campaign = (
        Campaign.objects.across_stores("one campaign by its key")
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
        .select_related("store")
        .filter(pk=pk, state__in=[Campaign.State.APPROVED, Campaign.State.SENDING])
        .first()
    )
    if campaign is None:
        return
    batch = list(
        CampaignPerson.objects.of_store(campaign.store_id)
        .select_for_update(skip_locked=True, of=("self",))
        .filter(campaign=campaign, state=CampaignPerson.State.WAITING)
        .select_related("customer__merged_into__merged_into")
        .order_by("pk")[:BATCH]
    )
    cars = _cars(campaign, batch)
    for person in batch:
        _send(campaign, person, cars.get(person.customer_id, ""), now)
        tally["queued" if person.message_id else "left_out"] += 1
    CampaignPerson.objects.bulk_update(batch, ["state", "why", "message", "queued_at"])
    campaign.state = Campaign.State.SENDING
    if len(batch) < BATCH:
        campaign.state, campaign.done_at = Campaign.State.DONE, now
        tally["done"] += 1
    campaign.save(update_fields=["state", "done_at"])
    live.bump(campaign.store_id, "marketing")


def _send(campaign: Campaign, person: CampaignPerson, car: str, now: datetime) -> None:
    customer, store = merging.living(person.customer), campaign.store
    spanish = campaign.words_es and customer.language.startswith("es")
    try:
        message = outbox.send(
            store_id=campaign.store_id,
            customer=customer,
            body=copy.fill(
                copy.typed(campaign.words_es if spanish else campaign.words),
                first=customer.call_name,
                store=store.name,
                phone=numbers.spoken(store.text_number),
                vehicle=car,
            ),
            purpose=Purpose.MARKETING,
            subject=campaign.subject,
            # The living customer: two rows that became one person get one text.
            dedupe_key=f"campaign:{campaign.pk}:{customer.pk}",
            now=now,
            department=campaign.department,
            useless_after=now + OFFER_IS_OF_USE,
        )
    except copy.VariableMissing:
        person.state, person.why = (
            CampaignPerson.State.LEFT_OUT,
            "The words speak of their car, and none is known",
        )
    except outbox.NoNumber:
        person.state, person.why = CampaignPerson.State.LEFT_OUT, in_english(reach.BARRED["no_mobile"])
    else:
        person.state, person.message, person.queued_at = CampaignPerson.State.QUEUED, message, now


def _cars(campaign: Campaign, batch: Sequence[CampaignPerson]) -> dict[int, str]:
    if "{vehicle}" not in campaign.words + campaign.words_es:
        return {}
    rows = Ownership.objects.of_store(campaign.store_id).filter(
        customer_id__in=[person.customer_id for person in batch], until__isnull=True
    )
    return {row.customer_id: row.vehicle.label for row in rows.select_related("vehicle").order_by("since")}


def _freeze(campaign: Campaign, now: datetime) -> int:
    """Writes down who gets it, and who does not and why. Returns how many get it."""
    segment = campaign.segment
    rows = segments.people(
        segment.conditions, match=segment.match, store_id=campaign.store_id, now=now
    ).values_list("pk", "barred")
    n, waiting = 0, CampaignPerson.State.WAITING
    why = {name: in_english(words) for name, words in reach.BARRED.items()}
    people: list[CampaignPerson] = []
    for customer_id, barred in rows.order_by("pk").iterator(chunk_size=FREEZE_BATCH):
        n += not barred
        people.append(
            CampaignPerson(
                store_id=campaign.store_id,
                campaign=campaign,
                customer_id=customer_id,
                state=CampaignPerson.State.LEFT_OUT if barred else waiting,
                why=why.get(barred, ""),
            )
        )
        if len(people) >= FREEZE_BATCH:
            CampaignPerson.objects.bulk_create(people)
            people = []
    CampaignPerson.objects.bulk_create(people)
    return n


def _withdraw(campaign: Campaign, why: str, customer_ids: Sequence[int] | None, now: datetime) -> int:
    people = CampaignPerson.objects.of_store(campaign.store_id).filter(campaign=campaign)
    if customer_ids is not None:
        people = people.filter(customer_id__in=customer_ids)
    gone = {"state": CampaignPerson.State.WITHDRAWN, "why": why[:160]}
    n = people.filter(state=CampaignPerson.State.WAITING).update(**gone)
    texts = outbox.withdraw_about(
        store_id=campaign.store_id,
        subject=campaign.subject,
        why=f"Not sent: {why}",
        now=now,
        customer_ids=customer_ids,
    )
    return n + people.filter(message_id__in=texts).update(**gone)


def _others(by: StaffMember) -> ScopedQuerySet[StaffMember]:
    roles = [role for role in Role if May.WORK_MARKETING in MATRIX[role]]
    return StaffMember.objects.of_store(by.store_id).filter(is_active=True, role__in=roles).exclude(pk=by.pk)


def _common(campaign: Campaign, now: datetime) -> dict[str, Any]:
    return {
        "store_id": campaign.store_id,
        "at": now,
        "subject": campaign.subject,
        "campaign_id": campaign.pk,
        "name": campaign.name,
    }


def _locked(campaign: Campaign) -> Campaign:
    rows = Campaign.objects.of_store(campaign.store_id).select_for_update(of=("self",))
    return rows.select_related("segment", "store").get(pk=campaign.pk)
