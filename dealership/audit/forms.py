"""What is asked of the trail."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext as _

from dealership.audit import called
from dealership.audit.kinds import KINDS
from dealership.audit.trail import Asked
from dealership.language import later

#: As far as a page looks by itself.
USUAL = timedelta(days=6)


def _acts() -> list[tuple[str, str]]:
    return [("", _("Everything")), *called.acts().items()]


class TrailForm(forms.Form):
    """Days, a person, an action, a kind. What is not understood is as if it had not been asked."""

    since = forms.DateField(required=False)
    until = forms.DateField(required=False)
    who = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    action = forms.ChoiceField(required=False, choices=_acts)
    kind = forms.ChoiceField(
        required=False,
        choices=[("", later("Every record")), *((name, kind.label) for name, kind in KINDS.items())],
    )

    def __init__(self, data: object, *, people: list[tuple[int, str]], today: date) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.today = today
        self.fields["who"].choices = [("", _("Everybody")), *people]  # type: ignore[attr-defined]

    @property
    def asked(self) -> Asked:
        """The last week of everybody, but for what was asked."""
        self.is_valid()
        typed = self.cleaned_data
        until = _within(typed.get("until")) or self.today
        since = _within(typed.get("since")) or until - USUAL
        if since > until:
            since, until = until, since
        return Asked(
            since=since,
            until=until,
            who=typed.get("who"),
            action=typed.get("action") or "",
            kind=typed.get("kind") or "",
        )


def _within(day: date | None) -> date | None:
    """A day of which there can be a trail."""
    return day if day and 2000 <= day.year < 2200 else None
