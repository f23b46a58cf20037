"""One lead, and what people do with it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dealership import clock
from dealership.customers import merging
from dealership.customers.models import ContactPoint, Customer
from dealership.web import May, StaffRequest, done, render_page, staff_only
from sales import board, deal_board, introductions, leads, routing
from sales.forms import CloseForm, HandOverForm, NewLeadForm
from sales.models import Lead


@require_safe
@staff_only(May.SEE_LEADS)
def lead_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One lead: who, what they asked, the two clocks, what is owed, the conversation, and what may be done."""
    return _render(request, _lead(request, pk))


@require_POST
@staff_only(May.WORK_LEADS)
def lead_close(request: StaffRequest, pk: int) -> HttpResponse:
    """It ends: sold, lost, or never was one. Can be undone."""
    lead = _lead(request, pk)
    form = CloseForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            leads.close(
                lead=lead, outcome=typed["outcome"], why=typed["why"], by=request.staff, now=clock.now()
            )
        except leads.NoReason as error:
            form.add_error("why", str(error))
        except leads.AlreadyClosed as error:
            form.add_error(None, str(error))
        else:
            say = _("Ended: %(state)s.") % {"state": Lead.State(typed["outcome"]).label}
            return done(
                request, say, to=_address(lead), undo=reverse("sales:lead_reopen", args=[pk]), moves=True
            )
    return _render(request, lead, close_form=form, status=422)


@require_POST
@staff_only(May.WORK_LEADS)
def lead_reopen(request: StaffRequest, pk: int) -> HttpResponse:
    """It goes on."""
    lead = _lead(request, pk)
    try:
        leads.reopen(lead=lead, by=request.staff, now=clock.now())
    except leads.NotClosed as error:
        return done(request, str(error), to=_address(lead), moves=True)
    return done(request, _("Open again."), to=_address(lead), moves=True)


@require_POST
@staff_only(May.WORK_LEADS)
def lead_hand_over(request: StaffRequest, pk: int) -> HttpResponse:
    """Somebody else answers."""
    lead = _lead(request, pk)
    form = HandOverForm(request.POST, team=routing.team(request.staff.store_id))
    if form.is_valid():
        to = form.cleaned_data["to"]
        leads.hand_over(lead=lead, to=to, why=form.cleaned_data["why"], by=request.staff, now=clock.now())
        return done(
            request,
            _("%(name)s answers from now on.") % {"name": to.first_name},
            to=_address(lead),
            moves=True,
        )
    return _render(request, lead, hand_form=form, status=422)


@require_http_methods(["GET", "POST"])
@staff_only(May.WORK_LEADS)
def lead_new(request: StaffRequest) -> HttpResponse:
    """Somebody called or walked in."""
    form = NewLeadForm(request.POST if request.method == "POST" else None, initial=_known(request))
    if request.method == "POST" and form.is_valid():
        received = leads.take(
            store_id=request.staff.store_id,
            prospect=form.prospect(),
            now=clock.now(),
            came_by=leads.BY_PERSON,
            by=request.staff,
            may_text=form.cleaned_data["may_text"],
            spoken=form.cleaned_data["spoken"],
        )
        known = _("This lead was here already; it is brought up to date.")
        say = _("Noted.") if received.is_new else known
        return done(request, say, to=_address(received.lead), moves=True)
    status = 422 if form.is_bound else 200
    return render_page(request, "sales/lead_new.html", None, {"form": form}, status=status)


@require_safe
@staff_only(May.SEE_LEADS)
def customer_panel(request: StaffRequest, pk: int) -> HttpResponse:
    """A customer's leads and deals, for the customer's page; and a half-written introduction for whoever is new to them."""
    customer = get_object_or_404(Customer.objects.visible_to(request.staff).select_related("store"), pk=pk)
    staff = request.staff
    context = {
        "customer": customer,
        "rows": board.of_customer(staff, customer),
        "deals": deal_board.of_customer(customer) if staff.may(May.SEE_DEALS) else [],
        "introduction": introductions.half_written(customer, by=staff, now=clock.now()),
        "may_work": staff.may(May.WORK_LEADS),
        "may_deal": staff.may(May.WORK_DEALS),
    }
    return render_page(request, "sales/_customer_panel.html", "sales/_customer_panel.html", context)


def _lead(request: StaffRequest, pk: int) -> Lead:
    rows = Lead.objects.visible_to(request.staff).select_related(
        "customer__merged_into__merged_into", "owner"
    )
    return get_object_or_404(rows, pk=pk)


def _render(request: StaffRequest, lead: Lead, *, status: int = 200, **forms: Any) -> HttpResponse:
    customer = merging.living(lead.customer)
    points = ContactPoint.objects.visible_to(request.staff).filter(customer=customer, is_living=True)
    context = {
        "lead": lead,
        "customer": customer,
        "points": points.order_by("-kind", "-is_primary", "pk"),
        "trade_ins": lead.trade_ins.order_by("pk"),
        "arrivals": lead.arrivals.only("pk", "came_by", "received_at", "n_times", "repairs").order_by(
            "received_at"
        ),
        "automatic_after": lead.first_automatic_at - lead.received_at if lead.first_automatic_at else None,
        "deals": list(lead.deals.only("pk", "deal_number", "stage"))
        if request.staff.may(May.SEE_DEALS)
        else [],
        "may_work": request.staff.may(May.WORK_LEADS),
        "may_deal": request.staff.may(May.WORK_DEALS),
        "close_form": forms.get("close_form") or CloseForm(),
        "hand_form": forms.get("hand_form") or HandOverForm(team=routing.team(request.staff.store_id)),
    }
    return render_page(request, "sales/lead_detail.html", "sales/_lead_facts.html", context, status=status)


def _address(lead: Lead) -> str:
    return reverse("sales:lead_detail", args=[lead.pk])


def _known(request: StaffRequest) -> dict[str, str]:
    """What is known of the customer for whom the form was opened."""
    asked = request.GET.get("customer", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 16):
        return {}
    customer = Customer.objects.visible_to(request.staff).filter(pk=int(asked)).first()
    if customer is None:
        return {}
    points = customer.contact_points.filter(is_living=True).order_by("-is_primary", "pk")
    first_of = {point.kind: point.value for point in reversed(points)}
    return {
        "first": customer.first_name,
        "last": customer.last_name or customer.full_name,
        "phone": first_of.get(ContactPoint.Kind.PHONE, ""),
        "email": first_of.get(ContactPoint.Kind.EMAIL, ""),
    }
