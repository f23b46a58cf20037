"""The list of whom campaigns wrote to: what it can be asked. Every figure of a campaign opens it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from django.db.models import Case, CharField, OuterRef, Subquery, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext

from dealership.customers.models import ContactPoint
from dealership.language import later, later_as
from dealership.lists import registry
from dealership.lists.shape import Column, Filter, Options, Rows, Shape, Sort
from dealership.messaging.models import Message
from dealership.messaging.retold import retold
from dealership.retold import Words
from dealership.staff.models import StaffMember
from dealership.staff.roles import May
from marketing.models import Campaign, CampaignPerson
from marketing.results import SHOWN

DID = {
    "opted_out": later_as("person", "opted out"),
    "booked": later_as("person", "booked"),
    "answered": later_as("person", "answered"),
}
LOOKS = {
    Message.State.DELIVERED: "kept",
    Message.State.FAILED: "late",
    Message.State.UNDELIVERED: "late",
}


def _rows(staff: StaffMember) -> Rows:
    """Each with the state of their text, why it is so, and the last that they did."""
    rows: Rows = CampaignPerson.objects.visible_to(staff).annotate(
        # Whoever has a text is where it is; the others say themselves how they stand.
        text=Coalesce("message__state", "state"),
        because=Coalesce(
            NullIf("why", Value("")), KeyTextTransform("0", "message__reasons"), output_field=CharField()
        ),
        did=Case(
            *(When(**{f"{key}_at__isnull": False}, then=Value(key)) for key in DID), output_field=CharField()
        ),
        did_at=Coalesce(*(f"{key}_at" for key in DID)),
    )
    return rows


def _campaigns(staff: StaffMember) -> Options:
    """Those that had people: a draft has none yet."""
    rows = Campaign.objects.visible_to(staff).exclude(state=Campaign.State.DRAFT)
    return [(str(pk), name) for pk, name in rows.order_by("-written_at", "-pk").values_list("pk", "name")]


def _campaign(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(campaign_id=int(value)) if value.isdecimal() and len(value) < 19 else None


def _show(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(SHOWN[value][1]) if value in SHOWN else None


def _phone(rows: Rows, staff: StaffMember) -> Rows:
    """The number that was texted, or theirs where none was."""
    phones = ContactPoint.objects.visible_to(staff).filter(
        customer=OuterRef("customer"), kind=ContactPoint.Kind.PHONE, is_living=True
    )
    theirs = Subquery(phones.order_by("-is_primary", "pk").values("value")[:1])
    added: Rows = rows.annotate(phone=Coalesce("message__conversation__their_number", theirs))
    return added


def _why(text: str) -> str:
    """A reason of ours, or one of the gate's, in the reader's words."""
    return retold(gettext(text)) if text else ""


def _did_something(filters: Mapping[str, str]) -> bool:
    return filters["show"] in DID


PEOPLE = registry.add(
    Shape(
        key="campaign_people",
        page="marketing:campaign_people",
        words=(later("customer"), later("customers")),
        rows=_rows,
        always=("customer_id",),
        columns=(
            Column("customer", later("Who"), "link", source="customer__full_name", of="customer_id"),
            Column(
                "text",
                later("Text"),
                "chip",
                words=cast(dict[str, str], dict((*CampaignPerson.State.choices, *Message.State.choices))),
                look=lambda state: LOOKS.get(state, ""),
            ),
            Column("why", later("Why"), source="because", words=Words(_why)),
            Column("did", later("What they did"), words=DID),
            Column("when", later("When"), "moment", source="did_at"),
            Column("phone", later("Phone"), "phone", adds=_phone),
            Column("campaign", later("Campaign"), source="campaign__name"),
        ),
        filters=(
            Filter("campaign", later("Campaign"), later("every campaign"), _campaigns, _campaign),
            Filter(
                "show",
                later("What came of it"),
                "",
                lambda staff: [(key, label) for key, (label, _which) in SHOWN.items()],
                _show,
                usual="people",
            ),
        ),
        sorts=(
            Sort("texted", later("As they are texted"), (("-campaign_id", "int"), ("pk", "int"))),
            Sort("name", later("By name"), (("customer__full_name", "text"), ("pk", "int"))),
            Sort(
                "did",
                later("Last heard from first"),
                (("-did_at", "time"), ("-pk", "int")),
                fits=_did_something,
            ),
        ),
    ),
    May.SEE_MARKETING,
)
