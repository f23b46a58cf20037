"""The card of who a customer is: read, and changed in place, one thing at a time, each saved by itself with its undo."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dealership import clock
from dealership.customers import contact_points, giving, merging, people, records, remarks
from dealership.customers.forms import (
    LANGUAGES,
    AddressForm,
    ContactPointForm,
    LanguageForm,
    NameForm,
    PersonForm,
)
from dealership.customers.models import ContactPoint, Customer, CustomerPerson
from dealership.language import later
from dealership.stores.models import Department
from dealership.web import May, StaffRequest, done, refused, render_page, shown_done, staff_only

#: What is changed by itself, and who may. A phone or an e-mail that is there is called "point-" and its key.
MAY: dict[str, May] = {
    "name": May.WRITE_TO_CUSTOMERS,
    "address": May.WRITE_TO_CUSTOMERS,
    "language": May.WRITE_TO_CUSTOMERS,
    "contact": May.WRITE_TO_CUSTOMERS,
    "sales": May.REASSIGN,
    "service": May.REASSIGN,
}
_FORMS: dict[str, type[NameForm | AddressForm | LanguageForm]] = {
    "name": NameForm,
    "address": AddressForm,
    "language": LanguageForm,
}
_SAID = {
    "name": later("The name is changed."),
    "address": later("The address is changed."),
    "language": later("The language is changed."),
}
#: What was changed, in the session of whoever changed it: the last so many can be undone.
EDITS, MOST_EDITS = "edits", 10


@require_http_methods(["GET", "POST"])
@staff_only(May.SEE_CUSTOMERS)
def about(request: StaffRequest, pk: int) -> HttpResponse:
    """The card, with the form of what `edit` names open; posted, that is saved. Six queries beside the sign-in at most."""
    rows = Customer.objects.visible_to(request.staff).select_related("store", "merged_into__merged_into")
    customer = merging.living(get_object_or_404(rows, pk=pk))
    asked = request.POST if request.method == "POST" else request.GET
    part = str(asked.get("edit", ""))[:40]
    point = _point(request, customer, part)
    if part and not request.staff.may(MAY["contact" if point else part]):
        raise PermissionDenied
    if request.method == "POST":
        return _save(request, customer, part, point)
    form = _form(request, customer, part, point, None) if part else None
    return _page(request, customer, editing=part, form=form)


@require_POST
@staff_only(May.WRITE_TO_CUSTOMERS)
def undo_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """What this person has just changed is as it was, unless somebody has changed it since."""
    customer = get_object_or_404(Customer.objects.visible_to(request.staff), pk=pk)
    to = reverse("customers:customer_detail", args=[pk])
    edits = request.session.get(EDITS, {})
    edit = edits.get(request.GET.get("edit", ""))
    if edit is None or edit["of"] != pk:
        return refused(request, _("This can no longer be undone here."), to=to)
    try:
        if "points" in edit:
            mine = ContactPoint.objects.visible_to(request.staff).select_related("customer")
            old, fresh = (get_object_or_404(mine, pk=key) for key in edit["points"])
            contact_points.put_back(old=old, fresh=fresh, by=request.staff, now=clock.now())
        else:
            records.change(customer=customer, told=edit["was"], still=edit["now"], by=request.staff)
    except (records.ChangedSince, contact_points.Held) as error:
        return refused(request, str(error), to=to)
    request.session[EDITS] = {key: one for key, one in edits.items() if one is not edit}
    return done(request, _("It is as it was."), to=to)


def card(request: StaffRequest, customer: Customer, family: Collection[int]) -> dict[str, Any]:
    """What the card and the head of the page show. Two queries, and what the remarks ask."""
    staff, now = request.staff, clock.now()
    points = list(
        ContactPoint.objects.visible_to(staff)
        .filter(customer_id__in=family)
        .order_by("-is_living", "-kind", "-is_primary", "pk")
    )
    theirs = CustomerPerson.objects.visible_to(staff).filter(customer_id__in=family).select_related("staff")
    return {
        "customer": customer,
        "now": now,
        "phones": [p for p in points if p.kind == ContactPoint.Kind.PHONE],
        "emails": [p for p in points if p.kind == ContactPoint.Kind.EMAIL],
        "living": [(f"point-{p.pk}", p) for p in points if p.is_living],
        "gone": [p for p in points if not p.is_living],
        "remarks": remarks.of(customer, points, now=now),
        "people": _people(list(theirs.order_by("-since"))),
        "speaks": dict(LANGUAGES).get(customer.language, customer.language),
        "may": [name for name, needs in MAY.items() if staff.may(needs)],
    }


def _people(rows: list[CustomerPerson]) -> list[tuple[str, str, list[CustomerPerson]]]:
    """By department: what the person is called there, and who it is. A salesperson and an advisor are asked for always."""
    called = {Department.SALES: _("Salesperson"), Department.SERVICE: _("Advisor")}
    found = []
    for department in Department:
        here = [row for row in rows if row.department == department]
        if here or department in called:
            found.append((department.value, called.get(department, department.label), here))
    return found


def _page(
    request: StaffRequest,
    customer: Customer,
    *,
    editing: str = "",
    form: forms.Form | None = None,
    holder: Customer | None = None,
    saved: str = "",
) -> HttpResponse:
    if form is not None:
        next(iter(form.fields.values())).widget.attrs["autofocus"] = True
    context = {
        **card(request, customer, merging.family(customer)),
        "editing": editing,
        "form": form,
        "holder": holder,
        "saved": saved,
    }
    status = 422 if form is not None and form.is_bound else 200
    return render_page(request, "customers/about.html", "customers/_about_part.html", context, status=status)


def _point(request: StaffRequest, customer: Customer, part: str) -> ContactPoint | None:
    """The phone or e-mail that is meant, of this customer or of who was merged into them; 404 for what is nothing at all."""
    if not part or part in MAY:
        return None
    word, __, key = part.partition("-")
    if word != "point" or not key.isdecimal() or len(key) > 18:
        raise Http404(_("There is nothing of this name to change."))
    mine = ContactPoint.objects.visible_to(request.staff).select_related("customer")
    return get_object_or_404(mine, pk=int(key), customer_id__in=merging.family(customer))


def _form(
    request: StaffRequest,
    customer: Customer,
    part: str,
    point: ContactPoint | None,
    data: Mapping[str, Any] | None,
) -> forms.Form:
    common: dict[str, Any] = {"data": data, "auto_id": "about_%s"}
    if part in ("sales", "service"):
        return PersonForm(staff=request.staff, department=Department(part), **common)
    if part == "contact" or point is not None:
        known = {"text": point.value, "label": point.label} if point else {}
        return ContactPointForm(initial=known, **common)
    first, last = customer.first_name, customer.last_name
    if not (first or last):
        # Known by one name alone: a person's is parted at its last word.
        first, __, last = (
            ("", "", customer.full_name) if customer.is_business else customer.full_name.rpartition(" ")
        )
    known = {"first": first, "last": last}
    known |= {name: getattr(customer, name) for name in (*records.ADDRESS, "language")}
    return _FORMS[part](initial=known, **common)


def _save(request: StaffRequest, customer: Customer, part: str, point: ContactPoint | None) -> HttpResponse:
    if not part:
        raise Http404(_("Nothing was named."))
    form, holder, told = _form(request, customer, part, point, request.POST), None, None
    if form.is_valid():
        try:
            told = _do(request, customer, part, point, form)
        except contact_points.Held as error:
            form.add_error("text", str(error))
            holder = error.holder
        except contact_points.Unreadable as error:
            form.add_error("text", str(error))
        except people.OtherStore as error:
            form.add_error("to", str(error))
    if told is None:
        return _page(request, customer, editing=part, form=form, holder=holder)
    say, undo = told
    if not request.htmx:
        return done(request, say, to=reverse("customers:customer_detail", args=[customer.pk]), undo=undo)
    customer.refresh_from_db()
    reaches = part == "contact" or point is not None
    return shown_done(request, _page(request, customer, saved=part), say, undo=undo, elsewhere=reaches)


def _do(
    request: StaffRequest, customer: Customer, part: str, point: ContactPoint | None, form: forms.Form
) -> tuple[str, str]:
    """Saves it; what is said of it, and the address that undoes it."""
    staff, now, typed = request.staff, clock.now(), form.cleaned_data
    if isinstance(form, PersonForm):
        act = giving.give(keys=[customer.pk], department=Department(part), to=typed["to"], by=staff, now=now)
        said = _("%(name)s looks after them now.") % {"name": typed["to"].name}
        return said, reverse("lists:take_back", args=[act.pk])
    if isinstance(form, ContactPointForm):
        if point is None:
            added = contact_points.add(
                customer=customer, kind=form.kind, text=typed["text"], label=typed["label"], by=staff, now=now
            )
            said = _("%(point)s is added.") % {"point": typed["text"]}
            return said, reverse("customers:give_up", args=[added.pk])
        fresh, is_other = contact_points.correct(
            point=point, text=typed["text"], label=typed["label"], by=staff, now=now
        )
        undo = _kept(request, customer, {"points": [point.pk, fresh.pk]}) if is_other else ""
        return (_("It is corrected.") if is_other else _("It is noted.")), undo
    told: dict[str, str] = form.told()  # type: ignore[attr-defined]
    was = records.change(customer=customer, told=told, by=staff)
    return str(_SAID[part]), _kept(request, customer, {"was": was, "now": told})


def _kept(request: StaffRequest, customer: Customer, edit: dict[str, Any]) -> str:
    """Remembers how it was; the address that brings it back."""
    key = secrets.token_urlsafe(9)
    kept = {**request.session.get(EDITS, {}), key: {"of": customer.pk, **edit}}
    request.session[EDITS] = dict(list(kept.items())[-MOST_EDITS:])
    return f"{reverse('customers:undo_edit', args=[customer.pk])}?edit={key}"
