"""What people type on marketing's pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from dealership.language import later
from dealership.stores.models import Department
from marketing.models import Campaign, Review, Segment

RATINGS = ((str(n), str(n)) for n in range(1, 6))
YES_NO = (("yes", later("Yes, it is settled")), ("no", later("Not yet")))


class AnswerForm(forms.Form):
    """What a customer told a person about how it was."""

    rating = forms.TypedChoiceField(
        label=later("From 1 (poor) to 5 (great)"),
        choices=(("", later("No number was given")), *RATINGS),
        coerce=int,
        empty_value=None,
        required=False,
    )
    words = forms.CharField(
        label=later("What they said"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    is_unhappy = forms.BooleanField(
        label=later("They are not happy"), help_text=later("Then a manager calls them."), required=False
    )


class RecoveryForm(forms.Form):
    """How an unhappy customer was won back."""

    what_went_wrong = forms.CharField(
        label=later("What went wrong"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    what_was_done = forms.CharField(
        label=later("What was done about it"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    is_resolved = forms.TypedChoiceField(
        label=later("Is it settled?"),
        choices=YES_NO,
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )


class ReviewSiteForm(forms.Form):
    """Where customers are asked to write."""

    name = forms.CharField(label=later("Site"), max_length=40, help_text=later("Google, DealerRater."))
    url = forms.URLField(
        label=later("Address of the store’s page there"),
        max_length=120,
        assume_scheme="https",
        help_text=later("At most 120 characters: it goes into the text."),
    )

    def clean_url(self) -> str:
        """An address that every phone opens."""
        url: str = self.cleaned_data["url"]
        if not url.startswith("https://") or not url.isascii():
            raise forms.ValidationError(_("Give an address that begins with https:// and has plain letters."))
        return url


class ReviewForm(forms.Form):
    """A public review, as it stands on the site."""

    site = forms.CharField(label=later("Site"), max_length=40)
    stars = forms.TypedChoiceField(
        label=later("Stars"),
        choices=[(str(n), str(n)) for n in range(1, 6)],
        coerce=int,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=later("What they wrote"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    who = forms.CharField(label=later("Name on the site"), max_length=120, required=False)
    department = forms.ChoiceField(
        label=later("It is about"),
        choices=[choice for choice in Department.choices if choice[0] != Department.MARKETING],
    )
    phone = forms.CharField(
        label=later("Their phone"),
        max_length=40,
        required=False,
        help_text=later("If you know who it is: then somebody speaks with them."),
    )


class ReviewAnswerForm(forms.Form):
    """What was replied, and whether the customer was reached."""

    reply = forms.CharField(
        label=later("What was replied in public"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    contact = forms.ChoiceField(
        label=later("And the customer"), choices=Review.Contact.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact"].initial = Review.Contact.REACHED if known else Review.Contact.UNKNOWN


DECLINED = (
    ("", "–"),
    ("any", later("Any declined work")),
    ("red", later("Safety work (red)")),
    ("yellow", later("Work that can wait (yellow)")),
)
LANGUAGES = (("", "–"), ("en", later("English")), ("es", later("Spanish")))
STARTER = "Hi {first}, this is {store}. … Reply STOP to opt out."


def _number(label: str, most: int, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=most, required=False, **more)


class ConditionsForm(forms.Form):
    """What is true of the customers that are meant; an empty field asks nothing."""

    match = forms.ChoiceField(
        label=later("They must fit"), choices=Segment.Match.choices, widget=forms.RadioSelect, initial="all"
    )
    make = forms.CharField(label=later("Owns a make"), max_length=40, required=False)
    model = forms.CharField(label=later("Model"), max_length=60, required=False)
    year_from = forms.IntegerField(label=later("From year"), min_value=1950, max_value=2100, required=False)
    year_to = forms.IntegerField(label=later("To year"), min_value=1950, max_value=2100, required=False)
    miles = _number(later("Miles on it, at least"), 1_000_000)
    serviced_months = _number(later("Months since last service, over"), 240)
    declined = forms.ChoiceField(label=later("Declined, and still open"), choices=DECLINED, required=False)
    bought_from = _number(later("Months since they bought, at least"), 600)
    bought_to = _number(later("Months since they bought, at most"), 600)
    language = forms.ChoiceField(label=later("Speaks"), choices=LANGUAGES, required=False)
    state = forms.RegexField(
        label=later("Lives in the state"),
        regex=r"^[A-Za-z]{2}$",
        required=False,
        error_messages={"invalid": later("Two letters, as NJ.")},
    )
    source = forms.CharField(label=later("Came as a lead from"), max_length=80, required=False)
    silent_days = _number(later("Days without a text or call"), 3650)
    consent = forms.BooleanField(label=later("Agreed in writing to offers by text"), required=False)

    def clean(self) -> dict[str, Any]:
        """Ranges run upwards."""
        cleaned = super().clean() or self.cleaned_data
        for low, high in (("year_from", "year_to"), ("bought_from", "bought_to")):
            first, last = cleaned.get(low), cleaned.get(high)
            if first and last and first > last:
                self.add_error(high, _("This is below the other: nobody would fit."))
        return cleaned

    def conditions(self) -> list[dict[str, Any]]:
        """The conditions as data. Of a form that was validated."""
        found = []
        for what, fields in FIELDS.items():
            values = {name: self.cleaned_data.get(typed) for name, typed in fields.items()}
            kept = {name: value for name, value in values.items() if value not in ("", None, False)}
            if kept:
                found.append({"what": what, **kept})
        return found


#: Which fields of the form make which condition: {condition: {its field: the form's}}.
FIELDS = {
    "owns": {"make": "make", "model": "model", "year_from": "year_from", "year_to": "year_to"},
    "mileage": {"miles": "miles"},
    "serviced": {"months": "serviced_months"},
    "declined": {"colour": "declined"},
    "bought": {"months_from": "bought_from", "months_to": "bought_to"},
    "language": {"language": "language"},
    "state": {"state": "state"},
    "source": {"source": "source"},
    "silent": {"days": "silent_days"},
    "consent": {"given": "consent"},
}


class SegmentForm(ConditionsForm):
    """A segment with its name."""

    name = forms.CharField(label=later("Name"), max_length=80)
    field_order = ("name", "match")

    @staticmethod
    def known(segment: Segment) -> dict[str, Any]:
        """A saved segment as the form shows it."""
        shown: dict[str, Any] = {"name": segment.name, "match": segment.match}
        for condition in segment.conditions:
            for name, typed in FIELDS[condition["what"]].items():
                if name in condition:
                    shown[typed] = condition[name]
        return shown


class WordsForm(forms.Form):
    """Words alone, while they are typed."""

    words = forms.CharField(max_length=1600, required=False)


class CampaignForm(forms.Form):
    """A campaign: to whom, about what, in which words."""

    name = forms.CharField(
        label=later("Name"), max_length=80, help_text=later("For you; customers do not see it.")
    )
    segment = forms.ModelChoiceField(
        label=later("To the segment"), queryset=Segment.objects.none(), empty_label=None
    )
    department = forms.ChoiceField(
        label=later("It is about"),
        choices=Campaign.About.choices,
        widget=forms.RadioSelect,
        help_text=later("That department speaks and answers. Whoever buys gets no more offers to buy."),
    )
    words = forms.CharField(
        label=later("Words"),
        max_length=1600,
        widget=forms.Textarea(attrs={"rows": 4, "lang": "en"}),
        initial=STARTER,
        help_text=later("You may use {first}, {store}, {phone} and {vehicle}."),
    )
    words_es = forms.CharField(
        label=later("The same in Spanish"),
        max_length=1600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "lang": "es"}),
        help_text=later("Those who speak Spanish get this. End it with “Responda ALTO para no recibir más”."),
    )

    def __init__(self, *args: Any, segments: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["segment"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = segments

    @staticmethod
    def known(campaign: Campaign) -> dict[str, Any]:
        """A draft as the form shows it."""
        names = ("name", "department", "words", "words_es")
        return {"segment": campaign.segment_id, **{name: getattr(campaign, name) for name in names}}


class StopForm(forms.Form):
    """Why it stops."""

    why = forms.CharField(label=later("Why"), max_length=160)
