"""What may be texted to a customer, in sentences, each with its proof: when, how, in which words, and the text itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from dealership import clocks
from dealership.customers import merging
from dealership.customers.models import ContactPoint, Customer
from dealership.language import later
from dealership.messaging import consent
from dealership.messaging.consent import How, Standing
from dealership.messaging.models import ConsentEvent, Conversation, Message, Purpose
from dealership.messaging.retold import retold
from dealership.staff.models import StaffMember

_SPOKEN = (
    (Purpose.SERVICE, later("their visits")),
    (Purpose.SALES, later("an inquiry or a deal")),
    (Purpose.MARKETING, later("offers")),
)
_BY_TEXT = (How.TEXT, How.WROTE_FIRST)
#: How consent was given or taken back, as a clause.
_GAVE = {
    How.TEXT: later("They texted"),
    How.WROTE_FIRST: later("They wrote first"),
    How.LEAD: later("It came with an inquiry"),
    How.REPAIR_ORDER: later("It was left with an RO"),
    How.DEAL: later("It was left with a deal"),
    How.TOLD: later("They told a person"),
    How.SIGNED: later("They signed"),
    How.CALL: later("It was said in a call"),
    How.DMS: later("The DMS says so"),
    How.CARRIER: later("The carrier says so"),
}


@dataclass(frozen=True)
class Proof:
    """One line of the ledger: what it allowed or ended, how, in which words; `text` is the key of the text that says it."""

    at: datetime
    gives: bool
    what: str
    how: str
    words: str
    by: str = ""
    text: int | None = None


@dataclass
class Number:
    """What one of a customer's numbers allows now, and the ledger behind it, newest first."""

    number: str
    is_living: bool
    #: (kept or late or "", the sentence)
    standing: list[tuple[str, str]] = field(default_factory=list)
    proofs: list[Proof] = field(default_factory=list)


def of(customer: Customer, staff: StaffMember, *, now: datetime) -> list[Number]:
    """Each number that is theirs or was, those in use first. Five queries, and one a level of merged rows."""
    numbers = _numbers(customer)
    zone = staff.store.tz
    events = list(
        ConsentEvent.objects.visible_to(staff)
        .filter(number__in=[row.number for row in numbers])
        .select_related("by")
        .order_by("at", "pk")
    )
    texts = _texts(staff, events)
    ledgers: dict[str, list[ConsentEvent]] = defaultdict(list)
    for event in events:
        ledgers[event.number].append(event)
    for row in numbers:
        ledger = ledgers[row.number]
        told = [consent.Event(e.act, e.purpose, e.how, e.words, e.at) for e in ledger]
        row.standing = _standing(consent.fold(told, zone), zone, now)
        row.proofs = [_proof(event, texts) for event in reversed(ledger)]
    return [row for row in numbers if row.is_living or row.proofs]


def _numbers(customer: Customer) -> list[Number]:
    family = merging.family(customer)
    points = ContactPoint.objects.of_store(customer.store_id).filter(
        customer_id__in=family, kind=ContactPoint.Kind.PHONE
    )
    found = {
        p.value: Number(p.value, p.is_living) for p in points.order_by("-is_living", "-is_primary", "pk")
    }
    talks = Conversation.objects.of_store(customer.store_id).filter(customer_id__in=family)
    for number in talks.order_by("pk").values_list("their_number", flat=True):
        found.setdefault(number, Number(number, False))
    return list(found.values())


def _texts(staff: StaffMember, events: Collection[ConsentEvent]) -> dict[tuple[str, datetime], int]:
    """The texts in which it was said, by number and moment: a ledger's line has the moment of its text."""
    said = [event for event in events if event.how in _BY_TEXT]
    if not said:
        return {}
    rows = Message.objects.visible_to(staff).filter(
        conversation__their_number__in={event.number for event in said},
        is_inbound=True,
        created_at__in={event.at for event in said},
    )
    return {
        (number, at): pk
        for number, at, pk in rows.values_list("conversation__their_number", "created_at", "pk")
    }


def _standing(standing: Standing, zone: ZoneInfo, now: datetime) -> list[tuple[str, str]]:
    if standing.opted_out:
        return [
            ("late", _("No texts at all: %(why)s.") % {"why": retold(standing.opted_out_words)}),
            ("", _("Only START from this number itself allows them again.")),
        ]
    said = []
    today = now.astimezone(zone).date()
    for purpose, name in _SPOKEN:
        known = standing.of(purpose)
        if known is None:
            words = (
                _("Nothing was said about %(what)s: that needs a signed yes.")
                if purpose == Purpose.MARKETING
                else _("Nothing was said about %(what)s yet.")
            )
            said.append(("", words % {"what": name}))
            continue
        yes = known.granted and (known.written or purpose != Purpose.MARKETING)
        if known.since:
            words = (
                _("May be texted about %(what)s since %(day)s.")
                if yes
                else _("No texts about %(what)s since %(day)s.")
            )
        else:
            words = _("May be texted about %(what)s.") if yes else _("No texts about %(what)s.")
        day = clocks.day(known.since, today) if known.since else ""
        said.append(("kept" if yes else "late", words % {"what": name, "day": day}))
    return said


def _proof(event: ConsentEvent, texts: dict[tuple[str, datetime], int]) -> Proof:
    gives = event.act == ConsentEvent.Act.GIVEN
    about = dict(_SPOKEN).get(Purpose(event.purpose)) if event.purpose else None
    if gives:
        what = (
            _("Allowed texts about %(what)s")
            if about
            else _("Allowed texts about what they ask and have booked")
        )
    else:
        what = _("Ended texts about %(what)s") if about else _("Ended all texts")
    what %= {"what": about}
    how = str(_GAVE.get(How(event.how), event.how)) if event.how in set(How) else event.how
    return Proof(
        at=event.at,
        gives=gives,
        what=what,
        how=how,
        words=" ".join(event.words.split()),
        by=event.by.name if event.by else "",
        text=texts.get((event.number, event.at)),
    )
