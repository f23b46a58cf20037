"""Phones and e-mails of a customer: read, added, made the first choice, given up and taken back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dealership.customers import phones, search
from dealership.customers.models import ContactPoint, Customer
from dealership.staff.models import StaffMember

_E164 = re.compile(r"\+[1-9]\d{6,14}")


class Unreadable(ValueError):
    """What was typed is neither a phone nor an e-mail that works; the message says what to type instead."""


class Held(Exception):
    """The phone or e-mail belongs to somebody else at this store."""

    def __init__(self, holder: Customer) -> None:
        super().__init__(_("This belongs to %(name)s already.") % {"name": holder.full_name})
        self.holder = holder


def phone_of(text: str) -> str:
    """E.164 of a phone in any way of writing, "" for nothing usable."""
    if _E164.fullmatch(text):
        return text
    read = phones.read(text)
    return read.e164 if read.valid else ""


def email_of(text: str) -> str:
    """An e-mail as it is kept: lower case, without blanks around it; "" for nothing usable."""
    cleaned = unicodedata.normalize("NFKC", text).strip().strip("<>").lower()
    try:
        validate_email(cleaned)
    except ValidationError:
        return ""
    return cleaned if len(cleaned) <= 254 else ""


def read(kind: str, text: str) -> str:
    """The phone or e-mail that was typed, as it is kept. Raises Unreadable."""
    if kind == ContactPoint.Kind.PHONE:
        value = phone_of(text)
        if not value:
            raise Unreadable(_("This is no phone number: type it with area code, as (973) 555-0117."))
    else:
        value = email_of(text)
        if not value:
            raise Unreadable(_("This is no e-mail address: it needs a name, an @ and a domain."))
    return value


def tail_of(value: str) -> str:
    """The last ten digits of a phone, reversed, as search by its tail reads them."""
    return "".join(mark for mark in value if mark.isdigit())[::-1][:10]


def row(
    customer: Customer, kind: str, value: str, *, label: str = "", is_primary: bool = False, now: datetime
) -> ContactPoint:
    """An unsaved contact point with everything that follows from its value."""
    return ContactPoint(
        store_id=customer.store_id,
        customer=customer,
        kind=kind,
        value=value,
        tail=tail_of(value) if kind == ContactPoint.Kind.PHONE else "",
        label=label[:12],
        is_primary=is_primary,
        created_at=now,
    )


def holder_of(store_id: int, kind: str, value: str) -> Customer | None:
    """Who has this phone or e-mail now, as the row that holds it."""
    point = (
        ContactPoint.objects.of_store(store_id)
        .filter(kind=kind, value=value, is_living=True)
        .select_related("customer")
        .first()
    )
    return point.customer if point else None


@transaction.atomic
def add(
    *, customer: Customer, kind: str, text: str, label: str = "", by: StaffMember, now: datetime
) -> ContactPoint:
    """A phone or e-mail more, as `by` was told it. Raises Unreadable, and Held where it is somebody else's.

    One that this customer had given up lives again.
    """
    value = read(kind, text)
    own = list(ContactPoint.objects.of_store(by.store_id).filter(customer=customer, kind=kind))
    known = next((point for point in own if point.value == value), None)
    if known is not None and known.is_living:
        return known
    has_primary = any(point.is_primary and point.is_living for point in own)
    try:
        with transaction.atomic():
            point = known or row(customer, kind, value, label=label, now=now)
            point.is_living, point.trouble, point.is_primary = True, "", not has_primary
            point.save()
    except IntegrityError:
        holder = holder_of(customer.store_id, kind, value)
        raise Held(holder or customer) from None
    if kind == ContactPoint.Kind.EMAIL:
        search.index(customer, "email", value)
    return point


@transaction.atomic
def correct(
    *, point: ContactPoint, text: str, label: str, by: StaffMember, now: datetime
) -> tuple[ContactPoint, bool]:
    """What this phone or e-mail should have been, and whether that is another one than it was. Raises Unreadable, Held.

    Another one takes its place, and it is given up: what was said to it and what it allowed stays with it. The same one gets
    the label.
    """
    if read(point.kind, text) == point.value:
        ContactPoint.objects.of_store(by.store_id).filter(pk=point.pk).update(label=label[:12])
        return point, False
    fresh = add(customer=point.customer, kind=point.kind, text=text, label=label, by=by, now=now)
    if point.is_primary:
        make_primary(point=fresh, by=by)
    give_up(point=point, why="replaced", by=by)
    return fresh, True


@transaction.atomic
def put_back(*, old: ContactPoint, fresh: ContactPoint, by: StaffMember, now: datetime) -> None:
    """What was corrected is as it was. Raises Held where the old one is somebody else's by now."""
    back = add(customer=old.customer, kind=old.kind, text=old.value, label=old.label, by=by, now=now)
    fresh.refresh_from_db()
    if fresh.is_primary:
        make_primary(point=back, by=by)
    give_up(point=fresh, why="taken back", by=by)


@transaction.atomic
def make_primary(*, point: ContactPoint, by: StaffMember) -> None:
    """This one is used first; the others of its kind are not. Only a living one can be."""
    same_kind = ContactPoint.objects.of_store(by.store_id).filter(customer=point.customer_id, kind=point.kind)
    list(same_kind.order_by("pk").select_for_update())
    same_kind.filter(is_primary=True).exclude(pk=point.pk).update(is_primary=False)
    same_kind.filter(pk=point.pk, is_living=True).update(is_primary=True)


@transaction.atomic
def give_up(*, point: ContactPoint, why: str, by: StaffMember) -> None:
    """It is no longer used, and somebody else may have it. The next of its kind becomes the first choice."""
    points = ContactPoint.objects.of_store(by.store_id).filter(customer=point.customer_id, kind=point.kind)
    rest = list(points.order_by("pk").select_for_update())
    points.filter(pk=point.pk).update(is_living=False, is_primary=False, trouble=(why or "given up")[:40])
    living = [other for other in rest if other.pk != point.pk and other.is_living]
    if living and not any(other.is_primary for other in living):
        points.filter(pk=living[0].pk).update(is_primary=True)


def best_phone(points: Iterable[ContactPoint]) -> ContactPoint | None:
    """The phone to use: living, without trouble, the first choice before the others."""
    usable = [p for p in points if p.kind == ContactPoint.Kind.PHONE and p.is_living and not p.trouble]
    return min(usable, key=lambda point: (not point.is_primary, point.pk), default=None)
