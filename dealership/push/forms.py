"""What a browser says of itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from dealership.push import devices


class DeviceForm(forms.Form):
    """The address at which this browser can be woken."""

    endpoint = forms.CharField(max_length=devices.LONGEST)

    def clean_endpoint(self) -> Any:
        endpoint = self.cleaned_data["endpoint"]
        if not devices.is_service(endpoint):
            raise forms.ValidationError(_("This browser’s maker has no push service that is known here."))
        return endpoint


class WhichForm(forms.Form):
    """One of a person's devices."""

    device = forms.IntegerField(min_value=1, max_value=2**63 - 1)
