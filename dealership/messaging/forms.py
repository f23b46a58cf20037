"""What people type in the inbox and on the simulated phones."""

from __future__ import annotations

import uuid
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _

from dealership.customers import contact_points
from dealership.language import later
from dealership.messaging import copy, outbox, photos, pictures
from dealership.messaging.models import Call, Conversation, SimulatedPhone
from dealership.messaging.retold import retold
from dealership.stores.moments import StoreMoment

AGAIN = later("Load this page again.")


class ManyFiles(forms.ClearableFileInput):
    """An input that takes several files."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Photos from this machine, or from its camera, as the product keeps them: drawn anew, without where they were taken."""

    # Phones give a JPEG where they are asked for one; and the camera.
    widget = ManyFiles(attrs={"accept": "image/jpeg,image/png,image/webp"})

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Each of them as a `pictures.Picture`; what cannot be shown is named, with its reason."""
        files = [file for file in data or [] if file]
        if len(files) > photos.MOST_PHOTOS:
            raise forms.ValidationError(_("%(n)s photos at most.") % {"n": photos.MOST_PHOTOS})
        drawn, wrong = [], []
        for file in files:
            try:
                drawn.append(pictures.read(file.read(pictures.MOST_BYTES + 1)))
            except pictures.NotShown as error:
                said = _("%(file)s cannot be sent. %(why)s Choose a JPEG, a PNG or a WebP.")
                wrong.append(said % {"file": file.name[:60], "why": retold(str(error))})
        if wrong:
            raise forms.ValidationError(wrong)
        return drawn


class TextForm(forms.Form):
    """A text to a customer, or photos, or both. `key` is the browser's own: pressed twice, it is sent once.

    `seen`: the newest message that was shown. `language`: the customer's, in which browsers and screen readers take the words.
    """

    body = forms.CharField(
        label=later("Text"),
        max_length=outbox.MAX_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": later("Write a text")}),
        error_messages={"required": later("Write something first.")},
    )
    photos = PhotosField(label=later("Photos"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"invalid": AGAIN})
    seen = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=2**63 - 1,
        widget=forms.HiddenInput,
        error_messages={"invalid": AGAIN, "min_value": AGAIN, "max_value": AGAIN},
    )

    #: A browser does not know that photos need no words.
    use_required_attribute = False

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].required = "photos" not in (self.files or {})
        self.fields["body"].widget.attrs["lang"] = language

    def clean_body(self) -> str:
        """No word may be asked for that would opt the customer out."""
        # A form ends its lines with two marks; a phone, and whoever counts segments, with one.
        body: str = self.cleaned_data["body"].replace("\r\n", "\n")
        if word := copy.invited_stop_word(body):
            said = _("You ask for “%(word)s”: whoever sends that gets no more texts. Ask for another word.")
            raise forms.ValidationError(said % {"word": word})
        return body


def fresh_text(draft: str = "", *, language: str, seen: int = 0, key: uuid.UUID | None = None) -> TextForm:
    """An empty form with a key of its own, or with a half-written answer."""
    known = {"key": key or uuid.uuid4(), "body": draft, "seen": seen}
    return TextForm(initial=known, language=language, auto_id="text_%s")


def writing_in(conversation: Conversation, form: TextForm) -> TextForm:
    """The form whose text field says, while somebody types in it, that they do."""
    form.fields["body"].widget.attrs |= {
        "hx-get": f"{reverse('messaging:writers', args=[conversation.pk])}?writing=1",
        "hx-trigger": "input throttle:4s",
        "hx-target": f"#writers-{conversation.pk}",
        "hx-swap": "outerHTML",
        "data-slash": _("ready words"),
        "data-key": "t",
        "placeholder": _("Write a text, or / for ready words"),
        # What is typed is nobody's to read in an address.
        "hx-params": "none",
    }
    return form


class CallForm(forms.Form):
    """A call that somebody made."""

    outcome = forms.ChoiceField(
        label=later("What came of it"), choices=Call.Outcome.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=later("What was said"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PutAwayForm(forms.Form):
    """Until when a conversation is put away."""

    until = StoreMoment(
        label=later("Another day and time"),
        help_text=later("When you are closed then, it comes back as you open."),
        error_messages={"required": later("Say until when.")},
    )

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(StoreMoment, self.fields["until"]).zone = zone


class PhoneTextForm(forms.Form):
    """What a customer types on a simulated phone."""

    body = forms.CharField(
        label=later("Text"), required=False, max_length=1600, widget=forms.Textarea(attrs={"rows": 2})
    )
    photo = forms.BooleanField(label=later("with a photo"), required=False)
    file = forms.FileField(
        label=later("A photo of yours, or any file"),
        required=False,
        max_length=200,
        allow_empty_file=True,
    )
    twice = forms.BooleanField(label=later("the carrier tells us twice"), required=False)

    def clean(self) -> dict[str, Any]:
        """A text has words or a photo."""
        data = super().clean() or {}
        if not (data.get("body") or data.get("photo") or data.get("file")) and "body" not in self.errors:
            self.add_error("body", _("Write something, or send a photo."))
        return data


class StartTextForm(PhoneTextForm):
    """A text from any number, known or not."""

    number = forms.CharField(label=later("From the phone"), max_length=30)
    field_order = ("number", "body", "photo", "file", "twice")

    def clean_number(self) -> str:
        """E.164."""
        number = contact_points.phone_of(self.cleaned_data["number"])
        if not number:
            raise forms.ValidationError(
                _("This is no phone number: type it with area code, as (973) 555-0142.")
            )
        return number


class BehaviourForm(forms.Form):
    """How a simulated phone takes its texts."""

    behaviour = forms.ChoiceField(label=later("This phone"), choices=SimulatedPhone.Behaviour.choices)
