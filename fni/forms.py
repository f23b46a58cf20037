"""What people send on F&I's pages. There is no field for a social security number, a card, an income or a credit score."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from dealership.language import later, later_as
from fni import checklists, stipulations
from fni.jackets import Described
from fni.models import ChecklistItem, DealJacket

NO_NUMBERS = later("No social security, card or account numbers: they are removed.")
DEAL_TYPES = [("", later("Not known yet")), *DealJacket.DealType.choices]
CONDITIONS = [("", later("Not known yet")), ("new", later("New")), ("used", later("Used"))]
HOW = [("phone", later("On the phone")), ("in person", later("In person"))]


class _Form(forms.Form):
    """Several stand on one page: each names its fields by itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{type(self).__name__.lower()}-%s")
        super().__init__(*args, **kwargs)


class RefuseForm(_Form):
    """What is missing: things of the checklist, and words."""

    missing = forms.MultipleChoiceField(
        label=later("Missing"), required=False, widget=forms.CheckboxSelectMultiple, choices=[]
    )
    words = forms.CharField(label=later("In words"), max_length=200, required=False, help_text=NO_NUMBERS)

    def __init__(self, *args: Any, keys: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["missing"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(key, checklists.ALL[key].words) for key in keys]


class ItemForm(_Form):
    """Whether a thing is here."""

    state = forms.ChoiceField(choices=ChecklistItem.State.choices)
    why = forms.CharField(label=later("Why is it not needed?"), max_length=120, required=False)


class DescribeForm(_Form):
    """What decides the checklist, and what only F&I knows."""

    deal_type = forms.ChoiceField(label=later("Deal"), choices=DEAL_TYPES, required=False)
    condition = forms.ChoiceField(label=later("Car"), choices=CONDITIONS, required=False)
    has_trade = forms.BooleanField(label=later("A trade comes in"), required=False)
    is_large_cash = forms.BooleanField(label=later("Over $10,000 in cash"), required=False)
    lender = forms.CharField(label=later("Lender"), max_length=80, required=False)
    amount = forms.DecimalField(
        label=later("Amount financed, $"), required=False, min_value=0, max_value=9_999_999, decimal_places=2
    )

    @classmethod
    def of(cls, jacket: DealJacket) -> DescribeForm:
        """With what is known."""
        cents = jacket.amount_financed_cents
        return cls(
            initial={
                "deal_type": jacket.deal_type,
                "condition": jacket.condition,
                "has_trade": jacket.has_trade,
                "is_large_cash": jacket.is_large_cash,
                "lender": jacket.lender,
                "amount": Decimal(cents) / 100 if cents is not None else None,
            }
        )

    def told(self) -> Described:
        """What was typed. Valid forms only."""
        typed = self.cleaned_data
        return Described(
            typed["deal_type"],
            typed["condition"],
            typed["has_trade"],
            typed["is_large_cash"],
            typed["lender"],
            cents(typed["amount"]),
        )


class ContractForm(_Form):
    """Who finances, and how much."""

    lender = forms.CharField(label=later("Lender"), max_length=80, required=False)
    amount = forms.DecimalField(
        label=later("Amount financed, $"), required=False, min_value=0, max_value=9_999_999, decimal_places=2
    )

    def __init__(self, *args: Any, jacket: DealJacket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lender"].required = jacket.has_lender
        self.fields["lender"].error_messages["required"] = _("Name the lender.")


class KickBackForm(_Form):
    """What the lender wants corrected."""

    why = forms.CharField(
        label=later("What does the lender want corrected?"), max_length=200, help_text=NO_NUMBERS
    )
    needs_customer = forms.BooleanField(label=later("The customer must sign again"), required=False)


class FundForm(_Form):
    """When the money came."""

    paid_on = forms.DateField(
        label=later("Paid on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=later("Empty: today."),
    )


class TitleForm(_Form):
    """The proof that title and plates are out."""

    proof = forms.CharField(label=later("Tracking or receipt number"), max_length=120)


class StipForm(_Form):
    """What the lender still wants."""

    what = forms.CharField(
        label=later("What does the lender want?"),
        max_length=120,
        widget=forms.TextInput(attrs={"list": "common-stips"}),
        help_text=NO_NUMBERS,
    )


class AskedForm(_Form):
    """How the customer was asked."""

    how = forms.ChoiceField(label=later_as("stip", "Asked"), choices=HOW)


class AskForm(_Form):
    """The text that asks."""

    body = forms.CharField(label=later("Text"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].widget.attrs["lang"] = language


class DropForm(_Form):
    """Why the lender no longer wants it."""

    why = forms.CharField(label=later("Why does the lender no longer want it?"), max_length=120)


def cents(amount: Decimal | None) -> int | None:
    """Dollars as cents."""
    return int(amount * 100) if amount is not None else None


COMMON_STIPS = list(stipulations.COMMON)
