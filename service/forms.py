"""What people send on service's pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _

from dealership.appointments.forms import TIME_FORMATS
from dealership.language import later
from dealership.messaging.forms import PhotosField, TextForm
from dealership.messaging.wording import clean
from dealership.stores.hours import to_utc
from service.inspections import Found
from service.models import DeclinedLine, Recommendation
from service.notes import LONGEST

TEXT = "text"
#: How a customer was told: by the text of this form, or already.
HOW = [(TEXT, later("by text")), ("phone", later("on the phone")), ("in person", later("in person"))]
COLOURS = [("red", later("Red")), ("yellow", later("Yellow"))]
REASONS = ["Done elsewhere", "Car sold", "Not wanted now", "Too expensive"]
#: The same as pages say them: what is kept is English.
REASONS_SAID = (later("Done elsewhere"), later("Car sold"), later("Not wanted now"), later("Too expensive"))


class CloseForm(forms.Form):
    """Why declined work will not be bought here, in the customer's words."""

    why = forms.CharField(
        label=later("What did the customer say?"),
        max_length=120,
        widget=forms.TextInput(attrs={"list": "reasons"}),
    )


class BookForm(forms.Form):
    """When the customer comes for the work; the time is the store's."""

    day = forms.DateField(label=later("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    time = forms.TimeField(label=later("Time"), widget=forms.TimeInput(attrs={"type": "time"}))

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        self.zone = zone
        super().__init__(*args, **kwargs)

    @property
    def starts_at(self) -> datetime:
        """The time that was typed, in UTC. Valid forms only."""
        wall = datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"])
        return to_utc(self.zone, wall).astimezone(UTC)


class MomentForm(forms.Form):
    """When the car will be ready, in the store's time."""

    day = forms.DateField(
        label=later("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    time = forms.TimeField(
        label=later("Time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        input_formats=TIME_FORMATS,
        error_messages={"invalid": later("A time as 4:30 pm.")},
    )

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        self.zone = zone
        super().__init__(*args, **kwargs)

    @property
    def moment(self) -> datetime:
        """The time that was typed, in UTC. Valid forms only."""
        wall = datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"])
        return to_utc(self.zone, wall).astimezone(UTC)


class TellForm(TextForm):
    """A text to the customer about their car, or that they were told otherwise: then it needs no words."""

    how = forms.ChoiceField(choices=HOW, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].required = self.by_text

    @property
    def by_text(self) -> bool:
        """Whether the button that was pressed sends the text."""
        return (self.data or {}).get("how", TEXT) in ("", TEXT)


class NewTimeForm(TellForm, MomentForm):
    """A new promised time, why, and the words in which the customer hears it."""

    why = forms.CharField(
        label=later("Why"), max_length=120, help_text=later("Kept with the promise; not sent.")
    )
    field_order = ("day", "time", "why", "body", "key", "how")


class NoteForm(forms.Form):
    """Something about the car, for colleagues."""

    note = forms.CharField(
        label=later("Note"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": later("What a colleague should know")}),
    )


class FoundForm(forms.Form):
    """One thing that an inspection found; an empty row is none."""

    colour = forms.ChoiceField(label=later("Colour"), choices=COLOURS, initial="yellow", required=False)
    description = forms.CharField(label=later("What needs doing"), max_length=120, required=False)
    op_code = forms.CharField(label=later("Op code"), max_length=24, required=False)

    @property
    def found(self) -> Found | None:
        """What was found, None for an empty row. Valid forms only."""
        typed = self.cleaned_data
        if not typed["description"].strip():
            return None
        return Found(typed["colour"] or "yellow", clean(typed["description"]), clean(typed["op_code"]))


class InspectionForm(forms.Form):
    """How many points were fine, and a word to the advisor."""

    n_green = forms.IntegerField(label=later("Points that are fine"), min_value=0, max_value=200, initial=0)
    note = forms.CharField(label=later("Note for the advisor"), max_length=300, required=False)


class AddForm(FoundForm):
    """A line that the advisor adds, with its price if it is known."""

    price = forms.DecimalField(
        label=later("Price"), min_value=0, max_digits=9, decimal_places=2, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["description"].required = True

    @property
    def price_cents(self) -> int | None:
        """In cents; None where it is not known yet. Valid forms only."""
        price = self.cleaned_data["price"]
        return None if price is None else int(price * 100)


class EstimateForm(TellForm):
    """What the customer is asked to decide: a tick and a price a line, and a greeting in the advisor's words."""

    def __init__(self, *args: Any, lines: Sequence[Recommendation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].label = _("How it begins")
        self.fields["with_photos"] = forms.BooleanField(
            label=_("With the photos of these lines"), required=False, initial=True
        )
        self.lines = lines
        for line in lines:
            self.fields[f"take_{line.pk}"] = forms.BooleanField(
                label=line.description, required=False, initial=True
            )
            self.fields[f"price_{line.pk}"] = forms.DecimalField(
                label=_("Price of %(work)s") % {"work": line.description},
                min_value=0,
                max_digits=9,
                decimal_places=2,
                required=False,
                initial=None if line.price_cents is None else Decimal(line.price_cents) / 100,
                widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01"}),
            )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each line with its two fields, for the page."""
        return [
            {"line": line, "take": self[f"take_{line.pk}"], "price": self[f"price_{line.pk}"]}
            for line in self.lines
        ]

    @property
    def prices(self) -> dict[int, int]:
        """The chosen lines and their prices in cents. Valid forms only."""
        typed = self.cleaned_data
        return {
            line.pk: int(typed[f"price_{line.pk}"] * 100) for line in self.lines if typed[f"take_{line.pk}"]
        }

    def clean(self) -> dict[str, Any]:
        """Every chosen line has a price."""
        typed = super().clean() or {}
        for line in self.lines:
            name = f"price_{line.pk}"
            if typed.get(f"take_{line.pk}") and not typed.get(name) and name not in self.errors:
                self.add_error(name, _("What does it cost?"))
        return typed


class PhotoForm(forms.Form):
    """Photos of the car, or of one line."""

    photos = PhotosField(label=later("Photo"), error_messages={"required": later("Choose a photo first.")})


class ComebackForm(forms.Form):
    """What was wrong the first time, and what is right now; or why it is no comeback."""

    is_comeback = forms.ChoiceField(
        label=later("Is it one?"),
        choices=[("yes", later("Yes, it is back for the same")), ("no", later("No, it is something else"))],
        widget=forms.RadioSelect,
        initial="yes",
    )
    first_wrong = forms.CharField(
        label=later("What was wrong the first time"),
        max_length=300,
        required=False,
        help_text=later("Needed where it is one."),
    )
    now_right = forms.CharField(label=later("What is right now, or why it is none"), max_length=300)


class CheckInForm(TellForm):
    """The declined lines that are done in this visit, and a first word to the customer."""

    def __init__(self, *args: Any, lines: Sequence[DeclinedLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].label = _("Text to the customer")
        self.fields["key"].required = self.by_text
        self.fields["lines"] = forms.TypedMultipleChoiceField(
            label=_("Declined before: do it this time?"),
            choices=[(line.pk, line.description) for line in lines],
            coerce=int,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )

    @property
    def by_text(self) -> bool:
        """Nothing is sent unless that button was pressed."""
        return (self.data or {}).get("how") == TEXT
