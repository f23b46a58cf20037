"""What people type about leads."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from dealership.customers import contact_points
from dealership.language import later
from dealership.messaging.wording import clean
from dealership.staff.models import StaffMember
from sales.adf.lead import AdfCustomer, AdfPhone, AdfProspect, AdfVehicle
from sales.models import Lead, LeadArrival

CAME = (
    ("Phone", later("They called")),
    ("Walk-in", later("They walked in")),
    ("Other", later("Another way")),
)
INTERESTS = (
    ("buy", later("Buy")),
    ("lease", later("Lease")),
    ("test-drive", later("Drive it first")),
    ("sell", later("Sell us a car")),
)
OUTCOMES = (
    (Lead.State.SOLD.value, later("Sold")),
    (Lead.State.LOST.value, later("Lost")),
    (Lead.State.JUNK.value, later("Was no lead")),
)


class LeadForm(forms.Form):
    """Who asks, how they are reached, and for what. Written down by a person."""

    source = forms.CharField(label=later("Came by"), max_length=80)
    first = forms.CharField(label=later("First name"), max_length=80, required=False)
    last = forms.CharField(label=later("Last name or business"), max_length=80)
    phone = forms.CharField(label=later("Phone"), max_length=40, required=False)
    email = forms.CharField(label=later("E-mail"), max_length=254, required=False)
    interest = forms.ChoiceField(label=later("Wants to"), choices=INTERESTS, initial="buy")
    year = forms.RegexField(
        label=later("Year"),
        regex=r"^(19|20)\d\d$",
        required=False,
        error_messages={"invalid": later("Four digits, as 2026.")},
    )
    make = forms.CharField(label=later("Make"), max_length=60, required=False)
    model = forms.CharField(label=later("Model"), max_length=80, required=False)
    stock = forms.CharField(label=later("Stock number"), max_length=40, required=False)
    comments = forms.CharField(
        label=later("What they asked"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    may_text = forms.BooleanField(label=later("We may text them about this"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].widget.attrs.update(type="tel", autocomplete="off")
        self.fields["email"].widget.attrs.update(inputmode="email", autocomplete="off")
        self.fields["year"].widget.attrs.update(inputmode="numeric")

    def clean_phone(self) -> str:
        """E.164, or nothing."""
        text = self.cleaned_data["phone"].strip()
        value = contact_points.phone_of(text) if text else ""
        if text and not value:
            raise forms.ValidationError(
                _("This is no phone number: type it with area code, as (973) 555-0117.")
            )
        return value

    def clean_email(self) -> str:
        """In lower case, or nothing."""
        text = self.cleaned_data["email"].strip()
        value = contact_points.email_of(text) if text else ""
        if text and not value:
            raise forms.ValidationError(_("This is no e-mail address: it needs a name, an @ and a domain."))
        return value

    def clean(self) -> dict[str, Any]:
        """Who cannot be reached cannot be answered."""
        cleaned = super().clean() or self.cleaned_data
        if (
            not {"phone", "email"} & set(self.errors)
            and not cleaned.get("phone")
            and not cleaned.get("email")
        ):
            self.add_error("phone", _("Give a phone or an e-mail, or they cannot be answered."))
        return cleaned

    def prospect(self) -> AdfProspect:
        """What was typed, as a provider would have sent it."""
        typed = {
            name: clean(value) if isinstance(value, str) else value
            for name, value in self.cleaned_data.items()
        }
        phone = typed["phone"]
        vehicle = AdfVehicle(
            interest=typed["interest"],
            year=typed["year"],
            make=typed["make"],
            model=typed["model"],
            stock=typed["stock"],
        )
        return AdfProspect(
            customer=AdfCustomer(
                first=typed["first"],
                last=typed["last"],
                full=f"{typed['first']} {typed['last']}".strip(),
                emails=(typed["email"],) if typed["email"] else (),
                phones=(AdfPhone(raw=phone, type="cellphone", e164=phone),) if phone else (),
            ),
            vehicles=(vehicle,),
            comments=typed["comments"],
            provider=typed["source"],
        )


class NewLeadForm(LeadForm):
    """A lead that walked in or called."""

    source = forms.CharField(
        label=later("Came by"), max_length=80, widget=forms.RadioSelect(choices=CAME), initial="Phone"
    )
    spoken = forms.BooleanField(
        label=later("I am speaking with them now"),
        help_text=later("Then they have heard from a person, and no answer is owed."),
        required=False,
        initial=True,
    )


def hinted(arrival: LeadArrival) -> dict[str, str]:
    """What was found in an unreadable arrival, where it belongs in the form."""
    hints = arrival.hints
    first, _space, last = (hints.get("names") or [""])[0].rpartition(" ")
    return {
        "source": "Mail" if arrival.came_by == "mail" else "Web form",
        "first": first,
        "last": last,
        "phone": (hints.get("phones") or [""])[0],
        "email": (hints.get("emails") or [""])[0],
    }


class DismissForm(forms.Form):
    """It is no lead, and why."""

    why = forms.CharField(label=later("What is it, then?"), max_length=200)


class CloseForm(forms.Form):
    """How a lead ends."""

    outcome = forms.ChoiceField(label=later("It is"), choices=OUTCOMES, widget=forms.RadioSelect)
    why = forms.CharField(label=later("Why"), max_length=120, required=False)


class HandOverForm(forms.Form):
    """Who answers from now on."""

    to = forms.ModelChoiceField(label=later("To"), queryset=StaffMember.objects.none(), empty_label=None)
    why = forms.CharField(label=later("Why"), max_length=160)

    def __init__(self, *args: Any, team: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = team
