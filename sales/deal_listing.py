"""The list of deals: what it can be asked. Where a deal stands is said as the board says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

from django.db.models import BooleanField, Case, CharField, F, Func, IntegerField, Q, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.http import QueryDict
from django.utils.translation import gettext as _

from dealership import clock
from dealership.language import later, later_as
from dealership.lists import asking, registry
from dealership.lists.people import by_person
from dealership.lists.shape import Column, Filter, Rows, Shape, Sort
from dealership.staff.models import StaffMember
from dealership.staff.roles import May, Role
from dealership.vehicles import said
from sales import deal_board as board
from sales.models import ENDED, OPEN, Deal

Stage = Deal.Stage
SELLS = (Role.SALESPERSON, Role.SALES_MANAGER, Role.BDC_AGENT, Role.BDC_MANAGER, Role.GENERAL_MANAGER)
SHOW = (
    ("open", later_as("deals", "Open")),
    ("desk", later("Desk")),
    ("waiting", later("Waiting for F&I")),
    ("in_fni", later("In F&I")),
    ("contracted", later("Contracted")),
    ("delivered", later("Delivered")),
    ("ended", later("Lost or unwound")),
    ("all", later("All")),
)
READY = (
    ("refused", later("handed back by F&I")),
    ("waits_long", later("waits for F&I beyond half an hour")),
    ("stips", later("the lender wants papers")),
    ("no_hour", later("no hour for the delivery")),
    ("no_first", later("no first service visit")),
)
WRITTEN = (
    ("7", later("in the last 7 days")),
    ("30", later("in the last 30 days")),
    ("90", later("in the last 90 days")),
    ("over90", later("longer ago than 90 days")),
)
DELIVERY = (
    ("today", later("today")),
    ("week", later("planned for the next 7 days")),
    ("passed", later("planned, and the hour has passed")),
    ("done7", later("delivered in the last 7 days")),
    ("done30", later("delivered in the last 30 days")),
)
LATELY = {"done7": board.LATELY, "done30": board.OF_LATE}
PLANNED = frozenset({"week", "passed"})
REFUSED = "refused"
#: What the list behind a figure of the board asks, and what it shows beside the usual.
BEHIND: Mapping[str, tuple[Mapping[str, str], tuple[str, ...]]] = {
    "first_service": (
        {"show": "delivered", "delivery": "done30"},
        ("deal_number", "customer", "car", "salesperson", "delivered_at", "first", "first_service_at"),
    ),
    "waiting": (
        {"show": "waiting", "ready": "waits_long"},
        ("deal_number", "customer", "car", "salesperson", "agreed_at", "first"),
    ),
    "lately": (
        {"show": "delivered", "delivery": "done7"},
        ("deal_number", "customer", "car", "salesperson", "delivered_at", "first"),
    ),
    "today": (
        {"show": "all", "delivery": "today"},
        ("deal_number", "customer", "car", "stands", "salesperson", "delivery_at", "delivered_at", "first"),
    ),
}
_LOOKS = {"agreed": "live", REFUSED: "late", "lost": "", "unwound": "", "delivered": "kept"}
#: What of a deal's stips is still wanted, to the database.
_WANTED = Value('$.*[1] ? (@ == "open")')


def _show(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    if value == "all":
        return rows
    if value == "ended":
        return rows.filter(stage__in=ENDED)
    if value == "delivered":
        return rows.filter(stage=Stage.DELIVERED, delivered_at__isnull=False)
    rows = rows.filter(stage__in=OPEN)
    if value == "desk":
        return rows.filter(Q(stage=Stage.WRITTEN) | Q(refused_at__isnull=False))
    going_on = {"waiting": Stage.AGREED, "in_fni": Stage.IN_FNI, "contracted": Stage.CONTRACTED}
    return rows.filter(stage=going_on[value], refused_at__isnull=True) if value in going_on else rows


def _type(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(deal_type=value) if value in Deal.Type.values else None


def _condition(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(condition=value) if value in Deal.Condition.values else None


def _ready(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    if value == "waits_long":
        return rows.filter(pk__in=board.waits_long(staff, now))
    if value == "stips":
        wanted = Func(
            F("stips"),
            _WANTED,
            template="jsonb_path_exists(%(expressions)s::jsonpath)",
            output_field=BooleanField(),
        )
        return rows.filter(wanted)
    lacks: dict[str, dict[str, Any]] = {
        "refused": {"refused_at__isnull": False},
        "no_hour": {"stage__in": OPEN, "delivery_at__isnull": True},
        "no_first": {"first_service_at__isnull": True},
    }
    return rows.filter(**lacks[value]) if value in lacks else None


def _written(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    if value not in dict(WRITTEN):
        return None
    if value == "over90":
        return rows.filter(written_at__lt=now - timedelta(days=90))
    return rows.filter(written_at__gte=now - timedelta(days=int(value)))


def _delivery(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    if value in LATELY:
        return rows.filter(board.delivered_since(now - LATELY[value]))
    if value == "today":
        start, end = board.today(staff, now)
        planned = Q(stage__in=OPEN, delivery_at__gte=start, delivery_at__lt=end)
        return rows.filter(planned | board.delivered_since(start))
    open_ones = rows.filter(stage__in=OPEN)
    if value == "week":
        return open_ones.filter(delivery_at__gte=now, delivery_at__lt=now + timedelta(days=7))
    return open_ones.filter(delivery_at__lt=now) if value == "passed" else None


def _car(rows: Rows, staff: StaffMember) -> Rows:
    """As `Deal.label` says it."""
    known = NullIf(said.label("vehicle"), Value(""))
    label = Coalesce(known, NullIf("car", Value("")), Value(_("a car")), output_field=CharField())
    added: Rows = rows.annotate(label=label)
    return added


def _salesperson(rows: Rows, staff: StaffMember) -> Rows:
    added: Rows = rows.annotate(seller=Coalesce("salesperson__name", "salesperson_name"))
    return added


def _stands(rows: Rows, staff: StaffMember) -> Rows:
    """As `Deal.stage_words` says it."""
    refused = When(refused_at__isnull=False, then=Value(REFUSED))
    added: Rows = rows.annotate(stands=Case(refused, default=F("stage"), output_field=CharField()))
    return added


def _first(rows: Rows, staff: StaffMember) -> Rows:
    """Whether the first service visit is set; of what was delivered long ago, and of what ended, nobody asks."""
    lately = board.delivered_since(clock.now() - board.OF_LATE)
    added: Rows = rows.annotate(
        first=Case(
            When(first_service_at__isnull=False, then=Value("set")),
            When(Q(stage__in=OPEN) | lately, then=Value("unset")),
            default=Value(""),
            output_field=CharField(),
        )
    )
    return added


def _stips(rows: Rows, staff: StaffMember) -> Rows:
    counted = Func(
        F("stips"),
        _WANTED,
        template="jsonb_array_length(jsonb_path_query_array(%(expressions)s::jsonpath))",
        output_field=IntegerField(),
    )
    added: Rows = rows.annotate(n_stips=counted)
    return added


def _with_wait(rows: Rows) -> Rows:
    added: Rows = rows.annotate(waits_since=Coalesce("agreed_at", "written_at"))
    return added


def _waits(filters: Mapping[str, str]) -> bool:
    return filters["show"] == "waiting"


def _is_planned(filters: Mapping[str, str]) -> bool:
    return filters["delivery"] in PLANNED


def _is_delivered(filters: Mapping[str, str]) -> bool:
    return filters["show"] == "delivered"


DEALS = registry.add(
    Shape(
        key="deals",
        page="sales:deal_list",
        words=(later("deal"), later("deals")),
        rows=Deal.objects.visible_to,
        always=("deal_number",),
        columns=(
            Column("deal_number", later("Deal"), "link"),
            Column("customer", later("Customer"), source="customer__full_name"),
            Column("car", later("Car"), source="label", adds=_car),
            Column("stock_number", later("Stock"), usual=False),
            Column(
                "stands",
                later("Stands"),
                "chip",
                adds=_stands,
                words=cast(dict[str, str], dict(Stage.choices)) | {REFUSED: later("handed back by F&I")},
                look=lambda stands: _LOOKS.get(stands, "info"),
            ),
            Column("salesperson", later("Salesperson"), source="seller", adds=_salesperson),
            Column("desk_manager", later("Desk manager"), source="desk_manager__name", usual=False),
            Column(
                "deal_type",
                later("Type"),
                words=cast(dict[str, str], dict(Deal.Type.choices)),
            ),
            Column(
                "condition",
                later("Condition"),
                usual=False,
                words=cast(dict[str, str], dict(Deal.Condition.choices)),
            ),
            Column("price_cents", later("Price"), "money", usual=False),
            Column("written_at", later("Written"), "moment"),
            Column("agreed_at", later("Agreed"), "moment", usual=False),
            Column("delivery_at", later("Delivery"), "moment"),
            Column("delivered_at", later("Delivered"), "moment", usual=False),
            Column(
                "first",
                later("First service"),
                "chip",
                adds=_first,
                words={"set": later("visit set"), "unset": later("no visit set")},
                look=lambda first: "kept" if first == "set" else "soon",
            ),
            Column("first_service_at", later("First service visit"), "moment", usual=False),
            Column(
                "stips",
                later("Stips open"),
                "count",
                source="n_stips",
                usual=False,
                adds=_stips,
                look=lambda n: "soon" if n else "",
            ),
            Column("ended_at", later("Ended"), "moment", usual=False),
            Column("ended_why", later("Ended because"), usual=False),
        ),
        filters=(
            Filter("show", later("Deals"), "", lambda staff: SHOW, _show, usual="open", as_tabs=True),
            by_person("salesperson", later("Salesperson"), "salesperson", SELLS),
            Filter("type", later("Type"), later("any"), lambda staff: Deal.Type.choices, _type),
            Filter(
                "condition",
                later("Condition"),
                later("new and used"),
                lambda staff: Deal.Condition.choices,
                _condition,
            ),
            Filter("ready", later("Lacks"), later("whatever"), lambda staff: READY, _ready),
            Filter("written", later("Written"), later("any time"), lambda staff: WRITTEN, _written),
            Filter("delivery", later("Delivery"), later("any time"), lambda staff: DELIVERY, _delivery),
        ),
        sorts=(
            # The first that fits is the one that nobody has to choose.
            Sort(
                "waits",
                later("Longest wait first"),
                (("waits_since", "time"), ("pk", "int")),
                _with_wait,
                fits=_waits,
            ),
            Sort(
                "planned",
                later("Next delivery first"),
                (("delivery_at", "time"), ("pk", "int")),
                fits=_is_planned,
            ),
            Sort(
                "delivered",
                later("Last delivered first"),
                (("-delivered_at", "time"), ("-pk", "int")),
                fits=_is_delivered,
            ),
            Sort("newest", later("Newest first"), (("-written_at", "time"), ("-pk", "int"))),
            Sort("oldest", later("Oldest first"), (("written_at", "time"), ("pk", "int"))),
        ),
    ),
    May.SEE_DEALS,
)


def address(figure: str) -> str:
    """The query of the deals behind a figure of the board, with the columns that say why."""
    filters, columns = BEHIND[figure]
    return replace(asking.read(DEALS, QueryDict()).but(**filters), columns=columns).address()
