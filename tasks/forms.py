"""What people type about promises."""

from __future__ import annotations

from datetime import date
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dealership.customers.models import Customer
from dealership.language import later
from dealership.lists.many import ManyForm, ToColleagueForm
from dealership.messaging.models import Call
from dealership.staff.models import StaffMember
from dealership.staff.roles import Role
from dealership.stores.moments import StoreMoment
from tasks import due as due_times
from tasks import periods
from tasks.models import Promise, StoreOverride
from tasks.playbook import Rule


class ColleagueChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Colleagues by name, with what they do and carry."""

    def label_from_instance(self, obj: Any) -> str:
        """ "Sam Tully · Salesperson · 12 open"."""
        n_open = ngettext("%(n)s open", "%(n)s open", obj.n_open) % {"n": obj.n_open}
        return f"{obj.name} · {obj.role_label} · {n_open}"


class HandOffManyForm(ToColleagueForm):
    """Who gets them, and why."""

    why = forms.CharField(
        label=later("Why"), max_length=240, help_text=later("They read it with each promise.")
    )

    def colleagues(self) -> Any:
        """Everybody else."""
        return super().colleagues().exclude(pk=self.staff.pk)


class WaiveManyForm(ManyForm):
    """Why they need not be kept."""

    why = forms.CharField(
        label=later("Why they need not be kept"),
        max_length=240,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=later("Your name and this sentence stay with each promise."),
    )


def colleagues(staff: StaffMember) -> Any:
    """Everybody who works at this store, with how many promises they carry."""
    return (
        StaffMember.objects.visible_to(staff)
        .filter(is_active=True)
        .annotate(n_open=Count("promises", filter=Q(promises__state=Promise.State.OPEN)))
        .order_by("name")
    )


class HandOffForm(forms.Form):
    """To whom, and why."""

    to = ColleagueChoice(
        queryset=StaffMember.objects.none(), label=later("To whom"), empty_label=later("Choose a colleague")
    )
    why = forms.CharField(
        label=later("Why"),
        max_length=240,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=later("They read it with the promise."),
    )

    def __init__(self, *args: Any, staff: StaffMember, promise: Promise, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(ColleagueChoice, self.fields["to"])
        field.queryset = colleagues(staff).exclude(pk=promise.owner_id)


class WaiveForm(forms.Form):
    """Why it need not be kept."""

    why = forms.CharField(
        label=later("Why it need not be kept"),
        max_length=240,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=later("Your name and this sentence stay with the promise."),
    )


class FinishForm(forms.Form):
    """What was done."""

    why = forms.CharField(
        label=later("What was done"), max_length=240, widget=forms.Textarea(attrs={"rows": 2})
    )


class RenegotiateForm(forms.Form):
    """A new time, and the words with which the customer was told."""

    due_at = StoreMoment(label=later("New time"))
    words = forms.CharField(
        label=later("What the customer was told"),
        max_length=240,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=later("A new time counts when they heard of it before the old one passed."),
    )

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(StoreMoment, self.fields["due_at"]).zone = zone


class CallForm(forms.Form):
    """How a call went."""

    outcome = forms.ChoiceField(
        label=later("How it went"), choices=Call.Outcome.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=later("What was said"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class MakeForm(forms.Form):
    """A promise that a person makes: what, to whom, by when, and who keeps it."""

    sentence = forms.CharField(
        label=later("What is promised"),
        max_length=160,
        widget=forms.TextInput(attrs={"placeholder": later("I call back with the price"), "autofocus": True}),
        help_text=later("A sentence in the customer’s interest."),
    )
    customer = forms.ModelChoiceField(
        queryset=Customer.objects.none(), label=later("To whom"), required=False, widget=forms.HiddenInput
    )
    due_at = StoreMoment(label=later("By when"))
    owner = ColleagueChoice(
        queryset=StaffMember.objects.none(), label=later("Who keeps it"), empty_label=None
    )

    def __init__(self, *args: Any, staff: StaffMember, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(StoreMoment, self.fields["due_at"]).zone = staff.store.tz
        people = cast(ColleagueChoice, self.fields["owner"])
        people.queryset, people.initial = colleagues(staff), staff.pk
        customers = cast("forms.ModelChoiceField[Customer]", self.fields["customer"])
        customers.queryset = Customer.objects.visible_to(staff).filter(merged_into=None)


UNITS: dict[str, tuple[str, Any, int]] = {
    "open_minutes": (later("open minutes"), due_times.open_minutes, 60 * 24 * 60),
    "open_hours": (later("open hours"), due_times.open_hours, 24 * 60),
    "open_days": (later("open days"), due_times.open_days, 3650),
    "wall_minutes": (later("minutes by the clock"), due_times.wall_minutes, 60 * 24 * 60),
    "wall_hours": (later("hours by the clock"), due_times.wall_hours, 24 * 60),
}


def amount_of(due: Any) -> tuple[int, str] | None:
    """A due time as a number and a unit; None for one that a number cannot say."""
    match due:
        case due_times.OpenMinutes(n):
            return (n // 60, "open_hours") if n >= 120 and n % 60 == 0 else (n, "open_minutes")
        case due_times.WallMinutes(n):
            return (n // 60, "wall_hours") if n >= 120 and n % 60 == 0 else (n, "wall_minutes")
        case due_times.OpenDays(n):
            return n, "open_days"
    return None


class OverrideForm(forms.Form):
    """A store's own numbers for a rule, from now on."""

    is_on = forms.BooleanField(label=later("This store keeps this promise"), required=False)
    amount = forms.IntegerField(label=later("Due after"), min_value=1)
    unit = forms.ChoiceField(
        label=later("Counted in"), choices=[(key, unit[0]) for key, unit in UNITS.items()]
    )
    owner_role = forms.ChoiceField(label=later("Owed by"), required=False)
    why = forms.CharField(
        label=later("Why"), max_length=200, help_text=later("Stands in the history, with your name.")
    )

    def __init__(self, *args: Any, rule: Rule, override: StoreOverride | None, **kwargs: Any) -> None:
        due = due_times.from_json(override.due) if override and override.due else rule.due
        amount = amount_of(due)
        kwargs["initial"] = {
            "is_on": override.is_on if override else True,
            "owner_role": override.owner_role if override else "",
            "amount": amount[0] if amount else None,
            "unit": amount[1] if amount else None,
        }
        super().__init__(*args, **kwargs)
        own = _("%(role)s (the rule’s own)") % {"role": rule.owed_by.label}
        others = [choice for choice in Role.choices if choice[0] != rule.owed_by]
        cast(forms.ChoiceField, self.fields["owner_role"]).choices = [("", own), *others]
        self.rule = rule
        if amount_of(rule.due) is None:
            del self.fields["amount"], self.fields["unit"]

    def clean(self) -> dict[str, Any]:
        """Adds `due`: the expression, or None for the rule's own."""
        data: dict[str, Any] = super().clean() or {}
        data["due"] = None
        if data.get("amount") and data.get("unit") in UNITS:
            label, make, most = UNITS[data["unit"]]
            if data["amount"] > most:
                self.add_error("amount", _("At most %(n)s %(unit)s.") % {"n": f"{most:,}", "unit": label})
                return data
            due = make(data["amount"])
            data["due"] = None if due == self.rule.due else due
        return data


class PeriodForm(forms.Form):
    """Which days are looked at. Without a name: the usual period; days by themselves mean "custom"."""

    period = forms.ChoiceField(
        choices=list(periods.NAMES.items()),
        required=False,
        label=later("Period"),
        error_messages={"invalid_choice": later("There is no such period.")},
    )
    first = forms.DateField(
        required=False,
        label=later("From"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": later("The first day cannot be read: choose one.")},
    )
    last = forms.DateField(
        required=False,
        label=later("To"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": later("The last day cannot be read: choose one.")},
    )
    compare = forms.ChoiceField(
        choices=[("on", later("compared with before")), ("off", later("by itself"))],
        required=False,
        label=later("Compare"),
        error_messages={"invalid_choice": later("Compared with what went before, or not: nothing else.")},
    )

    def __init__(self, data: Any, *, today: date, zone: ZoneInfo) -> None:
        super().__init__(data)
        self.today, self.zone = today, zone

    def clean(self) -> dict[str, Any]:
        """`span`: the period that is meant."""
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        key = data.get("period") or ("custom" if first and last else periods.USUAL)
        if key != "custom" or self.errors:
            data["span"] = periods.named(key if key != "custom" else periods.USUAL, self.today, self.zone)
            return data
        last = last or self.today
        first = first or last
        if first > last:
            self.add_error("last", _("This day comes before the first: turn them round."))
        elif (last - first).days >= periods.MOST_DAYS:
            self.add_error("last", _("Choose at most %(n)s days.") % {"n": periods.MOST_DAYS})
        elif first.year < 2000 or last.year > 2100:
            self.add_error("first", _("Choose days of this century."))
        else:
            data["span"] = periods.Period(first, last, self.zone)
        return data

    @property
    def span(self) -> periods.Period:
        """The period; the usual one where what was typed cannot be read."""
        self.is_valid()
        found: periods.Period | None = self.cleaned_data.get("span")
        return found or periods.named(periods.USUAL, self.today, self.zone)

    @property
    def compares(self) -> bool:
        """Whether it is compared with the days before."""
        self.is_valid()
        return self.cleaned_data.get("compare") != "off"
