"""What people type about a hook."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from dealership.hooks import egress, said
from dealership.hooks.kinds import all_kinds
from dealership.hooks.models import Hook
from dealership.language import later


def _choices() -> Iterable[tuple[str, list[tuple[str, str]]]]:
    """By department."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for kind in all_kinds().values():
        groups.setdefault(said.group(kind), []).append((kind.name, said.choice(kind)))
    return list(groups.items())


class HookForm(forms.Form):
    """Whom to call, and what of."""

    name = forms.CharField(
        label=later("Name"), max_length=80, help_text=later("What you call the other system.")
    )
    address = forms.CharField(
        label=later("Address"),
        max_length=egress.LONGEST,
        help_text=later("It begins with https:// and is reached from the internet; ports 443 and 8443."),
        widget=forms.URLInput(attrs={"class": "mono", "spellcheck": "false", "autocomplete": "off"}),
    )
    kinds = forms.MultipleChoiceField(
        label=later("What it is told"),
        choices=_choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": later("Choose what it is told.")},
    )

    def __init__(self, *args: Any, hook: Hook | None = None, **kwargs: Any) -> None:
        if hook is not None:
            kwargs["initial"] = {"name": hook.name, "address": hook.address, "kinds": hook.kinds}
        super().__init__(*args, **kwargs)

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        try:
            egress.read(address)
        except egress.Refused as error:
            raise forms.ValidationError(said.trouble(str(error))) from None
        return address
