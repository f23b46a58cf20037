"""What a person sends on the Imports page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from dealership.dms import files
from dealership.dms.models import Feed
from dealership.dms.said import meanings_of, said
from dealership.language import later


class UploadForm(forms.Form):
    """A file by hand. Its feed is told by the header and the name, unless a person says it."""

    file = forms.FileField(
        label=later("File"), help_text=later("As the DMS made it: DVD…_SV.txt or DVD…_SV_APPT.txt.")
    )
    kind = forms.ChoiceField(
        label=later("Kind"),
        required=False,
        choices=[("", later("As its header says")), *Feed.Kind.choices],
    )

    def __init__(self, *args: Any, store_id: int, **kwargs: Any) -> None:
        self.store_id = store_id
        self.feed: Feed | None = None
        self.data_read = b""
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Finds the feed."""
        typed: dict[str, Any] = super().clean() or {}
        upload = typed.get("file")
        if upload is None:
            return typed
        if upload.size > files.MOST_BYTES:
            most = f"{files.MOST_BYTES:,}"
            self.add_error("file", _("At most %(n)s bytes are taken in. Split it by date.") % {"n": most})
            return typed
        self.data_read = upload.read()
        if typed.get("kind"):
            self.feed = Feed.objects.of_store(self.store_id).filter(kind=typed["kind"]).first()
            if self.feed is None:
                self.add_error("kind", _("This store has no such feed."))
            return typed
        self.feed, why = files.feed_for(self.store_id, upload.name or "", self.data_read)
        if self.feed is None:
            self.add_error("file", said(f"{why[:1].upper()}{why[1:]}."))
        return typed


class CodeForm(forms.Form):
    """What a status code of this store means."""

    code = forms.CharField(label=later("Code"), max_length=40)
    meaning = forms.ChoiceField(label=later("Means"))

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["meaning"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(meanings_of(kind).items())


class DropForm(forms.Form):
    """Why a parked row is not needed."""

    why = forms.CharField(label=later("Why is it not needed?"), max_length=200)
