"""The page /design/: every component with its states, light beside dark, drawn by the very templates that pages use."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dealership import clock
from dealership.language import later
from dealership.lists import asking
from dealership.lists.models import SavedView
from dealership.lists.page import Page
from dealership.lists.shape import Column, Filter, Shape, Sort
from dealership.messaging.photos import Shown
from dealership.web import StaffRequest, render_page, staff_only

COLOURS = (
    *("bg", "surface", "sunken", "ink", "ink-2", "ink-3", "line", "line-2", "edge", "accent", "accent-soft"),
    *("kept", "kept-soft", "soon", "soon-soft", "late", "late-soft", "live", "live-soft"),
)
SCHEMES = (("light", later("Light")), ("dark", later("Dark")))
PEOPLE = ("Ana Moreno", "Dana Ruiz", "Sam Cole", "Pete Hall")
#: Templates of `templates/design/`, in the order of the page, with what is to be known of each.
PIECES = (
    (
        "colours",
        later("Colours"),
        later("Green, amber, red and violet mean kept, soon, late and live, and nothing else."),
    ),
    ("type", later("Type"), later("Three sizes on a page. Figures are tabular.")),
    ("buttons", later("Buttons"), later("One primary, named by its effect. Quiet ones beside it.")),
    ("chips", later("Chips, tabs and dots"), later("A state in a word; a view of the page.")),
    ("people", later("People"), later("Whoever has a page or a promise, by their initials.")),
    (
        "clocks",
        later("Promise clocks"),
        later("Down to the promise, up from the breach; the word beside the number."),
    ),
    ("promises", later("Promises"), later("How long, what, about whom, between which departments.")),
    ("fields", later("Fields"), later("The label above, the help below, the error where it was made.")),
    ("choices", later("Choices"), later("Several of a kind, one of a kind, yes or no.")),
    ("notices", later("Notices"), later("What must be read first.")),
    ("empty", later("Where there is nothing"), later("Why, and what to do.")),
    ("tiles", later("Tiles"), later("A figure, what it is of, and where it goes.")),
    ("table", later("Tables"), later("On a phone each row becomes a card.")),
    (
        "list",
        later("Lists"),
        later("What is asked stands in the address. Views, columns, a file, many at once."),
    ),
    ("lines", later("Lines of a story"), later("When, what, who. An automatic text has a dashed edge.")),
    ("photos", later("Photos"), later("Small in a talk or a story; pressed, one of them over the page.")),
    ("folds", later("Folds and menus"), later("Say why, one click away.")),
    ("said", later("What was done"), later("With its undo, at the foot of the page.")),
)

#: A picture that is there, one that cannot be shown, one that is fetched.
PHOTOS = (
    Shown(0, "/static/icon-512.png", "", later("Photo by Ana Moreno"), 512, 512),
    Shown(0, "", later("It is an iPhone photo (HEIC)."), later("Photo from the customer"), 0, 0),
    Shown(0, "", "", later("Photo from the customer"), 0, 0),
)


class Specimen(forms.Form):
    """A field of each kind."""

    name = forms.CharField(label=later("Name"), help_text=later("As it stands on their license."))
    phone = forms.CharField(
        label=later("Phone"), error_messages={"required": later("A phone or an e-mail is needed.")}
    )
    note = forms.CharField(label=later("Note"), required=False, widget=forms.Textarea)
    day = forms.DateField(label=later("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    lane = forms.ChoiceField(
        label=later("Department"), choices=[("service", later("Service")), ("sales", later("Sales"))]
    )
    ways = forms.MultipleChoiceField(
        label=later("By which way"),
        choices=[("text", later("Text")), ("call", later("Call"))],
        widget=forms.CheckboxSelectMultiple,
    )
    colour = forms.ChoiceField(
        label=later("How it was found"),
        choices=[("red", later("Now")), ("yellow", later("Soon"))],
        widget=forms.RadioSelect,
    )
    waits = forms.BooleanField(label=later("They wait here"), required=False)


#: A list of nobody's rows.
LIST = Shape(
    key="design",
    page="design",
    words=(later("customer"), later("customers")),
    rows=lambda staff: SavedView.objects.visible_to(staff).none(),
    columns=(
        Column("full_name", later("Customer"), "name"),
        Column("phone", later("Phone"), "phone"),
        Column(
            "stands", later("State"), "chip", look=lambda stands: "soon" if stands == "waiting" else "kept"
        ),
        Column("days", later("Days"), "count", look=lambda days: "late" if days > 7 else ""),
        Column("owed", later("Owed"), "money"),
    ),
    filters=(
        Filter(
            "language",
            later("Language"),
            later("any"),
            lambda staff: [("es", later("Spanish"))],
            lambda rows, *_: rows,
        ),
    ),
    sorts=(
        Sort("newest", later("Newest first"), (("-pk", "int"),)),
        Sort("name", later("By name"), (("full_name", "text"),)),
    ),
)
LISTED = [
    {
        "pk": 1,
        "full_name": "Tom Okafor",
        "phone": "+19735550144",
        "stands": "paid",
        "days": 2,
        "owed": 118000,
    },
    {
        "pk": 2,
        "full_name": "Angela Phillips",
        "phone": "+19735551346",
        "stands": "waiting",
        "days": 9,
        "owed": None,
    },
]


@dataclass(frozen=True)
class Row:
    """A promise as `components/promise.html` shows it."""

    sentence: str
    detail: str
    due_at: datetime | None
    since: datetime | None = None
    look: str = ""
    chip: str = ""
    chip_look: str = ""
    seam_from: str = later("Service")
    seam_to: str = later("Parts")
    owner: str = "Ana Moreno"
    owner_id: int = 1
    url: str = "#promises"


@dataclass(frozen=True)
class Line:
    """What happened, as `customers/_story_lines.html` shows it."""

    at: datetime
    title: str
    detail: str = ""
    by: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Scheme:
    """One half of the page."""

    key: str
    label: str
    form: Specimen = field(init=False)

    def __post_init__(self) -> None:
        typed = {"name": "Tom Okafor", "phone": "", "lane": "service", "ways": ["text"], "colour": "red"}
        told = {f"{self.key}-{name}": value for name, value in typed.items()}
        object.__setattr__(self, "form", Specimen(told, prefix=self.key))


@require_safe
@staff_only()
def page(request: StaffRequest) -> HttpResponse:
    """Of nobody's data: what it shows is made up here."""
    now = clock.now()
    context: dict[str, Any] = {
        "pieces": [(key, f"design/_{key}.html", title, words) for key, title, words in PIECES],
        "schemes": [Scheme(key, label) for key, label in SCHEMES],
        "colours": COLOURS,
        "rows": _rows(now),
        "entries": _lines(now),
        "photos": PHOTOS,
        "people": PEOPLE,
        "list": Page(asking.read(LIST, QueryDict("sort=name")), LISTED, 312, "?after=2", request.staff),
        "acts": [("#list", _("Give to a colleague…"))],
        "now": now,
        "shown": "all",
        "later": now + timedelta(hours=3),
        "soon": now + timedelta(minutes=9),
        "past": now - timedelta(minutes=22),
    }
    return render_page(request, "design/page.html", None, context)


def _rows(now: datetime) -> list[Row]:
    def minutes(n: int) -> datetime:
        return now + timedelta(minutes=n)

    return [
        Row(_("A customer’s text is answered"), _("Tom Okafor: “Is it ready?”"), None, minutes(-4), "live"),
        Row(
            _("ETA change is told"),
            _("Brake pads for RO 48213"),
            minutes(-22),
            None,
            "late",
            _("2nd person"),
            "late",
        ),
        Row(
            _("The car is ready when we said"),
            _("2019 Civic, tag 41"),
            minutes(9),
            None,
            "soon",
            _("offered"),
            "soon",
        ),
        Row(_("The next visit is set"), "Angela Phillips", minutes(180), None, "", _("accepted"), "info"),
    ]


def _lines(now: datetime) -> list[Line]:
    return [
        Line(now - timedelta(minutes=5), _("Asks for a visit"), _("“Could you do Thursday?”"), tone="live"),
        Line(now - timedelta(hours=2), _("Spoke on the phone"), _("About the struts"), "Ana", "kept"),
        Line(now - timedelta(days=1), _("A promise broke"), _("ETA change is told"), "Pete", "late"),
        Line(now - timedelta(days=2), _("RO 47266 closed"), "$164.00", tone="info"),
    ]
