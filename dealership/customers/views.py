"""Pages of customers: the list with its search, one customer, somebody new. Twelve queries at most each."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dealership import clock, limits
from dealership.customers import about, life, matching, merging, timeline
from dealership.customers import search as finding
from dealership.customers.forms import NewCustomerForm
from dealership.customers.listing import CUSTOMERS
from dealership.customers.models import Customer, PossibleTwin
from dealership.limits import limited
from dealership.lists import asking
from dealership.lists.page import turn
from dealership.web import May, StaffRequest, render_page, staff_only

MOST_HITS = 50
STORY_LENGTH = 40

#: Departments' panels on the customer's page, by URL name, and who may see them.
PANELS = (
    ("sales:customer_panel", May.SEE_LEADS),
    ("service:customer_panel", May.SEE_SERVICE),
    ("parts:customer_panel", May.SEE_PARTS),
    ("fni:customer_panel", May.SEE_FNI),
    ("marketing:customer_panel", May.SEE_MARKETING),
)


@require_safe
@staff_only(May.SEE_CUSTOMERS)
@limited(limits.SEARCH, asked="q")
def customer_list(request: StaffRequest) -> HttpResponse:
    """The customers that are asked for, the newest first, or those whom the search finds. Four queries, three for a search."""
    text = request.GET.get("q", "").strip()
    context: dict[str, Any] = {
        "text": text,
        "is_search": bool(text),
        "may_write": request.staff.may(May.WRITE_TO_CUSTOMERS),
    }
    if text:
        context["hits"] = finding.find(request.staff, text, limit=MOST_HITS)
        context["too_short"] = finding.is_too_short(text)
    else:
        now = clock.now()
        asked = asking.read(CUSTOMERS, request.GET)
        context["list"] = turn(asked, request.staff, now)
        may_give = request.staff.may(May.REASSIGN)
        context["acts"] = [(reverse("customers:give"), _("Give to a colleague…"))] if may_give else []
    return render_page(request, "customers/customer_list.html", "customers/_list.html", context)


@require_safe
@staff_only(May.SEE_CUSTOMERS)
@limited(limits.SEARCH, asked="q")
def search(request: StaffRequest) -> HttpResponse:
    """What the box at the top finds while somebody types; without HTMX the list's search."""
    text = request.GET.get("q", "").strip()
    if not request.htmx:
        return redirect(f"{reverse('customers:customer_list')}?{request.GET.urlencode()}")
    context = {
        "text": text,
        "hits": finding.find(request.staff, text, limit=8),
        "too_short": finding.is_too_short(text),
    }
    return render_page(request, "customers/_results.html", "customers/_results.html", context)


@require_safe
@staff_only(May.SEE_CUSTOMERS)
def customer_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One customer: who they are, what they have, who looks after them, what happened."""
    customer = _customer(request, pk)
    if customer.merged_into is not None:
        return redirect("customers:customer_detail", merging.living(customer).pk)
    return render_page(request, "customers/customer_detail.html", None, _page(request, customer))


@require_safe
@staff_only(May.SEE_CUSTOMERS)
def story(request: StaffRequest, pk: int) -> HttpResponse:
    """The story alone, filtered or continued; without HTMX the whole page with that filter."""
    customer = _customer(request, pk)
    if not request.htmx:
        return redirect(f"{reverse('customers:customer_detail', args=[pk])}?{request.GET.urlencode()}")
    now = clock.now()
    family = merging.family(customer)
    owned = customer.ownerships.model.objects.visible_to(request.staff).filter(customer_id__in=family)
    cars = owned.values_list("vehicle_id", flat=True)
    context = {"customer": customer, "now": now, **_story(request, customer, family, set(cars))}
    part = "customers/_story_lines.html" if request.GET.get("before") else "customers/_story.html"
    return render_page(request, part, part, context)


@require_http_methods(["GET", "POST"])
@staff_only(May.WRITE_TO_CUSTOMERS)
def customer_new(request: StaffRequest) -> HttpResponse:
    """Somebody new, unless their phone or e-mail is known."""
    store_id = request.staff.store_id
    if request.method == "POST":
        form = NewCustomerForm(request.POST, store_id=store_id)
        if form.is_valid():
            found = matching.find(form.told(), now=clock.now())
            return redirect("customers:customer_detail", found.customer.pk)
        return render_page(request, "customers/customer_new.html", None, {"form": form}, status=422)
    typed = request.GET.get("q", "").strip()
    form = NewCustomerForm(initial=_guess(typed), store_id=store_id)
    return render_page(request, "customers/customer_new.html", None, {"form": form})


def _customer(request: StaffRequest, pk: int) -> Customer:
    rows = Customer.objects.visible_to(request.staff).select_related("store", "merged_into__merged_into")
    return get_object_or_404(rows, pk=pk)


def _page(request: StaffRequest, customer: Customer) -> dict[str, Any]:
    staff = request.staff
    family = merging.family(customer)
    ownerships = list(
        customer.ownerships.model.objects.visible_to(staff)
        .filter(customer_id__in=family)
        .select_related("vehicle")
        .order_by("until", "-since")
    )
    return {
        **about.card(request, customer, family),
        "garage": [row for row in ownerships if row.until is None],
        "former": [row for row in ownerships if row.until is not None],
        "stages": life.stages(
            customer,
            family=family,
            owned_since=[row.since for row in ownerships if row.until is None],
            zone=staff.store.tz,
        ),
        "n_merged": len(family) - 1,
        "has_twins": PossibleTwin.objects.visible_to(staff)
        .filter(Q(customer=customer) | Q(other=customer), settled_at__isnull=True)
        .exists(),
        "panels": [name for name, needs in PANELS if staff.may(needs)],
        "may_write": staff.may(May.WRITE_TO_CUSTOMERS),
        "may_book": staff.may(May.BOOK),
        **_story(request, customer, family, {row.vehicle_id for row in ownerships}),
    }


def _story(
    request: StaffRequest, customer: Customer, family: list[int], cars: Collection[int]
) -> dict[str, Any]:
    shown = request.GET.get("show", "all")
    shown = shown if shown in timeline.KINDS else "all"
    entries = timeline.story(
        request.staff,
        customer,
        before=request.GET.get("before"),
        limit=STORY_LENGTH + 1,
        kinds=[shown],
        family=family,
        cars=cars,
    )
    more = len(entries) > STORY_LENGTH
    return {
        "entries": entries[:STORY_LENGTH],
        "shown": shown,
        "kinds": timeline.KINDS.items(),
        "next_cursor": entries[STORY_LENGTH - 1].cursor if more else "",
    }


def _guess(typed: str) -> dict[str, str]:
    """Where what was searched for belongs in the form."""
    if "@" in typed:
        return {"email": typed}
    if typed and not any(mark.isalpha() for mark in typed):
        return {"phone": typed}
    first, __, last = typed.rpartition(" ")
    return {"first": first, "last": last}
