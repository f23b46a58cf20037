"""Who is this? Finds the customer whom a source means, or makes one; two at once make one.

The DMS's customer number decides first, then a phone, then an e-mail, always among the living. A shared phone with
another name is a household: its holder is found as it is, no name is overwritten; a DMS that numbers the other person
by themselves gets a customer of its own. Known data is completed, never blanked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction

from dealership.customers import contact_points, merging, names, search
from dealership.customers.models import ContactPoint, Customer

#: A race is lost at most once per competitor that commits; more than this is no race.
TRIES = 8

#: A customer who came without a name, a phone and an e-mail.
NAMELESS = "No name given"

PHONE, EMAIL = ContactPoint.Kind.PHONE, ContactPoint.Kind.EMAIL
Point = tuple[str, str]


class CannotSettle(RuntimeError):
    """The rows of this person kept changing while we looked; the caller may simply try again."""


class _LookAgain(Exception):
    """What was read is no longer so."""


@dataclass(frozen=True)
class Told:
    """What a source says about a person, cleaned: usable phones and e-mails only, each once, in the source's order."""

    store_id: int
    first: str = ""
    last: str = ""
    full: str = ""
    is_business: bool = False
    phones: tuple[tuple[str, str], ...] = ()
    emails: tuple[str, ...] = ()
    language: str = "en"
    address: Mapping[str, str] = field(default_factory=dict)
    dms_number: str = ""
    dms_blocks: Mapping[str, bool] | None = None

    @property
    def name(self) -> str:
        """The whole name, "" where the source has none."""
        return self.full or f"{self.first} {self.last}".strip()

    @property
    def points(self) -> list[Point]:
        """All phones and e-mails as (kind, value), sorted: two writers insert in one order and cannot deadlock."""
        return sorted(
            [(PHONE, value) for _, value in self.phones] + [(EMAIL, value) for value in self.emails]
        )


@dataclass(frozen=True)
class Found:
    """The customer, whether they are new, and another customer who may be the same person."""

    customer: Customer
    created: bool
    possible_twin: Customer | None = None


def find_or_create(
    *,
    store_id: int,
    first: str = "",
    last: str = "",
    full: str = "",
    is_business: bool = False,
    phones: Sequence[tuple[str, str]] = (),
    emails: Sequence[str] = (),
    language: str = "en",
    street: str = "",
    city: str = "",
    state: str = "",
    postal_code: str = "",
    dms_number: str = "",
    dms_blocks: Mapping[str, bool] | None = None,
    now: datetime,
) -> tuple[Customer, bool]:
    """The customer whom these words mean, and whether they had to be made. `phones` are (label, E.164) pairs.

    Safe under a race. Raises CannotSettle if the rows keep changing. `find` says also who may be a twin.
    """
    told = clean(
        store_id=store_id,
        first=first,
        last=last,
        full=full,
        is_business=is_business,
        phones=phones,
        emails=emails,
        language=language,
        street=street,
        city=city,
        state=state,
        postal_code=postal_code,
        dms_number=dms_number,
        dms_blocks=dms_blocks,
    )
    found = find(told, now=now)
    return found.customer, found.created


def clean(
    *,
    store_id: int,
    first: str = "",
    last: str = "",
    full: str = "",
    is_business: bool = False,
    phones: Sequence[tuple[str, str]] = (),
    emails: Sequence[str] = (),
    language: str = "en",
    street: str = "",
    city: str = "",
    state: str = "",
    postal_code: str = "",
    dms_number: str = "",
    dms_blocks: Mapping[str, bool] | None = None,
) -> Told:
    """What a source says, fit to be kept: one line each, no longer than its column, unusable phones and e-mails left out."""
    return Told(
        store_id=store_id,
        first=_line(first, 80),
        last=_line(last, 80),
        full=_line(full, 160),
        is_business=is_business,
        phones=_phones(phones),
        emails=tuple(dict.fromkeys(filter(None, map(contact_points.email_of, emails)))),
        language=language.lower()[:2] or "en",
        address={
            "street": _line(street, 160),
            "city": _line(city, 80),
            "state": state.strip().upper() if len(state.strip()) == 2 else "",
            "postal_code": _line(postal_code, 10),
        },
        dms_number=_line(dms_number, 40),
        dms_blocks=dms_blocks,
    )


def find(told: Told, *, now: datetime) -> Found:
    """As find_or_create, and with the possible twin where phone and e-mail name two customers."""
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                return _once(told, now)
        except (IntegrityError, _LookAgain):
            # Somebody made or merged this person in between; the next look sees their row.
            continue
    raise CannotSettle(
        f"The customer {told.name or 'without a name'} changed {TRIES} times while being read."
    )


def _once(told: Told, now: datetime) -> Found:
    holders = _holders(told)
    chosen = _by_dms_number(told)
    by_number = chosen is not None
    if chosen is None:
        chosen = _best(told, [holders[PHONE, value] for _, value in told.phones if (PHONE, value) in holders])
    if chosen is None:
        chosen = _best(told, [holders[EMAIL, value] for value in told.emails if (EMAIL, value) in holders])
    created = chosen is None
    customer = _create(told, holders, now) if chosen is None else _completed(chosen, told, holders, now)
    twin = None
    if not created:
        twin = _twin(customer, told, holders, needs_name=by_number)
        if twin is not None:
            merging.suspect(customer, twin, why="One source named the phone or e-mail of both", now=now)
    return Found(customer, created, twin)


def _holders(told: Told) -> dict[Point, Customer]:
    """Who holds each of these phones and e-mails now, as the living customer. One query."""
    points = told.points
    if not points:
        return {}
    rows = (
        ContactPoint.objects.of_store(told.store_id)
        .filter(is_living=True, kind__in={kind for kind, _ in points}, value__in=[v for _, v in points])
        .select_related("customer__merged_into__merged_into")
    )
    return {(row.kind, row.value): merging.living(row.customer) for row in rows}


def _by_dms_number(told: Told) -> Customer | None:
    if not told.dms_number:
        return None
    rows = list(
        Customer.objects.of_store(told.store_id)
        .filter(dms_number=told.dms_number)
        .select_related("merged_into__merged_into")
        .order_by("pk")
    )
    if not rows:
        return None
    return merging.living(next((row for row in rows if row.merged_into is None), rows[-1]))


def _best(told: Told, holders: Sequence[Customer]) -> Customer | None:
    """Of several holders the one whose name is most alike, else the newest. None where the DMS says that it is another person."""
    fitting = [holder for holder in holders if not _another_person(told, holder)]
    if not fitting:
        return None

    def fitness(holder: Customer) -> tuple[float, datetime, int]:
        alike = names.similarity(told.name, holder.full_name)
        return (alike if alike >= names.ALIKE else 0.0, holder.created_at, holder.pk)

    return max(fitting, key=fitness)


def _another_person(told: Told, holder: Customer) -> bool:
    return bool(told.dms_number) and not names.agree(told.name, _known_name(holder))


def _twin(
    customer: Customer, told: Told, holders: Mapping[Point, Customer], *, needs_name: bool
) -> Customer | None:
    """Somebody else who holds one of the told phones or e-mails. Found by DMS number, only with a like name: the rest is a household."""
    for holder in holders.values():
        if holder.pk != customer.pk and not (needs_name and not names.agree(told.name, holder.full_name)):
            return holder
    return None


def _create(told: Told, holders: Mapping[Point, Customer], now: datetime) -> Customer:
    customer = new_row(told, now)
    customer.save(force_insert=True)
    ContactPoint.objects.bulk_create(new_points(customer, told, holders, now))
    search.write(new_entries(customer, told))
    return customer


def new_row(told: Told, now: datetime) -> Customer:
    """The row of somebody who was not here before, unsaved."""
    return Customer(
        store_id=told.store_id,
        first_name=told.first,
        last_name=told.last,
        full_name=told.name or _stand_in(told),
        is_business=told.is_business,
        language=told.language,
        dms_number=told.dms_number,
        dms_blocks=dict(told.dms_blocks or {}),
        created_at=now,
        **told.address,
    )


def new_points(
    customer: Customer, told: Told, holders: Mapping[Point, Customer], now: datetime
) -> list[ContactPoint]:
    """Their phones and e-mails, unsaved; `holders` have some of them already."""
    rows = []
    for point in told.points:
        row = _row(customer, told, point, now)
        row.is_primary = point in _first_of_each(told)
        if point in holders:
            # The household's phone stays with whoever had it first; it is shown here, and not used from here.
            row.is_living, row.is_primary = False, False
            row.trouble = f"shared with {holders[point].full_name}"[:40]
        rows.append(row)
    return rows


def new_entries(customer: Customer, told: Told) -> list[search.Entry]:
    """What they are found by, for `search.write`."""
    return [
        *search.entries(customer, "name", _known_name(customer)),
        *search.entries(customer, "email", *told.emails),
    ]


def _completed(chosen: Customer, told: Told, holders: Mapping[Point, Customer], now: datetime) -> Customer:
    """The customer, locked, with what was not known before."""
    customer = (
        Customer.objects.of_store(told.store_id).select_for_update(no_key=True).filter(pk=chosen.pk).first()
    )
    if customer is None or customer.merged_into_id is not None:
        raise _LookAgain
    changed = _fill(customer, told)
    if changed:
        customer.save(update_fields=sorted(changed))
    if "full_name" in changed:
        search.index(customer, "name", customer.full_name)
    if told.points:
        _add_points(customer, told, holders, now)
    return customer


def _fill(customer: Customer, told: Told) -> set[str]:
    """Writes what is missing; returns the names of the fields that changed."""
    wanted: dict[str, str] = {**told.address, "dms_number": told.dms_number}
    if told.name and not _known_name(customer):
        wanted |= {"full_name": told.name, "first_name": told.first, "last_name": told.last}
        customer.full_name = ""
    elif names.agree(told.name, customer.full_name):
        wanted |= {"first_name": told.first, "last_name": told.last}
    changed = {name for name, value in wanted.items() if value and not getattr(customer, name)}
    for name in changed:
        setattr(customer, name, wanted[name])
    if told.language != "en" and customer.language == "en":
        customer.language = told.language
        changed.add("language")
    if told.dms_blocks is not None and customer.dms_blocks != dict(told.dms_blocks):
        customer.dms_blocks = dict(told.dms_blocks)
        changed.add("dms_blocks")
    return changed


def _add_points(customer: Customer, told: Told, holders: Mapping[Point, Customer], now: datetime) -> None:
    own = list(ContactPoint.objects.of_store(told.store_id).filter(customer=customer))
    # What was given up, or proved wrong, is known too: a source that repeats it does not bring it back.
    known = {(point.kind, point.value) for point in own}
    has_primary = {point.kind for point in own if point.is_primary and point.is_living}
    fresh = []
    for point in told.points:
        if point in known or point in holders:
            continue
        row = _row(customer, told, point, now)
        row.is_primary = point[0] not in has_primary and point in _first_of_each(told)
        fresh.append(row)
    if fresh:
        # A conflict here means that somebody else has just taken the point: it is theirs.
        ContactPoint.objects.bulk_create(fresh, ignore_conflicts=True)
        search.index(customer, "email", *(row.value for row in fresh if row.kind == EMAIL))


def _row(customer: Customer, told: Told, point: Point, now: datetime) -> ContactPoint:
    kind, value = point
    label = next((label for label, phone in told.phones if phone == value), "")
    return contact_points.row(customer, kind, value, label=label, now=now)


def _first_of_each(told: Told) -> set[Point]:
    firsts: set[Point] = {(PHONE, told.phones[0][1])} if told.phones else set()
    return firsts | ({(EMAIL, told.emails[0])} if told.emails else set())


def _known_name(customer: Customer) -> str:
    """The name, "" for a stand-in made of a phone or an e-mail."""
    name = customer.full_name
    if name == NAMELESS or "@" in name or not any(mark.isalpha() for mark in name):
        return ""
    return name


def _stand_in(told: Told) -> str:
    """What a nameless customer is called until somebody asks them."""
    if told.phones:
        return told.phones[0][1]
    return told.emails[0][:160] if told.emails else NAMELESS


def _phones(given: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    usable: dict[str, str] = {}
    for label, text in given:
        value = contact_points.phone_of(text)
        if value:
            usable.setdefault(value, _line(label, 12))
    return tuple((label, value) for value, label in usable.items())


def _line(text: str, longest: int) -> str:
    """One line without control characters, as long as the column is."""
    return " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())[:longest]
