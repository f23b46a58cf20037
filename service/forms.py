"""What people send on service's pages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from dealership.stores.hours import to_utc

REASONS = ["Done elsewhere", "Car sold", "Not wanted now", "Too expensive"]


class CloseForm(forms.Form):
    """Why declined work will not be bought here, in the customer's words."""

    why = forms.CharField(
        label="What did the customer say?",
        max_length=120,
        widget=forms.TextInput(attrs={"list": "reasons"}),
    )


class BookForm(forms.Form):
    """When the customer comes for the work; the time is the store's."""

    day = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}))
    time = forms.TimeField(label="Time", widget=forms.TimeInput(attrs={"type": "time"}))

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        self.zone = zone
        super().__init__(*args, **kwargs)

    @property
    def starts_at(self) -> datetime:
        """The time that was typed, in UTC. Valid forms only."""
        wall = datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"])
        return to_utc(self.zone, wall).astimezone(UTC)
