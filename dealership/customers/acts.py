"""What people do to a customer's record: phones and e-mails, merging and its undoing. Each is one form that is posted."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dealership import clock
from dealership.customers import contact_points, merging
from dealership.customers.models import ContactPoint, Customer, Merge
from dealership.web import May, StaffRequest, done, refused, render_page, staff_only


@require_POST
@staff_only(May.WRITE_TO_CUSTOMERS)
def make_primary(request: StaffRequest, pk: int) -> HttpResponse:
    """This phone or e-mail is used first."""
    point = _point(request, pk)
    contact_points.make_primary(point=point, by=request.staff)
    return done(request, _("%(point)s is used first.") % {"point": point.value}, to=_page_of(point))


@require_POST
@staff_only(May.WRITE_TO_CUSTOMERS)
def give_up(request: StaffRequest, pk: int) -> HttpResponse:
    """This phone or e-mail is no longer theirs; it can be taken back."""
    point = _point(request, pk)
    contact_points.give_up(point=point, why=request.POST.get("why", ""), by=request.staff)
    undo = reverse("customers:take_back", args=[pk])
    return done(request, _("%(point)s is given up.") % {"point": point.value}, to=_page_of(point), undo=undo)


@require_POST
@staff_only(May.WRITE_TO_CUSTOMERS)
def take_back(request: StaffRequest, pk: int) -> HttpResponse:
    """A phone or e-mail that was given up is theirs again, unless somebody else has it by now."""
    point = _point(request, pk)
    try:
        contact_points.add(
            customer=point.customer, kind=point.kind, text=point.value, by=request.staff, now=clock.now()
        )
    except contact_points.Held as error:
        return refused(request, str(error), to=_page_of(point))
    undo = reverse("customers:give_up", args=[pk])
    return done(
        request, _("%(point)s is theirs again.") % {"point": point.value}, to=_page_of(point), undo=undo
    )


@require_safe
@staff_only(May.WRITE_TO_CUSTOMERS)
def twins(request: StaffRequest, pk: int) -> HttpResponse:
    """Who may be the same person, and what was merged into this one."""
    rows = Customer.objects.visible_to(request.staff).select_related("merged_into__merged_into")
    customer = get_object_or_404(rows, pk=pk)
    if customer.merged_into is not None:
        return redirect("customers:twins", merging.living(customer).pk)
    merges = (
        Merge.objects.visible_to(request.staff)
        .filter(winner_id__in=merging.family(customer), undone_at__isnull=True)
        .select_related("loser", "by")
        .order_by("-at")
    )
    context = {
        "customer": customer,
        "twins": merging.possible_twins(customer),
        "most_twins": merging.MOST_TWINS,
        "merges": merges,
    }
    return render_page(request, "customers/twins.html", None, context)


@require_POST
@staff_only(May.WRITE_TO_CUSTOMERS)
def merge(request: StaffRequest, pk: int) -> HttpResponse:
    """The other is this one from now on; it can be undone."""
    mine = Customer.objects.visible_to(request.staff)
    winner = get_object_or_404(mine, pk=pk)
    loser = get_object_or_404(mine, pk=_number(request.POST.get("other")))
    try:
        done = merging.merge(winner=winner, loser=loser, by=request.staff, now=clock.now())
    except merging.CannotMerge as error:
        messages.error(request, str(error))
        return redirect("customers:twins", pk)
    undo = reverse("customers:unmerge", args=[done.pk])
    said = _("%(loser)s is merged into %(winner)s.")
    said %= {"loser": loser.full_name, "winner": winner.full_name}
    messages.info(request, said, extra_tags=undo)
    return redirect("customers:customer_detail", pk)


@require_POST
@staff_only(May.WRITE_TO_CUSTOMERS)
def not_twins(request: StaffRequest, pk: int) -> HttpResponse:
    """They are two: nobody is asked about these again."""
    mine = Customer.objects.visible_to(request.staff)
    customer = get_object_or_404(mine, pk=pk)
    other = get_object_or_404(mine, pk=_number(request.POST.get("other")))
    merging.settle_twins(customer, other, now=clock.now())
    return redirect("customers:twins", pk)


@require_POST
@staff_only(May.WRITE_TO_CUSTOMERS)
def unmerge(request: StaffRequest, pk: int) -> HttpResponse:
    """Two again, as before."""
    row = get_object_or_404(Merge.objects.visible_to(request.staff), pk=pk)
    try:
        loser = merging.undo(merge=row, by=request.staff, now=clock.now())
    except merging.CannotUndo as error:
        messages.error(request, str(error))
        return redirect("customers:twins", row.winner_id)
    messages.info(request, _("%(name)s stands alone again.") % {"name": loser.full_name})
    return redirect("customers:customer_detail", row.winner_id)


def _page_of(point: ContactPoint) -> str:
    return reverse("customers:customer_detail", args=[point.customer_id])


def _point(request: StaffRequest, pk: int) -> ContactPoint:
    rows = ContactPoint.objects.visible_to(request.staff).select_related("customer")
    return get_object_or_404(rows, pk=pk)


def _number(text: str | None) -> int:
    """A key that a form sent; 0, which nobody has, for anything else."""
    return int(text) if text and text.isdecimal() and len(text) < 18 else 0
