"""What a browser says of a passkey: JSON that anybody may post, also who has not signed in. Read within limits, then the library's.

The library reads it with `json.loads`, which runs out of stack on `[[[[…` and has an error of its own for a number of many
digits, and then trusts its shape: each of these was an error page. Here all of them are a passkey that does not fit.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms

from dealership.staff.second_factor import SecondFactorAdapter

#: A passkey with its certificates has a few thousand characters, and six levels.
MOST_CHARACTERS, DEEPEST = 100_000, 20
#: What the library lets through of a shape that it did not expect.
MISSHAPEN = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


class Within(json.JSONDecoder):
    """Reads JSON of limited length and depth, each name of an object once, and numbers as JSON has them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "object_pairs_hook": _each_once, "parse_constant": _no_number})

    def decode(self, s: str, *args: Any) -> Any:
        """The value. Raises JSONDecodeError, and nothing else."""
        try:
            if len(s) > MOST_CHARACTERS:
                raise ValueError("It is too long.")
            found = _no_deeper(super().decode(s, *args), DEEPEST)
            json.dumps(found, ensure_ascii=False).encode()  # half a pair of surrogates is no text
            return found
        except (ValueError, RecursionError) as error:
            raise json.JSONDecodeError(str(error), "", 0) from None


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("A name comes twice.")
    return found


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number.")


def _no_deeper(value: Any, left: int) -> Any:
    if isinstance(value, (dict, list)):
        if left == 0:
            raise ValueError("It is too deep.")
        for inner in value.values() if isinstance(value, dict) else value:
            _no_deeper(inner, left - 1)
    return value


def _field() -> forms.JSONField:
    return forms.JSONField(required=True, widget=forms.HiddenInput, decoder=Within)


class _Asked:
    def clean_credential(self) -> Any:
        """The authenticator that it is. Raises ValidationError for whatever it is not."""
        try:
            return super().clean_credential()  # type: ignore[misc]
        except MISSHAPEN:
            raise SecondFactorAdapter().validation_error("incorrect_code") from None


class SignInForm(_Asked, LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey alone, instead of the password."""

    credential = _field()


class CodeForm(_Asked, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey after the password."""

    credential = _field()


class AgainForm(_Asked, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey of somebody who is signed in."""

    credential = _field()


class AddForm(AddWebAuthnForm):  # type: ignore[misc]
    """One that is added."""

    credential = _field()

    def clean(self) -> Any:
        """As the library's. Raises ValidationError for whatever is no passkey."""
        try:
            return super().clean()
        except MISSHAPEN:
            raise SecondFactorAdapter().validation_error("incorrect_code") from None
