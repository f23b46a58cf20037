"""How texting stands: the story of one text, and the store's number with its pace, its queue and the carrier's books."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Count, Min, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dealership import clock
from dealership.customers.models import Customer
from dealership.language import later
from dealership.messaging import advice, board, carrier_calls, pace, photos, proofs, story
from dealership.messaging.models import CarrierCheck, Message, Purpose, Sender
from dealership.messaging.retold import retold
from dealership.staff.models import StaffMember
from dealership.web import May, StaffRequest, done, render_page, staff_only

MOST_CHECKS = 8
State = Message.State


class RateForm(forms.Form):
    """What the carrier lets the store's number send."""

    segments_per_second = forms.DecimalField(
        label=later("Segments a second"),
        required=False,
        min_value=Decimal("0.1"),
        max_value=Decimal(500),
        decimal_places=2,
        help_text=later(
            "1 for a plain long code, more for a registered campaign or a short code. Empty: the usual."
        ),
    )


@require_GET
@staff_only(May.SEE_CUSTOMERS)
def text_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """What happened to one text, step by step. 2 queries beside the sign-in."""
    rows = Message.objects.visible_to(request.staff).select_related(
        "conversation__store", "customer", "author"
    )
    message = get_object_or_404(rows, pk=pk)
    context = {
        "message": message,
        "steps": story.of(message),
        "photos": photos.of_messages(message.store_id, [pk] if message.media else []).get(pk, []),
        "purpose": Purpose(message.purpose).label,
        "advice": advice.of(message),
        "again": advice.can_be_written_again(message) and request.staff.may(May.WRITE_TO_CUSTOMERS),
        "fate": "" if message.is_inbound else board.fate(message, message.conversation, clock.now()),
    }
    return render_page(request, "messaging/text_detail.html", None, context)


@require_GET
@staff_only(May.SEE_CUSTOMERS)
def consent_panel(request: StaffRequest, pk: int) -> HttpResponse:
    """The customer page's part: what may be texted to them, with its proof. 5 queries beside the sign-in."""
    customer = get_object_or_404(Customer.objects.visible_to(request.staff), pk=pk)
    now = clock.now()
    context = {"customer": customer, "numbers": proofs.of(customer, request.staff, now=now), "now": now}
    return render_page(request, "messaging/consent_panel.html", "messaging/_consent_panel.html", context)


@require_http_methods(["GET", "POST"])
@staff_only(May.MANAGE_STAFF)
def texting(request: StaffRequest) -> HttpResponse:
    """The store's number: may it send, how fast, what waits, and what the carrier's books said. 5 queries beside the sign-in."""
    form = RateForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        rate = form.cleaned_data["segments_per_second"]
        pace.set_rate(request.staff.store_id, rate)
        words = _("%(n)s segments a second.") % {"n": f"{rate:g}"} if rate else _("The usual pace.")
        return done(request, words, to=reverse("messaging:texting"), moves=True)
    context = _texting(request.staff, form)
    return render_page(request, "messaging/texting.html", None, context, status=422 if form.is_bound else 200)


def _texting(staff: StaffMember, form: RateForm) -> dict[str, Any]:
    now = clock.now()
    sender = Sender.objects.visible_to(staff).first() or Sender(store_id=staff.store_id)
    if not form.is_bound:
        form = RateForm(initial={"segments_per_second": sender.segments_per_second})
    offers = Q(purpose=Purpose.MARKETING)
    due = Q(state=State.QUEUED, send_after__lte=now)
    waiting = (
        Message.objects.visible_to(staff)
        .filter(state__in=[State.QUEUED, State.SENDING, State.UNKNOWN])
        .aggregate(
            due=Count("pk", filter=due & ~offers),
            offers=Count("pk", filter=due & offers),
            later=Count("pk", filter=Q(state=State.QUEUED, send_after__gt=now)),
            doubtful=Count("pk", filter=Q(state=State.UNKNOWN)),
            oldest=Min("send_after", filter=due),
        )
    )
    checks = CarrierCheck.objects.visible_to(staff).order_by("-at", "-pk")
    return {
        "store": staff.store,
        "sender": sender,
        "rests": pace.is_resting(sender, now),
        "rate": pace.rate(sender),
        "form": form,
        "waiting": waiting,
        "rests_why": retold(sender.rests_why),
        "checks": [
            (check, retold(check.trouble), [retold(said) for said in check.named[:3]])
            for check in checks[:MOST_CHECKS]
        ],
        "n_parked": carrier_calls.parked([staff.store.text_number]).count(),
    }
