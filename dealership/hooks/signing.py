"""What calls are signed with: made here, shown once, kept encrypted, replaced without a call that cannot be checked."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

from allauth.mfa.adapter import get_adapter
from cryptography.fernet import InvalidToken

from dealership.hooks.models import Hook

PREFIX = "kept_"


class Unreadable(Exception):
    """The secret was encrypted with a key that this installation has no longer."""


def new_secret() -> tuple[str, str]:
    """A secret, and as it is stored."""
    secret = PREFIX + secrets.token_urlsafe(32)
    return secret, get_adapter().encrypt(secret)


def secrets_of(hook: Hook, *, now: datetime) -> list[str]:
    """What its calls are signed with now: the secret, and while it is replaced the one before. Raises Unreadable."""
    stored = [hook.secret]
    if hook.old_secret and hook.old_until is not None and now < hook.old_until:
        stored.append(hook.old_secret)
    try:
        return [get_adapter().decrypt(text) for text in stored]
    except InvalidToken:
        raise Unreadable from None


def signature(mine: Sequence[str], body: bytes, *, t: int) -> str:
    """The header `Kept-Signature`: over the second and the body, one for each secret."""
    said = b"%d." % t + body
    made = [hmac.new(secret.encode(), said, hashlib.sha256).hexdigest() for secret in mine]
    return ",".join([f"t={t}", *(f"v1={one}" for one in made)])
