"""The list of deal jackets: what it can be asked. Where a jacket stands is said as the board says it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import cast

from django.db.models import Case, CharField, Exists, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models import Count as CountOf
from django.db.models.functions import Coalesce, NullIf
from django.http import QueryDict

from dealership import clock
from dealership.language import later
from dealership.lists import asking, registry
from dealership.lists.people import by_person
from dealership.lists.shape import Column, Filter, Rows, Shape, Sort
from dealership.staff.models import StaffMember
from dealership.staff.roles import May, Role
from dealership.vehicles import said
from fni import board
from fni.models import DealJacket, KickBack, Stipulation

Stage = DealJacket.Stage
SELLS = (Role.SALESPERSON, Role.SALES_MANAGER)
LIVE, TITLE, FUNDED, OVER = "live", "title", "funded", "over"
STANDS = (
    (LIVE, later("Under way")),
    (Stage.WAITING.value, later("Waiting for the box")),
    (Stage.IN_BOX.value, later("In the box")),
    (Stage.REFUSED.value, later("Handed back")),
    (Stage.CONTRACTED.value, later("Contracted to send")),
    (Stage.SENT.value, later("With the lender")),
    (Stage.KICKED_BACK.value, later("Kicked back")),
    (TITLE, later("Title due")),
    (FUNDED, later("Funded in the last 90 days")),
    (OVER, later("Over")),
)
STIPS = (("open", later("some open")), ("none", later("none open")))
KICKS = (("some", later("came back")), ("none", later("at the first try")))
TITLES = {
    "out": later("out"),
    "late": later("late"),
    "soon": later("within 5 days"),
    "owed": later("owed"),
}
#: What the list behind a figure shows beside the usual.
_SHOWN = {
    Stage.WAITING.value: ("deal_number", "customer", "car", "salesperson", "waiting_at"),
    TITLE: ("deal_number", "customer", "car", "salesperson", "delivered_at", "title_due_at", "title"),
    FUNDED: ("deal_number", "customer", "car", "salesperson", "funded_at", "kicks"),
}
_LOOKS = {Stage.WAITING: "live", Stage.REFUSED: "late", Stage.KICKED_BACK: "late", Stage.FUNDED: "kept"}
#: Behind all that have an hour.
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def _stands(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    if value == OVER:
        return rows.filter(stage__in=board.OVER)
    if value == FUNDED:
        return rows.filter(funded_at__gte=now - board.LATELY)
    live = rows.exclude(stage__in=board.OVER)
    if value == TITLE:
        return live.filter(board.OWES_TITLE)
    if value in dict(STANDS) and value != LIVE:
        return live.filter(stage=value).exclude(board.OWES_TITLE)
    return live


def _type(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    return rows.filter(deal_type=value) if value in DealJacket.DealType.values else None


def narrow_stips(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    """Jackets of which the lender wants something, or nothing."""
    if value not in dict(STIPS):
        return None
    some = Exists(_open_stips(staff))
    return rows.filter(some if value == "open" else ~some)


def _kicks(rows: Rows, value: str, staff: StaffMember, now: datetime) -> Rows | None:
    if value not in dict(KICKS):
        return None
    some = Exists(KickBack.objects.visible_to(staff).filter(jacket=OuterRef("pk")))
    return rows.filter(some if value == "some" else ~some)


def car(path: str = "") -> Callable[[Rows, StaffMember], Rows]:
    """The car as it is known, else as sales said it; `path` leads to the jacket."""

    def add(rows: Rows, staff: StaffMember) -> Rows:
        known = NullIf(said.label(f"{path}vehicle"), Value(""))
        added: Rows = rows.annotate(car=Coalesce(known, f"{path}vehicle_words"))
        return added

    return add


def with_stips(rows: Rows, staff: StaffMember) -> Rows:
    """How many papers the lender still wants."""
    added: Rows = rows.annotate(n_stips=_number_of(_open_stips(staff)))
    return added


def _with_kicks(rows: Rows, staff: StaffMember | None = None) -> Rows:
    kicks = KickBack.objects.across_stores("of jackets that are seen already").filter(jacket=OuterRef("pk"))
    added: Rows = rows.annotate(n_kicks=_number_of(kicks))
    return added


def _with_wait(rows: Rows) -> Rows:
    added: Rows = rows.annotate(waits_since=Coalesce("waiting_at", Value(_NEVER)))
    return added


def _open_stips(staff: StaffMember) -> Rows:
    return Stipulation.objects.visible_to(staff).filter(
        jacket=OuterRef("pk"), collected_at__isnull=True, dropped_at__isnull=True
    )


def _number_of(rows: Rows) -> Coalesce:
    counted = rows.order_by().values("jacket").annotate(n=CountOf("pk")).values("n")
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())


def _shows(*stands: str) -> Callable[[Mapping[str, str]], bool]:
    return lambda filters: filters["show"] in stands


def _with_title(rows: Rows, staff: StaffMember) -> Rows:
    """How the state's date for the title presses."""
    now, owed = clock.now(), Q(title_due_at__isnull=False)
    added: Rows = rows.annotate(
        title=Case(
            When(title_sent_at__isnull=False, then=Value("out")),
            When(owed & Q(title_due_at__lt=now), then=Value("late")),
            When(owed & Q(title_due_at__lte=now + board.TITLE_NEAR), then=Value("soon")),
            When(owed, then=Value("owed")),
            default=Value(""),
            output_field=CharField(),
        )
    )
    return added


#: Which deal it is, and whose.
WHOSE = (
    Column("deal_number", later("Deal"), "link"),
    Column("customer", later("Customer"), source="customer__full_name"),
    Column("car", later("Car"), adds=car()),
    Column("stock_number", later("Stock"), usual=False),
    Column("salesperson", later("Salesperson"), source="salesperson__name"),
)
JACKETS = registry.add(
    Shape(
        key="jackets",
        page="fni:jacket_list",
        words=(later("jacket"), later("jackets")),
        rows=DealJacket.objects.visible_to,
        always=("deal_number",),
        columns=(
            *WHOSE,
            Column(
                "deal_type",
                later("Type"),
                usual=False,
                words=cast(dict[str, str], dict(DealJacket.DealType.choices)),
            ),
            Column(
                "stage",
                later("Stands"),
                "chip",
                words=cast(dict[str, str], dict(Stage.choices)),
                look=lambda stage: _LOOKS.get(stage, ""),
            ),
            Column("agreed_at", later("Agreed"), "moment", usual=False),
            Column("waiting_at", later("Waits since"), "moment", usual=False),
            Column("contracted_at", later("Contract signed"), "moment", usual=False),
            Column("delivered_at", later("Delivered"), "moment"),
            Column("funded_at", later("Funded"), "moment", usual=False),
            Column("title_due_at", later("Title by"), "day"),
            Column(
                "title",
                later("Title"),
                "chip",
                adds=_with_title,
                words=TITLES,
                look=lambda title: {"out": "kept", "late": "late", "soon": "soon"}.get(title, ""),
            ),
            Column("title_sent_at", later("Title out"), "moment", usual=False),
            Column(
                "stips",
                later("Stips open"),
                "count",
                source="n_stips",
                adds=with_stips,
                look=lambda n: "soon" if n else "",
            ),
            Column(
                "kicks",
                later("Kicked back"),
                "count",
                source="n_kicks",
                usual=False,
                adds=_with_kicks,
                look=lambda n: "late" if n else "",
            ),
        ),
        filters=(
            Filter("show", later("Stands"), "", lambda staff: STANDS, _stands, usual=LIVE),
            by_person("salesperson", later("Salesperson"), "salesperson", SELLS),
            Filter("type", later("Type"), later("any"), lambda staff: DealJacket.DealType.choices, _type),
            Filter("stips", later("Stips"), later("any"), lambda staff: STIPS, narrow_stips),
            Filter("kicks", later("Lender"), later("any"), lambda staff: KICKS, _kicks),
        ),
        sorts=(
            # The first that fits is the one that nobody has to choose.
            Sort(
                "waits",
                later("Longest wait first"),
                (("waits_since", "time"), ("pk", "int")),
                _with_wait,
                fits=_shows(Stage.WAITING.value),
            ),
            Sort(
                "title",
                later("Next date first"),
                (("title_due_at", "time"), ("pk", "int")),
                fits=_shows(TITLE),
            ),
            Sort(
                "kicked",
                later("Those that came back first"),
                (("-n_kicks", "int"), ("-funded_at", "time"), ("-pk", "int")),
                _with_kicks,
                fits=_shows(FUNDED),
            ),
            Sort(
                "funded",
                later("Last funded first"),
                (("-funded_at", "time"), ("-pk", "int")),
                fits=_shows(FUNDED),
            ),
            Sort("newest", later("Newest first"), (("-pk", "int"),)),
            Sort("oldest", later("Oldest first"), (("pk", "int"),)),
        ),
    ),
    May.SEE_FNI,
)


def address(stands: str) -> str:
    """The query of those that stand so, with the columns that say why."""
    asked = asking.read(JACKETS, QueryDict()).but(show=stands)
    return replace(asked, columns=_SHOWN.get(stands, asked.columns)).address()
