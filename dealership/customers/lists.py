"""What is done with the list of customers: taken away as a file, given to a colleague."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from dealership import clock, limits, spreadsheet
from dealership.customers import giving, people
from dealership.customers.listing import CUSTOMERS
from dealership.limits import limited
from dealership.lists import asking, bulk
from dealership.lists.page import table
from dealership.staff.models import StaffMember
from dealership.stores.models import Department
from dealership.web import May, StaffRequest, done, render_page, staff_only


class GiveForm(forms.Form):
    """To whom, in which department, and how many were seen when that was said."""

    department = forms.ChoiceField(label="Department", choices=Department.choices)
    to = forms.ModelChoiceField(label="Colleague", queryset=StaffMember.objects.none(), empty_label=None)
    n = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, staff: StaffMember, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people_here = StaffMember.objects.visible_to(staff).filter(is_active=True).order_by("name")
        self.fields["to"].queryset = people_here  # type: ignore[attr-defined]


@require_safe
@staff_only(May.SEE_CUSTOMERS)
@limited(limits.EXPORT)
def customer_export(request: StaffRequest) -> HttpResponse:
    """What is seen on the list, all pages of it."""
    now = clock.now()
    found = table(asking.read(CUSTOMERS, request.GET), request.staff, now)
    day = now.astimezone(request.staff.store.tz).date()
    return spreadsheet.answer(request, f"customers-{day:%Y-%m-%d}", found)


@require_http_methods(["GET", "POST"])
@staff_only(May.REASSIGN)
def give(request: StaffRequest) -> HttpResponse:
    """Those who are ticked, or all that match, get another person of record: first seen, then done, and taken back if need be."""
    staff, now = request.staff, clock.now()
    asked = asking.read(CUSTOMERS, request.GET)
    back = f"{reverse('customers:customer_list')}?{asked.address()}"
    try:
        rows = bulk.chosen(asked, request.GET, staff, now)
    except bulk.BulkError as error:
        messages.warning(request, str(error))
        return redirect(back)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    form = GiveForm(request.POST if request.method == "POST" else None, staff=staff)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        if told["n"] != len(keys):
            form.add_error(None, f"Now {CUSTOMERS.count_of(len(keys))} match. Look once more.")
        else:
            try:
                act = giving.give(
                    keys=keys, department=Department(told["department"]), to=told["to"], by=staff, now=now
                )
                return done(
                    request,
                    f"{act.says}.",
                    to=back,
                    undo=reverse("lists:take_back", args=[act.pk]),
                    moves=True,
                )
            except people.OtherStore as error:
                form.add_error("to", str(error))
    counted = CUSTOMERS.count_of(len(keys))
    preview = bulk.Preview(
        title=f"Give {counted} to a colleague",
        sub="Their person of record changes; what is owed to them stays where it is",
        button=f"Give {counted}",
        hint="Whoever is this colleague’s already stays so. It can be taken back for an hour.",
        n=len(keys),
        named=[
            (reverse("customers:customer_detail", args=[row.pk]), row.full_name, row.city)
            for row in rows.order_by("full_name", "pk")[: bulk.NAMED]
        ],
        query=request.GET.urlencode(),
        back=back,
    )
    status = 422 if form.is_bound else 200
    return render_page(request, "lists/act.html", None, {"form": form, "act": preview}, status=status)
