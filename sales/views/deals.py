"""The board of deals, one deal, and what people do with it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dealership import clock
from dealership.customers import merging
from dealership.customers import search as customer_search
from dealership.customers.models import Customer
from dealership.messaging.wording import clean
from dealership.staff.roles import Role
from dealership.web import May, StaffRequest, done, render_page, staff_only
from sales import deal_board as reads
from sales import deal_listing, deals, deliveries, routing
from sales.deal_forms import MendForm, NewDealForm, PlanForm, WeOweForm, WhyForm
from sales.models import Deal, Lead, WeOwe


@require_safe
@staff_only(May.SEE_DEALS)
def deal_board(request: StaffRequest) -> HttpResponse:
    """Deals from the desk to the delivery; each figure and each lane opens the list behind it."""
    now = clock.now()
    context: dict[str, Any] = {
        "board": reads.board(request.staff, now),
        "most": reads.MOST_DEALS,
        "behind": {figure: deal_listing.address(figure) for figure in deal_listing.BEHIND},
        "now": now,
        "may_work": request.staff.may(May.WORK_DEALS),
    }
    return render_page(request, "sales/deal_board.html", "sales/_deal_board.html", context)


@require_http_methods(["GET", "POST"])
@staff_only(May.WORK_DEALS)
def deal_new(request: StaffRequest) -> HttpResponse:
    """A deal is begun: first the customer, then the car and who sells it. `?lead=` and `?customer=` say for whom."""
    lead, customer = _for_whom(request)
    if customer is None:
        text = clean(request.GET.get("q", "")).strip()[:80]
        hits = customer_search.find(request.staff, text, limit=20) if text else []
        return render_page(request, "sales/deal_customer.html", None, {"text": text, "hits": hits})
    team = routing.team(request.staff.store_id)
    form = NewDealForm(request.POST or None, team=team, initial=_known(request, lead))
    if request.method == "POST" and form.is_valid():
        now, typed = clock.now(), form.cleaned_data
        deal = deals.write(
            customer=customer,
            vehicle=deals.car_of(
                store_id=request.staff.store_id,
                vin=typed["vin"],
                stock_number=typed["stock_number"],
                now=now,
            ),
            car=typed["car"],
            stock_number=typed["stock_number"],
            condition=typed["condition"],
            deal_type=typed["deal_type"],
            co_buyer_name=typed["co_buyer_name"],
            salesperson=typed["salesperson"],
            desk_manager=request.staff if request.staff.role == Role.SALES_MANAGER else None,
            lead=lead,
            by=request.staff,
            now=now,
        )
        return done(
            request,
            _("Deal %(number)s is written.") % {"number": deal.deal_number},
            to=_address(deal),
            moves=True,
        )
    context = {"form": form, "customer": customer, "lead": lead}
    status = 422 if request.method == "POST" else 200
    return render_page(request, "sales/deal_new.html", None, context, status=status)


@require_safe
@staff_only(May.SEE_DEALS)
def deal_by_number(request: StaffRequest, number: str) -> HttpResponse:
    """The page of the deal of this number, for whoever knows that alone."""
    return redirect(
        "sales:deal_detail", get_object_or_404(Deal.objects.visible_to(request.staff), deal_number=number).pk
    )


@require_safe
@staff_only(May.SEE_DEALS)
def deal_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One deal: who buys what, how far F&I is, the delivery and its first service visit, what is owed with it."""
    return render(request, find(request, pk))


@require_POST
@staff_only(May.WORK_DEALS)
def deal_agree(request: StaffRequest, pk: int) -> HttpResponse:
    """The customer agreed: they wait for F&I."""
    deal = find(request, pk)
    try:
        deals.agree(deal, by=request.staff, now=clock.now())
    except deals.DealEnded as error:
        return render(request, deal, trouble=str(error), status=422)
    return done(request, _("Agreed. F&I knows that they wait."), to=_address(deal), moves=True)


@require_POST
@staff_only(May.WORK_DEALS)
def deal_mend(request: StaffRequest, pk: int) -> HttpResponse:
    """What F&I had found missing is here."""
    deal, form = find(request, pk), MendForm(request.POST)
    if form.is_valid():
        try:
            deals.mend(deal, what=form.cleaned_data["what"], by=request.staff, now=clock.now())
        except (deals.DealEnded, deals.NothingMissing, deals.NoReason) as error:
            form.add_error("what", str(error))
        else:
            return done(request, _("Handed over to F&I again."), to=_address(deal), moves=True)
    return render(request, deal, mend_form=form, status=422)


@require_POST
@staff_only(May.WORK_DEALS)
def deal_lose(request: StaffRequest, pk: int) -> HttpResponse:
    """It ends without a sale, or is unwound."""
    deal, form = find(request, pk), WhyForm(request.POST)
    if form.is_valid():
        try:
            ended = deals.lose(deal, why=form.cleaned_data["why"], by=request.staff, now=clock.now())
        except deals.NoReason as error:
            form.add_error("why", str(error))
        else:
            say = _("Deal %(number)s is %(stage)s.") % {
                "number": deal.deal_number,
                "stage": ended.get_stage_display(),
            }
            return done(request, say, to=_address(deal), moves=True)
    return render(request, deal, lose_form=form, status=422)


@require_POST
@staff_only(May.WORK_DEALS)
def deal_plan(request: StaffRequest, pk: int) -> HttpResponse:
    """The hour of the delivery."""
    deal, form = find(request, pk), PlanForm(request.POST, zone=request.staff.store.tz)
    if form.is_valid():
        try:
            planned = deals.plan_delivery(deal, at=form.at, by=request.staff, now=clock.now())
        except (deals.DealEnded, deals.AlreadyDelivered, deals.InThePast) as error:
            form.add_error("time", str(error))
        else:
            say = _("The delivery is planned.")
            if planned.first_service_at is None:
                say += " " + _("Their first service visit is not set yet.")
            return done(request, say, to=_address(deal), moves=True)
    return render(request, deal, plan_form=form, status=422)


@require_POST
@staff_only(May.WORK_DEALS)
def deal_deliver(request: StaffRequest, pk: int) -> HttpResponse:
    """The customer drives away."""
    deal = find(request, pk)
    try:
        delivered = deliveries.deliver(deal, by=request.staff, now=clock.now())
    except (deals.DealEnded, deliveries.NotAgreed) as error:
        return render(request, deal, trouble=str(error), status=422)
    say = _("Delivered. Their first service visit is set.")
    if delivered.first_service_at is None:
        say = _("Delivered. Their first service visit is not set: book it while they are here.")
    return done(request, say, to=_address(deal), moves=True)


# --- shared with the we-owes ---------------------------------------------------------------------------------------------------


def find(request: StaffRequest, pk: int) -> Deal:
    """The deal, if this person may see it; else 404."""
    rows = (
        Deal.objects.visible_to(request.staff)
        .select_related(
            "customer__merged_into__merged_into", "vehicle", "salesperson", "desk_manager", "lead"
        )
        .defer("history")
    )
    return get_object_or_404(rows, pk=pk)


def render(
    request: StaffRequest, deal: Deal, *, trouble: str = "", status: int = 200, **bound: Any
) -> HttpResponse:
    """The page of a deal, with the forms that failed. Five queries of its own."""
    zone = request.staff.store.tz
    planned = deal.delivery_at.astimezone(zone) if deal.delivery_at else None
    team = list(routing.team(request.staff.store_id)) if request.staff.may(May.WORK_DEALS) else []
    context: dict[str, Any] = {
        "deal": deal,
        "customer": merging.living(deal.customer),
        "trades": list(deal.trades.select_related("vehicle").order_by("pk")),
        "we_owes": list(deal.we_owes.select_related("owner").order_by("state", "promised_at")),
        "owed_open": WeOwe.State.OPEN,
        "trouble": trouble,
        "now": clock.now(),
        "may_work": request.staff.may(May.WORK_DEALS),
        "may_book": request.staff.may(May.BOOK),
        "may_see_fni": request.staff.may(May.SEE_FNI),
        "plan_form": PlanForm(
            zone=zone,
            auto_id="plan_%s",
            initial={"day": planned.date(), "time": planned.time()} if planned else None,
        ),
        "owe_form": WeOweForm(
            team=routing.team(request.staff.store_id),
            auto_id="owe_%s",
            initial={"owner": deal.salesperson_id or request.staff.pk},
        ),
        "team": team,
        "mend_form": MendForm(auto_id="mend_%s"),
        "lose_form": WhyForm(auto_id="lose_%s"),
        "asked": 0,
        **bound,
    }
    return render_page(request, "sales/deal_detail.html", "sales/_deal.html", context, status=status)


def _address(deal: Deal) -> str:
    return reverse("sales:deal_detail", args=[deal.pk])


def _for_whom(request: StaffRequest) -> tuple[Lead | None, Customer | None]:
    lead = _asked(request, "lead", Lead.objects.visible_to(request.staff).select_related("customer"))
    if lead is not None:
        return lead, merging.living(lead.customer)
    customer = _asked(
        request, "customer", Customer.objects.visible_to(request.staff).select_related("merged_into")
    )
    return None, merging.living(customer) if customer is not None else None


def _asked(request: StaffRequest, name: str, rows: Any) -> Any:
    text = request.GET.get(name, "") or request.POST.get(name, "")
    return (
        get_object_or_404(rows, pk=int(text))
        if text.isascii() and text.isdigit() and len(text) < 16
        else None
    )


def _known(request: StaffRequest, lead: Lead | None) -> dict[str, Any]:
    known: dict[str, Any] = {
        "salesperson": request.staff.pk if request.staff.role == Role.SALESPERSON else None,
    }
    if lead is not None:
        known |= {
            "stock_number": lead.stock_number[:24],
            "vin": lead.vin,
            "car": lead.vehicle_label[:120],
            "condition": lead.condition if lead.condition in Deal.Condition.values else "",
        }
        if lead.owner_id and known["salesperson"] is None:
            known["salesperson"] = lead.owner_id
    return known
