"""The list of customers: what it can be asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Subquery

from dealership.customers.models import ContactPoint, Customer, CustomerPerson
from dealership.language import later, later_as
from dealership.lists import registry
from dealership.lists.shape import Column, Filter, Options, Rows, Shape, Sort
from dealership.staff.models import StaffMember
from dealership.staff.roles import May
from dealership.stores.models import Department

LANGUAGES = (("en", later("English")), ("es", later("Spanish")))
SINCE = (
    ("7", later("the last 7 days")),
    ("30", later("the last 30 days")),
    ("90", later("the last 90 days")),
    ("365", later("the last year")),
)
KINDS = (("person", later("People")), ("business", later("Businesses")))
NOBODY = "nobody"


def _rows(staff: StaffMember) -> Rows:
    return Customer.objects.visible_to(staff).filter(merged_into__isnull=True)


def _colleagues(staff: StaffMember) -> Options:
    people = StaffMember.objects.visible_to(staff).filter(is_active=True).order_by("name")
    others = [(str(pk), name) for pk, name in people.values_list("pk", "name") if pk != staff.pk]
    return [("me", later("Mine")), (NOBODY, later("Nobody’s")), *others]


def _whose(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    theirs = CustomerPerson.objects.visible_to(staff).filter(customer=OuterRef("pk"))
    if value == NOBODY:
        return rows.filter(~Exists(theirs))
    if value == "me":
        return rows.filter(Exists(theirs.filter(staff=staff)))
    if value.isdecimal() and len(value) < 19:
        return rows.filter(Exists(theirs.filter(staff_id=int(value))))
    return None


def _language(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(language=value) if value in dict(LANGUAGES) else None


def _since(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(created_at__gte=now - timedelta(days=int(value))) if value in dict(SINCE) else None


def _kind(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(is_business=value == "business") if value in dict(KINDS) else None


def _phone(rows: Rows, staff: StaffMember) -> Rows:
    added: Rows = rows.annotate(phone=_point(staff, ContactPoint.Kind.PHONE))
    return added


def _email(rows: Rows, staff: StaffMember) -> Rows:
    added: Rows = rows.annotate(email=_point(staff, ContactPoint.Kind.EMAIL))
    return added


def _point(staff: StaffMember, kind: str) -> Subquery:
    points = ContactPoint.objects.visible_to(staff).filter(customer=OuterRef("pk"), kind=kind, is_living=True)
    return Subquery(points.order_by("-is_primary", "pk").values("value")[:1])


def _sales_person(rows: Rows, staff: StaffMember) -> Rows:
    added: Rows = rows.annotate(salesperson=_person(staff, Department.SALES))
    return added


def _advisor(rows: Rows, staff: StaffMember) -> Rows:
    added: Rows = rows.annotate(advisor=_person(staff, Department.SERVICE))
    return added


def _person(staff: StaffMember, department: str) -> Subquery:
    theirs = CustomerPerson.objects.visible_to(staff).filter(customer=OuterRef("pk"), department=department)
    return Subquery(theirs.values("staff__name")[:1])


CUSTOMERS = registry.add(
    Shape(
        key="customers",
        page="customers:customer_list",
        words=(
            later_as("rows of a list", "customer"),
            later_as("rows of a list", "customers"),
        ),
        rows=_rows,
        columns=(
            Column("full_name", later("Customer"), "name"),
            Column("phone", later("Phone"), "phone", adds=_phone),
            Column("email", later("E-mail"), usual=False, adds=_email),
            Column("city", later("City")),
            Column("state", later("State"), usual=False),
            Column("language", later("Language"), usual=False, words=dict(LANGUAGES)),
            Column("salesperson", later("Salesperson"), usual=False, adds=_sales_person),
            Column("advisor", later("Advisor"), usual=False, adds=_advisor),
            Column("created_at", later("Known since"), "moment"),
        ),
        filters=(
            Filter("whose", later("Whose"), later("everybody’s"), _colleagues, _whose),
            Filter("since", later("Known since"), later("any time"), lambda staff: SINCE, _since),
            Filter("language", later("Language"), later("any"), lambda staff: LANGUAGES, _language),
            Filter("kind", later("Kind"), later("people and businesses"), lambda staff: KINDS, _kind),
        ),
        sorts=(
            Sort("newest", later("Newest first"), (("-created_at", "time"), ("-pk", "int"))),
            Sort("oldest", later("Oldest first"), (("created_at", "time"), ("pk", "int"))),
            Sort("name", later("By name"), (("full_name", "text"), ("pk", "int"))),
        ),
        always=("full_name",),
    ),
    May.SEE_CUSTOMERS,
)
