"""Keeping and forgetting views of lists, and taking back what was done to many rows."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dealership import clock
from dealership.lists import asking, bulk, registry, saved
from dealership.lists.models import BulkAct, SavedView
from dealership.web import May, StaffRequest, done, staff_only


class ViewForm(forms.Form):
    """A view's name, and what it asks."""

    name = forms.CharField(max_length=40)
    query = forms.CharField(max_length=600, required=False)
    for_all = forms.BooleanField(required=False)


@require_POST
@staff_only()
def keep_view(request: StaffRequest, key: str) -> HttpResponse:
    """This list as it is asked now, under a name."""
    shape = registry.shape_or_404(key, request.staff)
    form = ViewForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Give the view a name of at most 40 letters."))
        return redirect(shape.url)
    told = form.cleaned_data
    asked = asking.read(shape, QueryDict(told["query"]))
    there = f"{shape.url}?{asked.address()}"
    try:
        view = saved.keep(
            asked=asked, name=told["name"], for_all=told["for_all"], by=request.staff, now=clock.now()
        )
    except saved.ViewError as error:
        messages.warning(request, str(error))
        return redirect(there)
    return done(request, _("%(name)s is kept.") % {"name": view.name}, to=there, moves=True)


@require_POST
@staff_only()
def forget_view(request: StaffRequest, pk: int) -> HttpResponse:
    """One's own; the store's, for managers."""
    rows = SavedView.objects.visible_to(request.staff).filter(Q(owner=None) | Q(owner=request.staff))
    view = get_object_or_404(rows, pk=pk)
    shape = registry.shape_or_404(view.list_key, request.staff)
    try:
        saved.forget(view=view, by=request.staff)
    except saved.ViewError as error:
        messages.warning(request, str(error))
        return redirect(shape.url)
    return done(request, _("%(name)s is forgotten.") % {"name": view.name}, to=shape.url, moves=True)


@require_POST
@staff_only()
def take_back(request: StaffRequest, pk: int) -> HttpResponse:
    """Undo of an act on many rows: by whoever did it, or a manager."""
    act = get_object_or_404(BulkAct.objects.visible_to(request.staff), pk=pk)
    if act.by_id != request.staff.pk and not request.staff.may(May.REASSIGN):
        raise PermissionDenied(_("Whoever did it takes it back, or a manager."))
    there = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(there, {request.get_host()}):
        there = "/"
    try:
        n = bulk.take_back(act, by=request.staff, now=clock.now())
    except bulk.BulkError as error:
        messages.warning(request, str(error))
        return redirect(there)
    some = _("%(n)s of %(all)s are as they were; the rest changed since.") % {"n": n, "all": act.n}
    said = _("All as it was.") if n == act.n else some
    return done(request, said, to=there)
