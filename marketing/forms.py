"""What people type on marketing's pages."""

from __future__ import annotations

from typing import Any

from django import forms

from dealership.stores.models import Department
from marketing.models import Review

RATINGS = ((str(n), str(n)) for n in range(1, 6))
YES_NO = (("yes", "Yes, it is settled"), ("no", "Not yet"))


class AnswerForm(forms.Form):
    """What a customer told a person about how it was."""

    rating = forms.TypedChoiceField(
        label="From 1 (poor) to 5 (great)",
        choices=(("", "No number was given"), *RATINGS),
        coerce=int,
        empty_value=None,
        required=False,
    )
    words = forms.CharField(
        label="What they said", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    is_unhappy = forms.BooleanField(
        label="They are not happy", help_text="Then a manager calls them.", required=False
    )


class RecoveryForm(forms.Form):
    """How an unhappy customer was won back."""

    what_went_wrong = forms.CharField(
        label="What went wrong", max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    what_was_done = forms.CharField(
        label="What was done about it", max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    is_resolved = forms.TypedChoiceField(
        label="Is it settled?", choices=YES_NO, coerce=lambda said: said == "yes", widget=forms.RadioSelect
    )


class ReviewSiteForm(forms.Form):
    """Where customers are asked to write."""

    name = forms.CharField(label="Site", max_length=40, help_text="Google, DealerRater.")
    url = forms.URLField(
        label="Address of the store’s page there",
        max_length=120,
        assume_scheme="https",
        help_text="At most 120 characters: it goes into the text.",
    )

    def clean_url(self) -> str:
        """An address that every phone opens."""
        url: str = self.cleaned_data["url"]
        if not url.startswith("https://") or not url.isascii():
            raise forms.ValidationError("Give an address that begins with https:// and has plain letters.")
        return url


class ReviewForm(forms.Form):
    """A public review, as it stands on the site."""

    site = forms.CharField(label="Site", max_length=40)
    stars = forms.TypedChoiceField(
        label="Stars", choices=[(str(n), str(n)) for n in range(1, 6)], coerce=int, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label="What they wrote", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    who = forms.CharField(label="Name on the site", max_length=120, required=False)
    department = forms.ChoiceField(
        label="It is about",
        choices=[choice for choice in Department.choices if choice[0] != Department.MARKETING],
    )
    customer = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ReviewAnswerForm(forms.Form):
    """What was replied, and whether the customer was reached."""

    reply = forms.CharField(
        label="What was replied in public", max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    contact = forms.ChoiceField(
        label="And the customer", choices=Review.Contact.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact"].initial = Review.Contact.REACHED if known else Review.Contact.UNKNOWN
