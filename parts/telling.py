"""What the customer was told about a part's day: by a person face to face or on the phone, or by a text that they received."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dealership.customers import merging
from dealership.events import bus
from dealership.events.catalogue.parts import PartEtaTold
from dealership.messaging import copy
from dealership.staff.models import StaffMember
from parts import eta, lives
from parts.lives import PartsError, State
from parts.models import PartsRequest, SpecialOrderPart


class NobodyToTell(PartsError):
    """No customer waits for this part."""


@transaction.atomic
def tell_eta(request: PartsRequest, *, by: StaffMember, now: datetime) -> PartsRequest:
    """`by` told the customer, on the phone or face to face, when it comes (or that it is here). Raises NotNow, NobodyToTell."""
    row = lives.lock(request)
    lives.require(row, "tell")
    order = lives.order_of(row)
    if row.customer_id is None or order is None:
        raise NobodyToTell(
            _("No customer waits for %(part)s: there is nobody to tell.") % {"part": row.description}
        )
    words = state_words(row, order)
    note_told(order, at=now)
    lives.record(row, "Told", became=words, by=by, now=now)
    bus.publish(PartEtaTold(**lives.common(row, by=by, now=now), eta_words=words))
    return row


def note_told(order: SpecialOrderPart, *, at: datetime) -> None:
    """The customer knows what we know, as of then."""
    order.eta_told, order.eta_told_at, order.tell_by_at = order.eta_at, at, None
    order.save(update_fields=["eta_told", "eta_told_at", "tell_by_at"])


def state_words(row: PartsRequest, order: SpecialOrderPart) -> str:
    """ "Thu 26 Nov", "no date yet", "it is here"."""
    return "it is here" if row.state == State.RECEIVED else eta.words(order.eta_at, row.store.tz)


def language_of(row: PartsRequest) -> str:
    """In which whoever waits for it is written to; "", nobody knows, where nobody waits."""
    return merging.living(row.customer).language if row.customer else ""


def draft(row: PartsRequest, *, by: StaffMember) -> str:
    """The text about this part's day, half written for `by` in the customer's language; empty where nobody waits."""
    order = lives.order_of(row)
    if row.customer is None or order is None or row.is_over:
        return ""
    customer = merging.living(row.customer)
    values = {
        "first": customer.call_name,
        "person": by.first_name,
        "store": row.store.name,
        "work": row.description,
    }
    if row.state == State.RECEIVED:
        name = "part_here"
    elif order.eta_at is None:
        name = "eta_unknown"
    else:
        name = "eta_moved" if order.eta_changed_at else "eta_first"
        values["day"] = eta.customer_words(order.eta_at, row.store.tz, customer.language)
    return copy.render(f"parts/copy/{name}", customer.language, **values)
