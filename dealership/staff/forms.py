"""What people type about people."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dealership import clock
from dealership.language import later
from dealership.staff.models import StaffMember, Team
from dealership.staff.people import Details
from dealership.staff.roles import Role
from dealership.stores.hours import to_utc
from dealership.stores.models import Department

LANGUAGES = (
    ("en", later("English")),
    ("es", later("Spanish")),
    ("pt", later("Portuguese")),
    ("fr", later("French")),
    ("zh", later("Chinese")),
    ("vi", later("Vietnamese")),
    ("ko", later("Korean")),
    ("ru", later("Russian")),
    ("pl", later("Polish")),
    ("ar", later("Arabic")),
)
WIRE = "%Y-%m-%dT%H:%M"
FARTHEST = timedelta(days=2 * 366)


class PersonForm(forms.Form):
    """Who somebody is here."""

    name = forms.CharField(label=later("Name"), max_length=120)
    role = forms.ChoiceField(
        label=later("Role"), choices=Role.choices, help_text=later("It decides what they may open.")
    )
    email = forms.EmailField(
        label=later("E-mail"),
        required=False,
        max_length=254,
        help_text=later("They sign in with it. Without one they do not."),
    )
    team = forms.TypedChoiceField(
        label=later("Team"), required=False, coerce=int, empty_value=None, choices=()
    )
    dms_number = forms.CharField(
        label=later("Number in the DMS"),
        required=False,
        max_length=24,
        help_text=later("It stands on ROs and deals."),
    )
    languages = forms.MultipleChoiceField(
        label=later("Speaks"), choices=LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    capacity = forms.IntegerField(
        label=later("Room for"),
        min_value=1,
        max_value=500,
        help_text=later("Open promises at a time; then others are asked first."),
    )

    def __init__(self, *args: Any, store_id: int, staff: StaffMember | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("initial", _initial(staff))
        super().__init__(*args, **kwargs)
        self.teams = {team.pk: team for team in Team.objects.of_store(store_id).order_by("name")}
        team = self.fields["team"]
        team.choices = [("", _("none")), *((pk, row.name) for pk, row in self.teams.items())]  # type: ignore[attr-defined]
        known = {code for code, name in LANGUAGES}
        others = [code for code in _codes(staff) if code not in known]
        speaks = self.fields["languages"]
        speaks.choices = [*LANGUAGES, *((code, code) for code in others)]  # type: ignore[attr-defined]

    @property
    def details(self) -> Details:
        """What was typed."""
        typed = self.cleaned_data
        return Details(
            name=" ".join(typed["name"].split()),
            role=Role(typed["role"]),
            email=typed["email"].lower(),
            team=self.teams.get(typed["team"]),
            dms_number=typed["dms_number"],
            languages=",".join(typed["languages"])[:40],
            capacity=typed["capacity"],
        )


class AbsenceForm(forms.Form):
    """A time away, as the clock in the store shows it."""

    starts_at = forms.DateTimeField(required=False, help_text=later("Empty: from now on."))
    until = forms.DateTimeField(label=later("Until"), required=False, help_text=later("Empty: open end."))
    reason = forms.CharField(
        label=later("Why"), required=False, max_length=80, help_text=later("As vacation, or sick.")
    )

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["starts_at"].label = pgettext("time", "From")
        for name in ("starts_at", "until"):
            self.fields[name].widget = forms.DateTimeInput(
                attrs={"type": "datetime-local", "step": 300}, format=WIRE
            )
            self.fields[name].error_messages["invalid"] = _(
                "Give a day and a time, such as 2026-11-24 15:00."
            )

    def clean_starts_at(self) -> datetime | None:
        """In UTC."""
        return self._moment("starts_at")

    def clean_until(self) -> datetime | None:
        """In UTC."""
        return self._moment("until")

    def _moment(self, name: str) -> datetime | None:
        typed: datetime | None = self.cleaned_data[name]
        if typed is None:
            return None
        if abs(typed - clock.now()) > FARTHEST:
            raise forms.ValidationError(_("That is more than two years away."))
        return to_utc(self.zone, typed.replace(tzinfo=None))


class TeamForm(forms.Form):
    """People who share a queue, and who answers for it."""

    name = forms.CharField(label=later("Name"), max_length=60)
    department = forms.ChoiceField(label=later("Department"), choices=Department.choices)
    lead = forms.TypedChoiceField(
        coerce=int, choices=(), help_text=later("Answers for what nobody has taken yet.")
    )

    def __init__(self, *args: Any, people: list[StaffMember], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lead = self.fields["lead"]
        lead.label = pgettext("of a team", "Lead")
        lead.choices = [(row.pk, f"{row.name}, {row.role_label}") for row in people]  # type: ignore[attr-defined]


def _codes(staff: StaffMember | None) -> list[str]:
    return [code.strip() for code in staff.languages.split(",") if code.strip()] if staff else ["en"]


def _initial(staff: StaffMember | None) -> dict[str, Any]:
    if staff is None:
        return {"languages": ["en"], "capacity": 40}
    return {
        "name": staff.name,
        "role": staff.role,
        "email": staff.user.email if staff.user else "",
        "team": staff.team_id,
        "dms_number": staff.dms_number,
        "languages": _codes(staff),
        "capacity": staff.capacity,
    }


class LanguageForm(forms.Form):
    """In which language the pages speak."""

    language = forms.ChoiceField(choices=settings.LANGUAGES)
