"""What people type about visits."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _

from dealership.appointments.models import Appointment
from dealership.language import later
from dealership.messaging.forms import AGAIN, TextForm
from dealership.staff.models import StaffMember
from dealership.stores.hours import to_utc
from dealership.stores.models import Department

TRANSPORTS = [("", later("not said")), *Appointment.Transport.choices]


TIME_FORMATS = ["%H:%M", "%I:%M %p", "%I:%M%p", "%I %p", "%I%p"]


class TimeForm(forms.Form):
    """A day and a time of it, in the store's zone; `starts_at` is that moment."""

    day = forms.DateField(label=later("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    time = forms.TimeField(
        label=later("Time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        input_formats=TIME_FORMATS,
        error_messages={"invalid": later("A time as 9:40 am.")},
    )

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    @property
    def starts_at(self) -> datetime:
        """The moment that was typed, in UTC."""
        day: date = self.cleaned_data["day"]
        wall: time = self.cleaned_data["time"]
        return to_utc(self.zone, datetime.combine(day, wall))


class GiveForm(forms.Form):
    """Who expects the customer; nobody said: whoever is free."""

    to = forms.ModelChoiceField(
        label=later("With"),
        queryset=StaffMember.objects.none(),
        required=False,
        empty_label=later("whoever is free"),
    )

    def __init__(self, *args: Any, staff: StaffMember, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = StaffMember.objects.visible_to(staff).filter(is_active=True)
        self.fields["to"].queryset = here.order_by("name")  # type: ignore[attr-defined]


class AnswerForm(TextForm, TimeForm):
    """Another time for a visit, and the text that tells it. `version`: the visit as it stood when the form was drawn."""

    version = forms.IntegerField(
        min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput, error_messages={"invalid": AGAIN}
    )


class BookForm(TimeForm):
    """A new visit. The customer is chosen before; a sales visit needs no car."""

    department = forms.ChoiceField(label=later("Department"), choices=Department.choices)
    vehicle = forms.TypedChoiceField(
        label=later("Car"), required=False, coerce=int, empty_value=None, choices=()
    )
    person = forms.TypedChoiceField(
        label=later("With"), required=False, coerce=int, empty_value=None, choices=()
    )
    concern = forms.CharField(
        label=later("What for"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    transport = forms.ChoiceField(label=later("Transport"), required=False, choices=TRANSPORTS)

    def __init__(
        self,
        *args: Any,
        vehicles: list[tuple[int, str]],
        people: list[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.fields["concern"].widget.attrs["autofocus"] = True
        self.fields["vehicle"].choices = [("", _("no car, or not known")), *vehicles]  # type: ignore[attr-defined]
        self.fields["person"].choices = [("", _("whoever is free")), *people]  # type: ignore[attr-defined]
