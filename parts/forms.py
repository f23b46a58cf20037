"""What people type about parts."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from dealership.language import later, later_as
from dealership.lists.many import ManyForm
from dealership.messaging.wording import clean
from parts.lives import dollars
from parts.models import PartsRequest, SpecialOrderPart

WHY_NOT = ["Customer declined", "Found another way", "Asked for twice"]
#: The same as pages say them: what is kept is English.
WHY_NOT_SAID = (later("Customer declined"), later("Found another way"), later("Asked for twice"))
NO_PIECES = later("Give a whole number from 1.")


class _Day(forms.DateField):
    """A day, picked or typed."""

    def __init__(self, *, label: str, required: bool = False, help_text: str = "") -> None:
        super().__init__(
            label=label,
            required=required,
            help_text=help_text,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        )


class _Words(forms.CharField):
    """Words without what a database refuses."""

    def clean(self, value: object) -> str:
        return clean(str(super().clean(value)))


class AskForm(forms.Form):
    """Which part, how many, and for what. `key` is the browser's own: pressed twice, it is asked once."""

    key = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"invalid": later("Load this page again.")}
    )
    ro_number = _Words(
        label=later("RO number"),
        max_length=24,
        required=False,
        help_text=later("Empty: sold over the counter."),
    )
    description = _Words(label=later("Which part"), max_length=120)
    part_number = _Words(label=later("Part number"), max_length=40, required=False)
    quantity = forms.IntegerField(
        label=later("How many"), min_value=1, max_value=999, initial=1, error_messages={"invalid": NO_PIECES}
    )
    for_line = _Words(label=later("RO line"), max_length=8, required=False)
    note = _Words(label=later("Note for the counter"), max_length=300, required=False)
    customer = forms.IntegerField(widget=forms.HiddenInput, required=False)


def fresh_ask(**known: object) -> AskForm:
    """An empty form with a key of its own, and what is known already."""
    return AskForm(initial={"key": uuid.uuid4(), "quantity": 1, **known})


class QuoteForm(forms.Form):
    """What it costs, and when it can be here."""

    price = forms.DecimalField(
        label=later("Price for the customer, $"), max_digits=9, decimal_places=2, min_value=Decimal(0)
    )
    part_number = _Words(label=later("Part number"), max_length=40, required=False)
    in_stock = forms.BooleanField(label=later("It lies on the shelf"), required=False)
    eta_date = _Day(label=later("Here by, if ordered today"))

    @property
    def price_cents(self) -> int:
        """Valid forms only."""
        return int(self.cleaned_data["price"] * 100)


class OrderForm(forms.Form):
    """Where it was ordered, and for which day; for a part that is quoted, whether the customer said yes to its price."""

    approved = forms.BooleanField(required=False, initial=True)
    eta_date = _Day(label=later("Here by"), help_text=later("Empty: the source gives no day yet."))
    source = _Words(label=later("From"), max_length=60, required=False)
    how = forms.ChoiceField(
        label=later("Kind of order"), choices=SpecialOrderPart.How.choices, initial="daily"
    )

    def __init__(self, *args: Any, part: PartsRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if part.state == PartsRequest.State.QUOTED:
            told = {"price": dollars(part.price_cents)}
            # What lies on the shelf is ordered for the shelf.
            self.fields["approved"].initial = not part.in_stock
            self.fields["approved"].label = _("The customer said yes to %(price)s") % told
        else:
            del self.fields["approved"]


class ChangeForm(forms.Form):
    """Why it comes on another day, and on which."""

    reason = forms.ChoiceField(
        label=later("What happened"),
        choices=[
            ("eta", later("Comes on another day")),
            ("backordered", later("Backordered")),
            ("superseded", later("Replaced by a newer number")),
        ],
        initial="eta",
        widget=forms.RadioSelect,
    )
    eta_date = _Day(label=later("Here by"), help_text=later("Empty: nobody knows."))
    new_number = _Words(label=later("New part number"), max_length=40, required=False)


class MoveForm(ManyForm):
    """On which day many come that come together."""

    eta_date = _Day(label=later("Here by"), required=True)


class ReceiveForm(forms.Form):
    """How many came, and where they lie."""

    had = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    n = forms.IntegerField(label=later("How many came"), min_value=1, error_messages={"invalid": NO_PIECES})
    bin = _Words(label=later("Bin"), max_length=24, required=False)
    car_is_here = forms.BooleanField(label=later("The car is in the shop"), required=False)
    rest_date = _Day(label=later("The rest comes by"), help_text=later("Only if some are missing."))


class RefuseForm(forms.Form):
    """What came cannot be used."""

    reason = forms.ChoiceField(
        label=later("What came"),
        choices=[("wrong", later("The wrong part came")), ("damaged", later("Arrived damaged"))],
        initial="wrong",
        widget=forms.RadioSelect,
    )
    eta_date = _Day(label=later("Ordered again, here by"), help_text=later("Empty: nobody knows."))


class GiveBackForm(forms.Form):
    """Where it went, and why it was not fitted."""

    outcome = forms.ChoiceField(
        label=later_as("part", "It"),
        choices=[
            ("returned", later("Went back to the source")),
            ("shelved", later("Went to the shelf")),
            ("written_off", later("Was written off")),
        ],
        initial="returned",
        widget=forms.RadioSelect,
    )
    why = _Words(label=later("Why it was not fitted"), max_length=120)


class CancelForm(forms.Form):
    """Why nobody needs it."""

    why = _Words(label=later("Why"), max_length=120, widget=forms.TextInput(attrs={"list": "why-not"}))
