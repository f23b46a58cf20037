"""What people type about customers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from dealership.customers import contact_points, matching
from dealership.customers.models import ContactPoint, Customer
from dealership.language import later
from dealership.staff.models import StaffMember
from dealership.staff.roles import DEPARTMENT_OF
from dealership.stores.models import Department

LANGUAGES = (("en", later("English")), ("es", later("Spanish")))


class NewCustomerForm(forms.Form):
    """Somebody new. A phone or e-mail that is somebody's already is refused beside the field, with their name."""

    first = forms.CharField(label=later("First name"), max_length=80, required=False)
    last = forms.CharField(label=later("Last name or business"), max_length=80)
    phone = forms.CharField(label=later("Phone"), max_length=40, required=False)
    email = forms.CharField(label=later("E-mail"), max_length=254, required=False)
    language = forms.ChoiceField(label=later("Language"), choices=LANGUAGES, initial="en")
    is_business = forms.BooleanField(label=later("This is a business"), required=False)

    def __init__(self, *args: Any, store_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.store_id = store_id
        #: Who has what was typed already, by field: the page links to them.
        self.holders: dict[str, Customer] = {}
        self.fields["phone"].widget.attrs.update(type="tel", autocomplete="off")
        self.fields["email"].widget.attrs.update(inputmode="email", autocomplete="off")

    def clean_phone(self) -> str:
        """E.164, or nothing."""
        return self._point("phone", ContactPoint.Kind.PHONE)

    def clean_email(self) -> str:
        """In lower case, or nothing."""
        return self._point("email", ContactPoint.Kind.EMAIL)

    def clean(self) -> dict[str, Any]:
        """A customer who cannot be reached is of no use."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned.get("phone") and not cleaned.get("email"):
            self.add_error("phone", _("Give a phone or an e-mail, or they cannot be reached."))
        return cleaned

    def _point(self, name: str, kind: str) -> str:
        text = self.cleaned_data[name].strip()
        if not text:
            return ""
        try:
            value = contact_points.read(kind, text)
        except contact_points.Unreadable as error:
            raise forms.ValidationError(str(error)) from None
        holder = contact_points.holder_of(self.store_id, kind, value)
        if holder is not None:
            self.holders[name] = holder
            raise forms.ValidationError(_("This belongs to %(name)s already.") % {"name": holder.full_name})
        return value

    def told(self) -> matching.Told:
        """What was typed, as matching takes it."""
        typed = self.cleaned_data
        return matching.clean(
            store_id=self.store_id,
            first=typed["first"],
            last=typed["last"],
            is_business=typed["is_business"],
            phones=[("", typed["phone"])] if typed["phone"] else [],
            emails=[typed["email"]] if typed["email"] else [],
            language=typed["language"],
        )


class NameForm(forms.Form):
    """What a customer is called."""

    first = forms.CharField(label=later("First name"), max_length=80, required=False)
    last = forms.CharField(label=later("Last name or business"), max_length=80)

    def told(self) -> dict[str, str]:
        """The columns that it writes."""
        first, last = self.cleaned_data["first"], self.cleaned_data["last"]
        return {"first_name": first, "last_name": last, "full_name": f"{first} {last}".strip()}


class AddressForm(forms.Form):
    """Where a customer lives; texts keep the quiet hours of that place."""

    street = forms.CharField(label=later("Street"), max_length=160, required=False)
    city = forms.CharField(label=later("City"), max_length=80, required=False)
    state = forms.RegexField(
        label=later("State"),
        regex=r"^[A-Za-z]{2}$",
        required=False,
        error_messages={"invalid": later("Two letters, as NJ.")},
    )
    postal_code = forms.CharField(label=later("ZIP code"), max_length=10, required=False)

    def told(self) -> dict[str, str]:
        """The columns that it writes."""
        return {**self.cleaned_data, "state": self.cleaned_data["state"].upper()}


class LanguageForm(forms.Form):
    """In which language texts are written to a customer."""

    language = forms.ChoiceField(label=later("Language"), choices=LANGUAGES)

    def told(self) -> dict[str, str]:
        """The columns that it writes."""
        return dict(self.cleaned_data)


class PersonForm(forms.Form):
    """Whose customer somebody is in one department."""

    to = forms.ModelChoiceField(
        label=later("Colleague"), queryset=StaffMember.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, staff: StaffMember, department: Department, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [role for role, place in DEPARTMENT_OF.items() if place == department]
        here = StaffMember.objects.visible_to(staff).filter(is_active=True, role__in=roles)
        self.fields["to"].queryset = here.order_by("name")  # type: ignore[attr-defined]


class ContactPointForm(forms.Form):
    """A phone or an e-mail: what it is shows by itself."""

    text = forms.CharField(label=later("Phone or e-mail"), max_length=254)
    label = forms.ChoiceField(
        label=later("Kind"),
        required=False,
        choices=(("", "—"), ("cell", later("cell")), ("home", later("home")), ("work", later("work"))),
    )

    @property
    def kind(self) -> str:
        """An e-mail has an @."""
        is_email = "@" in self.cleaned_data["text"]
        return ContactPoint.Kind.EMAIL if is_email else ContactPoint.Kind.PHONE
