"""Who answers a lead, and why: whoever talks with the customer, then the customer's own person, then a fair turn in the BDC."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain

from dealership.customers import merging
from dealership.customers.models import Customer, CustomerPerson
from dealership.messaging.models import Conversation
from dealership.scope import ScopedQuerySet
from dealership.staff.models import StaffMember
from dealership.staff.roles import Role
from dealership.staff.rota import Choice, Rota
from dealership.stores import calendars
from dealership.stores.hours import NoOpenHours
from dealership.stores.models import Department
from sales.models import Lead

NOTED = "took it up"
TALKS = "talks with this customer already"
TAKES_LEADS = (Role.BDC_AGENT, Role.SALESPERSON)
OWN = "is this customer’s own salesperson"
#: Leads that somebody has still to answer (for the rota).
CARRIED = "(SELECT count(*) FROM sales_lead WHERE owner_id = person.id AND state = 'fresh')"


def choose_owner(
    *, store_id: int, customer: Customer, received_at: datetime, by: StaffMember | None = None
) -> Choice:
    """The person to answer a lead of this customer. Call in a transaction; raises `rota.NobodyWorksHere`.

    What comes while the store is closed belongs to those who are there when it opens. Who wrote a lead down (`by`) keeps
    it, if leads are their work.
    """
    try:
        at = calendars.of(store_id, Department.SALES).next_open(received_at)
    except NoOpenHours:
        at = received_at
    noted = [(by.pk, NOTED)] if by is not None and by.role in TAKES_LEADS else []
    preferred = chain(noted, _who_knows(customer))
    rota = Rota.of_stores([store_id], CARRIED)
    choice = rota.choose(store_id=store_id, role=Role.BDC_AGENT, at=at, preferred=preferred)
    rota.keep_turns()
    return choice


def choose_heirs(*, store_id: int, leads: Sequence[Lead], without: int, at: datetime) -> Mapping[int, Choice]:
    """New owners for leads whose owner left, by lead id: each a turn of its own."""
    rota = Rota.of_stores([store_id], CARRIED)
    heirs = {
        lead.pk: rota.choose(store_id=store_id, role=Role.BDC_AGENT, at=at, without=frozenset({without}))
        for lead in leads
    }
    rota.keep_turns()
    return heirs


def team(store_id: int) -> ScopedQuerySet[StaffMember]:
    """Who may be handed a lead: active people of sales and the general managers, by name."""
    roles = (Role.BDC_AGENT, Role.BDC_MANAGER, Role.SALESPERSON, Role.SALES_MANAGER, Role.GENERAL_MANAGER)
    return StaffMember.objects.of_store(store_id).filter(is_active=True, role__in=roles).order_by("name")


def _who_knows(customer: Customer) -> Iterator[tuple[int | None, str]]:
    """Asked one by one: whoever is found first spares the next question."""
    family = merging.family(customer)
    yield (
        Conversation.objects.of_store(customer.store_id)
        .filter(customer__in=family, department=Department.SALES, holder__isnull=False)
        .order_by("-last_at")
        .values_list("holder_id", flat=True)
        .first(),
        TALKS,
    )
    yield (
        CustomerPerson.objects.of_store(customer.store_id)
        .filter(customer__in=family, department=Department.SALES)
        .order_by("-since")
        .values_list("staff_id", flat=True)
        .first(),
        OWN,
    )
