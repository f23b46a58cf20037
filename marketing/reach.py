"""Who can be reached with an offer, and who not and why, asked of the database for many at once.

It says beforehand what the gate will say of each text at the moment of sending, and lets nothing through by itself. The
ledger's fold (`messaging.consent.fold`) is written here once more in SQL; a test holds the two together.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from dealership.customers.models import ContactPoint, Customer
from dealership.language import later
from dealership.messaging.circumstances import WENT
from dealership.messaging.consent import WRITTEN, How
from dealership.messaging.gate import StorePolicy
from dealership.messaging.models import ConsentEvent, Message, Purpose
from dealership.scope import ScopedQuerySet

#: Why somebody is left out, in the order in which it is asked.
BARRED = {
    "no_mobile": later("No phone that takes texts"),
    "dms": later("The DMS says no texts"),
    "opted_out": later("Opted out"),
    "no_consent": later("Did not agree in writing to offers by text"),
    "cap": later("Had as many texts in the last day as the store allows"),
}
MAY_BE_OFFERED = Q(is_opted_out=False, has_agreed=True)


def customers(store_id: int) -> ScopedQuerySet[Any]:
    """The living customers of a store with their number to text, and what its ledger says of offers."""
    ledger = ConsentEvent.objects.of_store(store_id)
    given, revoked = ConsentEvent.Act.GIVEN, ConsentEvent.Act.REVOKED
    restart = ledger.filter(act=given, how=How.TEXT, number=OuterRef("number"))
    # Taken back for everything, and not begun again by the number itself.
    out = ledger.filter(~Exists(restart.filter(at__gt=OuterRef("at"))), act=revoked, purpose="")
    # Agreed in writing, while nothing was stopped (else it does not count), and not taken back since.
    stopped = ledger.filter(
        ~Exists(restart.filter(at__gt=OuterRef("at"), at__lte=OuterRef(OuterRef("at")))),
        act=revoked,
        purpose="",
        number=OuterRef("number"),
        at__lt=OuterRef("at"),
    )
    later = ledger.filter(
        act=revoked,
        purpose__in=["", Purpose.MARKETING],
        number=OuterRef("number"),
        at__gte=OuterRef("at"),
    )
    agreed = ledger.filter(
        ~Exists(later), ~Exists(stopped), act=given, purpose=Purpose.MARKETING, how__in=WRITTEN
    )
    phones = ContactPoint.objects.of_store(store_id).filter(
        customer=OuterRef("pk"), kind=ContactPoint.Kind.PHONE, is_living=True, trouble=""
    )
    return (
        Customer.objects.of_store(store_id)
        .filter(merged_into__isnull=True)
        .annotate(number=Subquery(phones.order_by("-is_primary", "pk").values("value")[:1]))
        .annotate(
            is_opted_out=Exists(out.filter(number=OuterRef("number"))),
            has_agreed=Exists(agreed.filter(number=OuterRef("number"))),
        )
    )


def with_reasons(rows: ScopedQuerySet[Any], *, store_id: int, now: datetime) -> ScopedQuerySet[Any]:
    """Adds `barred`: why this customer gets nothing, or "" for one who can be reached."""
    went = (
        Message.objects.of_store(store_id)
        .filter(
            Q(author__isnull=True) | Q(purpose=Purpose.MARKETING),
            conversation__their_number=OuterRef("number"),
            is_inbound=False,
            state__in=WENT,
            claimed_at__gte=now - timedelta(hours=24),
        )
        .order_by()
        .values("store")
        .annotate(n=Count("pk"))
    )
    return rows.annotate(n_today=Coalesce(Subquery(went.values("n")), 0)).annotate(
        barred=Case(
            When(number__isnull=True, then=Value("no_mobile")),
            When(dms_blocks__text=True, then=Value("dms")),
            When(is_opted_out=True, then=Value("opted_out")),
            When(has_agreed=False, then=Value("no_consent")),
            When(n_today__gte=StorePolicy().number_cap, then=Value("cap")),
            default=Value(""),
            output_field=CharField(),
        )
    )
