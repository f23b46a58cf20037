"""What the technician finds, what the customer is asked, and what they decide."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from dealership import clock
from dealership.messaging import outbox, photos
from dealership.messaging.wording import clean
from dealership.web import May, StaffRequest, done, render_page, staff_only
from service import approvals, estimates, inspections, ro_photos, tellings
from service.facts import NotOpen
from service.forms import TEXT, AddForm, EstimateForm, FoundForm, InspectionForm, PhotoForm
from service.models import Recommendation, RepairOrder
from service.views.repair_orders import find_ro, page_of, show_ro

#: So many rows has the inspection's form; more is said to the advisor.
ROWS = 6


@require_http_methods(["GET", "POST"])
@staff_only(May.INSPECT)
def inspection(request: StaffRequest, pk: int) -> HttpResponse:
    """The technician writes down what was found, in colours."""
    ro = find_ro(request, pk)
    data = request.POST if request.method == "POST" else None
    form = InspectionForm(data)
    rows = [FoundForm(data, prefix=f"row{n}") for n in range(1, ROWS + 1)]
    if data is not None and all([form.is_valid(), *(row.is_valid() for row in rows)]):
        try:
            inspections.record(
                ro,
                found=[found for row in rows if (found := row.found)],
                n_green=form.cleaned_data["n_green"],
                note=clean(form.cleaned_data["note"]),
                by=request.staff,
                now=clock.now(),
            )
        except (NotOpen, inspections.NothingInspected, inspections.InspectedAlready) as error:
            form.add_error("n_green", str(error))
        else:
            return done(
                request,
                _("The inspection of RO %(number)s is written down.") % {"number": ro.ro_number},
                to=page_of(ro),
            )
    context = {"ro": ro, "form": form, "rows": rows, "now": clock.now()}
    status = 200 if data is None else 422
    return render_page(request, "service/inspection.html", None, context, status=status)


@require_POST
@staff_only(May.WORK_SERVICE)
def add_finding(request: StaffRequest, pk: int) -> HttpResponse:
    """A line that was found since, or that the advisor recommends."""
    ro = find_ro(request, pk)
    form = AddForm(request.POST, auto_id="add_%s")
    if form.is_valid() and (found := form.found):
        try:
            inspections.add(ro, found, price_cents=form.price_cents, now=clock.now())
        except (NotOpen, inspections.NothingInspected) as error:
            form.add_error("description", str(error))
        else:
            return done(
                request, _("%(work)s: to be presented.") % {"work": found.description}, to=page_of(ro)
            )
    return show_ro(request, ro, forms={"add_form": form}, status=422)


@require_POST
@staff_only(May.INSPECT)
def add_photo(request: StaffRequest, pk: int) -> HttpResponse:
    """A photo of the car, or of the line that the form names, from the camera of whoever stands beside it."""
    ro = find_ro(request, pk)
    named = request.POST.get("line", "")
    line = get_object_or_404(ro.recommendations, pk=int(named)) if _is_key(named) else None
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return show_ro(request, ro, trouble=" ".join(map(str, form.errors["photos"])), status=422)
    n = ro_photos.keep(ro, drawn=form.cleaned_data["photos"], line=line, by=request.staff, now=clock.now())
    say = ngettext("The photo is on RO %(number)s.", "%(n)s photos are on RO %(number)s.", max(n, 1))
    return done(request, say % {"n": n, "number": ro.ro_number}, to=page_of(ro))


@require_http_methods(["GET", "POST"])
@staff_only(May.WORK_SERVICE)
def estimate(request: StaffRequest, pk: int) -> HttpResponse:
    """The lines, their prices and the text in which the customer is asked."""
    ro = find_ro(request, pk)
    lines = estimates.undecided(ro)
    data = request.POST if request.method == "POST" else None
    hello = tellings.draft(ro, "estimate_hello", by=request.staff, now=clock.now())
    known = {"body": hello, "key": tellings.fresh_key()}
    form = EstimateForm(data, lines=lines, language=tellings.language_of(ro), initial=known)
    if data is not None and form.is_valid() and (say := _send(request, ro, form)):
        return done(request, say, to=page_of(ro))
    shown = photos.of_subject(ro.store_id, f"ro:{ro.ro_number}")
    n_photos = sum(len(shown.get(ro_photos.about(line.pk), ())) for line in lines)
    context = {"ro": ro, "form": form, "n_photos": n_photos, "now": clock.now()}
    status = 200 if data is None else 422
    return render_page(request, "service/estimate.html", None, context, status=status)


@require_POST
@staff_only(May.WORK_SERVICE)
def decide(request: StaffRequest, pk: int) -> HttpResponse:
    """The customer said yes or no to a line on the phone, or face to face."""
    line = _line(request, pk)
    approved, how = request.POST.get("decision") == "yes", request.POST.get("how", "")
    try:
        if request.POST.get("decision") not in ("yes", "no"):
            raise approvals.CannotDecide(_("Say whether they want it."))
        approvals.decide(line, approved=approved, how=how, by=request.staff, now=clock.now())
    except (NotOpen, approvals.CannotDecide) as error:
        return show_ro(request, find_ro(request, line.ro_id), trouble=str(error), status=422)
    say = _("%(work)s: approved.") if approved else _("%(work)s: declined.")
    return done(request, say % {"work": line.description}, to=page_of(line.ro))


def _send(request: StaffRequest, ro: RepairOrder, form: EstimateForm) -> str:
    """What was done, in words; "" where the form says why not."""
    typed, by, now = form.cleaned_data, request.staff, clock.now()
    try:
        if form.by_text:
            hello, key = clean(typed["body"]), str(typed["key"])
            with_photos = typed["with_photos"]
            estimates.send(
                ro, prices=form.prices, hello=hello, key=key, with_photos=with_photos, by=by, now=now
            )
            return _("The estimate is on its way.")
        estimates.present(ro, prices=form.prices, how=typed["how"] or TEXT, by=by, now=now)
        return _("Kept on record: the estimate was presented.")
    except (NotOpen, estimates.CannotEstimate, outbox.NoNumber, outbox.NothingToSay, outbox.TooLong) as error:
        form.add_error("body", str(error))
        return ""


def _is_key(text: str) -> bool:
    return text.isdecimal() and text.isascii() and len(text) < 19


def _line(request: HttpRequest, pk: int) -> Recommendation:
    rows = Recommendation.objects.visible_to(request.staff).select_related("ro")  # type: ignore[attr-defined]
    return get_object_or_404(rows, pk=pk)
