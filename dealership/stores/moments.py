"""A moment as people type it: by the clock in the store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from dealership import clock
from dealership.language import later
from dealership.stores.hours import to_utc

FARTHEST = timedelta(days=2 * 366)
WIRE = "%Y-%m-%dT%H:%M"


class StoreMoment(forms.Field):
    """A date and time as the clock in the store shows it; an aware moment in UTC once read."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": 300}, format=WIRE)
    default_error_messages = {
        "unreadable": later("Give a day and a time, such as 2026-11-24 15:00."),
        "too_far": later("That is more than two years away."),
    }
    zone = ZoneInfo("UTC")

    def prepare_value(self, value: Any) -> Any:
        """The moment in the store's time; what was typed as it was typed."""
        return value.astimezone(self.zone).strftime(WIRE) if isinstance(value, datetime) else value

    def to_python(self, value: Any) -> datetime | None:
        """The moment in UTC. Raises ValidationError."""
        if value in self.empty_values:
            return None
        try:
            wall = datetime.strptime(str(value).strip().replace(" ", "T")[:16], WIRE)  # noqa: DTZ007 - the wall's
        except ValueError:
            raise forms.ValidationError(self.error_messages["unreadable"], code="unreadable") from None
        if abs(wall.replace(tzinfo=UTC) - clock.now()) > FARTHEST:
            raise forms.ValidationError(self.error_messages["too_far"], code="too_far")
        return to_utc(self.zone, wall)
