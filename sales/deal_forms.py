"""What people type about deals, what is owed with them, and cars in stock."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _

from dealership.language import later
from dealership.messaging.wording import clean
from dealership.staff.models import StaffMember
from dealership.stores.hours import to_utc
from dealership.vehicles import vin as vins
from sales.models import Deal, InventoryUnit

TYPES = (("", later("not said yet")), *Deal.Type.choices)
CONDITIONS = (("", later("not said")), *Deal.Condition.choices)


class _VinForm(forms.Form):
    """A form that names a car by its VIN."""

    def clean_vin(self) -> str:
        """As it identifies a car, or nothing."""
        text: str = self.cleaned_data["vin"].strip()
        if not text:
            return ""
        reading = vins.read(text)
        if not reading.usable:
            raise forms.ValidationError(_("This VIN identifies no car: %(why)s.") % {"why": reading.why})
        return reading.vin


class NewDealForm(_VinForm):
    """A deal that is begun at the desk, for a customer who was chosen before."""

    stock_number = forms.CharField(label=later("Stock number"), max_length=24, required=False)
    vin = forms.CharField(label="VIN", max_length=40, required=False)
    car = forms.CharField(label=later("The car in words"), max_length=120, required=False)
    condition = forms.ChoiceField(label=later("Condition"), choices=CONDITIONS, required=False)
    deal_type = forms.ChoiceField(label=later("They pay by"), choices=TYPES, required=False)
    co_buyer_name = forms.CharField(label=later("Co-buyer"), max_length=160, required=False)
    salesperson = forms.ModelChoiceField(
        label=later("Salesperson"), queryset=StaffMember.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, team: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["salesperson"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = team
        self.fields["vin"].widget.attrs.update(autocomplete="off", spellcheck="false")

    def clean(self) -> dict[str, Any]:
        """A deal is about a car."""
        cleaned = super().clean() or self.cleaned_data
        for name, value in cleaned.items():
            if isinstance(value, str):
                cleaned[name] = clean(value).strip()
        if "vin" not in self.errors and not any(cleaned.get(name) for name in ("stock_number", "vin", "car")):
            self.add_error("stock_number", _("Name the car: its stock number, its VIN, or what it is."))
        return cleaned


class WhyForm(forms.Form):
    """Why something ends."""

    why = forms.CharField(label=later("Why"), max_length=160)


class MendForm(forms.Form):
    """What sales brought that F&I had found missing."""

    what = forms.CharField(label=later("What you brought"), max_length=160)


class PlanForm(forms.Form):
    """The hour of the delivery, in the store's zone."""

    day = forms.DateField(label=later("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    time = forms.TimeField(
        label=later("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        self.zone = zone
        super().__init__(*args, **kwargs)

    @property
    def at(self) -> datetime:
        """The hour that was typed, in UTC. Valid forms only."""
        return to_utc(self.zone, datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"]))


class WeOweForm(forms.Form):
    """What the customer is owed, by which day, from whom."""

    item = forms.CharField(label=later("What we owe"), max_length=160)
    on = forms.DateField(label=later("By"), widget=forms.DateInput(attrs={"type": "date"}))
    owner = forms.ModelChoiceField(label=later("From"), queryset=StaffMember.objects.none(), empty_label=None)

    def __init__(self, *args: Any, team: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = team


class DayForm(forms.Form):
    """Another day that the customer was told."""

    on = forms.DateField(label=later("New day"), widget=forms.DateInput(attrs={"type": "date"}))


class SignedForm(forms.Form):
    """Who took it over."""

    signed_by = forms.CharField(label=later("Who took it over"), max_length=80)


class UnitForm(_VinForm):
    """A car that came into stock."""

    stock_number = forms.CharField(label=later("Stock number"), max_length=24)
    vin = forms.CharField(label="VIN", max_length=40, required=False)
    car = forms.CharField(label=later("The car in words"), max_length=120, required=False)
    condition = forms.ChoiceField(label=later("Condition"), choices=CONDITIONS, required=False)
    how = forms.ChoiceField(label=later("It came"), choices=InventoryUnit.How.choices)
    acquired_on = forms.DateField(label=later("On"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        """A unit is a car."""
        cleaned = super().clean() or self.cleaned_data
        if "vin" not in self.errors and not cleaned.get("vin") and not cleaned.get("car", "").strip():
            self.add_error("vin", _("Name the car: its VIN, or what it is."))
        return cleaned
