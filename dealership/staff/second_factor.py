"""The second factor: an app's code, a passkey, or a code kept on paper. The library does the work; here is what is ours about it.

Each code is good once, and tries are counted, both in PostgreSQL; secrets lie encrypted; a store may require one of everybody;
and a manager may take a lost one away, with a reason.
"""

from __future__ import annotations

import base64
import hashlib
import io
from datetime import datetime
from typing import Any

import qrcode
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import validate_totp_code
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from qrcode.image.svg import SvgPathFillImage

from dealership import limits
from dealership.staff import changes, sessions, sign_in
from dealership.staff.models import StaffMember, User

#: In a session: a second factor was shown in it, or set up.
SHOWN_KEY = "second_factor"
MAIN = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class NoReason(ValueError):
    """A second factor is taken away for a reason, or not at all."""


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps secrets encrypted with the product's own key; a key that is replaced stays in SECRET_KEY_FALLBACKS for them."""

    def encrypt(self, text: str) -> str:
        """As it is stored."""
        return _box().encrypt(text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        """The code to scan, on white paper in a dark room too."""
        paper = io.BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(paper)
        return paper.getvalue().decode()

    def decrypt(self, encrypted_text: str) -> str:
        """As it was."""
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    digests = (hashlib.sha256(b"second factor\n" + str(key).encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class _Code:
    user: Any
    authenticator: Any
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        """The code, of an app or from paper. Raises limits.TooMany: a wrong one is a try, the right one is none."""
        limits.take(limits.CODE, self.user.pk)
        code = "".join(self.cleaned_data["code"].split())
        for row in Authenticator.objects.filter(user=self.user).exclude(type=Authenticator.Type.WEBAUTHN):
            if _fits(row, code):
                row.user = self.user
                self.authenticator = row
                limits.give_back(limits.CODE, self.user.pk)
                return code
        raise SecondFactorAdapter().validation_error("incorrect_code")


def _fits(row: Any, code: str) -> bool:
    if row.type == Authenticator.Type.TOTP:
        secret = SecondFactorAdapter().decrypt(row.data["secret"])
        return bool(validate_totp_code(secret, code)) and limits.once("code", f"{row.user_id} {code}")
    return bool(row.wrap().validate_code(code))


class CodeForm(_Code, AuthenticateForm):  # type: ignore[misc]
    """A code at sign-in."""


class CodeAgainForm(_Code, ReauthenticateForm):  # type: ignore[misc]
    """A code from somebody who is signed in."""


class FirstCodeForm(ActivateTOTPForm):  # type: ignore[misc]
    """The code by which an app is added: it is used with that."""

    def clean_code(self) -> str:
        """The code. Raises limits.TooMany."""
        limits.take(limits.CODE, self.user.pk)
        code = str(super().clean_code())
        limits.once("code", f"{self.user.pk} {''.join(code.split())}")
        limits.give_back(limits.CODE, self.user.pk)
        return code


def has_one(user: User) -> bool:
    """Whether this sign-in has a second factor. Codes on paper alone are none."""
    return bool(Authenticator.objects.filter(user=user, type__in=MAIN).exists())


def was_shown(request: HttpRequest) -> bool:
    """Whether it was shown in this session. Asks no database."""
    shown = request.session.get(SHOWN_KEY)
    if shown is not None:
        return bool(shown)
    records = get_authentication_records(request, request.user)
    if any(record.get("method") == "mfa" for record in records):
        request.session[SHOWN_KEY] = True
        return True
    return False


def kinds(user: User) -> list[str]:
    """What this sign-in has, in words: "an app", "2 passkeys"."""
    types = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    n = types.count(Authenticator.Type.WEBAUTHN)
    found = ["an app"] if Authenticator.Type.TOTP in types else []
    return [*found, *(["a passkey"] if n == 1 else [f"{n} passkeys"] if n else [])]


@transaction.atomic
def take_away(staff: StaffMember, *, why: str, by: StaffMember, now: datetime) -> None:
    """A lost second factor is forgotten, codes on paper too, and they are signed out everywhere: they set up another one.

    Raises NoReason, and sign_in.NotOurs for a sign-in that also opens another store.
    """
    if not why.strip():
        raise NoReason(_("Say how it was lost, and how you know that it is they who ask."))
    if staff.user is None or not sign_in.is_only_here(staff):
        words = _("%(name)s also works at another store: this is not changed from here.")
        raise sign_in.NotOurs(words % {"name": staff.name})
    had = ", ".join(kinds(staff.user)) or "none"
    Authenticator.objects.filter(user=staff.user).delete()
    sessions.end_all(staff.user)
    changes.record(staff, "Second factor taken away", was=had, became=why.strip(), by=by, now=now)


def _added(sender: Any, *, request: HttpRequest, user: Any, authenticator: Any, **rest: Any) -> None:
    # Sessions that knew the password alone end; this one has shown what it has.
    if authenticator.type in MAIN and request.user == user:
        request.session[SHOWN_KEY] = True
        sessions.end_others(request, user)


def _removed(sender: Any, *, request: HttpRequest, user: Any, **rest: Any) -> None:
    # Sessions in which it was shown end; this one owes another where the store asks for one.
    if not has_one(user):
        request.session[SHOWN_KEY] = False
        sessions.end_others(request, user)


def register() -> None:
    """Hears of what is added and removed."""
    authenticator_added.connect(_added, dispatch_uid="kept")
    authenticator_removed.connect(_removed, dispatch_uid="kept")
