"""Segments: saved ones, one being written with its live count, and how it stood before."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dealership import clock
from dealership.lists import asking
from dealership.lists.page import turn
from dealership.web import May, StaffRequest, done, render_page, staff_only
from marketing import conditions, segments
from marketing.forms import ConditionsForm, SegmentForm
from marketing.models import Segment
from marketing.segment_list import SEGMENTS

MOST_VERSIONS = 20


@require_safe
@staff_only(May.SEE_MARKETING)
def segment_list(request: StaffRequest) -> HttpResponse:
    """The store's segments in words, as they are asked; they are counted when one is opened."""
    context = {
        "list": turn(asking.read(SEGMENTS, request.GET), request.staff, clock.now()),
        "may_work": request.staff.may(May.WORK_MARKETING),
    }
    return render_page(request, "marketing/segment_list.html", None, context)


@require_http_methods(["GET", "POST"])
@staff_only(May.WORK_MARKETING)
def segment_new(request: StaffRequest) -> HttpResponse:
    """A segment is put together; the count follows while somebody types."""
    return _work(request, None)


@require_http_methods(["GET", "POST"])
@staff_only(May.SEE_MARKETING)
def segment_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One segment: who is meant now, its conditions, and how it stood before."""
    segment = get_object_or_404(Segment.objects.visible_to(request.staff), pk=pk)
    if request.method == "POST" and not request.staff.may(May.WORK_MARKETING):
        raise PermissionDenied(
            _("%(role)s may not %(thing)s.")
            % {"role": request.staff.role_label, "thing": May.WORK_MARKETING.words}
        )
    return _work(request, segment)


@require_safe
@staff_only(May.SEE_MARKETING)
def segment_count(request: StaffRequest) -> HttpResponse:
    """Part of the page of a segment: how many the conditions mean that are in the form now, saved or not."""
    context = _who(request, ConditionsForm(request.GET))
    return render_page(request, "marketing/_segment_count.html", None, context)


def _work(request: StaffRequest, segment: Segment | None) -> HttpResponse:
    if request.method == "POST":
        form = SegmentForm(request.POST)
        if form.is_valid() and (response := _save(request, segment, form)) is not None:
            return response
    elif "match" in request.GET:  # counted without scripts: the form comes back as it was
        form = SegmentForm(request.GET)
        form.errors.pop("name", None)
    else:
        form = SegmentForm(initial=SegmentForm.known(segment) if segment else {"match": "all"})
    asked = (
        form if form.is_bound else ConditionsForm(SegmentForm.known(segment) if segment else {"match": "all"})
    )
    context = {
        "segment": segment,
        "form": form,
        "versions": _versions(segment),
        "may_work": request.staff.may(May.WORK_MARKETING),
        **_who(request, asked),
    }
    status = 422 if request.method == "POST" else 200
    return render_page(request, "marketing/segment_detail.html", None, context, status=status)


def _save(request: StaffRequest, segment: Segment | None, form: SegmentForm) -> HttpResponse | None:
    typed = form.cleaned_data
    try:
        saved = segments.save(
            store_id=request.staff.store_id,
            segment=segment,
            name=typed["name"],
            match=typed["match"],
            conditions=form.conditions(),
            by=request.staff,
            now=clock.now(),
        )
    except segments.NoCondition as error:
        form.add_error(None, str(error))
    except segments.NameTaken as error:
        form.add_error("name", str(error))
    else:
        return done(request, _("Saved."), to=reverse("marketing:segment_detail", args=[saved.pk]), moves=True)
    return None


def _who(request: StaffRequest, form: ConditionsForm) -> dict[str, Any]:
    """Who is meant by what the form holds. Two queries."""
    if set(form.errors) - {"name", "__all__"}:
        return {"trouble": _("Mend what is marked, then they are counted.")}
    try:
        rows = segments.people(
            form.conditions(),
            match=form.cleaned_data.get("match") or "all",
            store_id=request.staff.store_id,
            now=clock.now(),
        )
    except segments.NoCondition as error:
        return {"trouble": str(error)}
    return {
        "size": segments.size(rows, exact="exact" in request.GET),
        "people": segments.preview(rows),
        "words": conditions.words(form.conditions()),
        "is_any": form.cleaned_data.get("match") == "any",
    }


def _versions(segment: Segment | None) -> list[tuple[Any, list[str]]]:
    if segment is None:
        return []
    rows = segment.versions.select_related("by").order_by("-at", "-pk")[:MOST_VERSIONS]
    return [(row, conditions.words(row.conditions)) for row in rows]
