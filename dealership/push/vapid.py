"""Who knocks at a push service: RFC 8292 (VAPID), a token signed with our key for the service's own address."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

#: RFC 8292, 2: a day at most.
VALID = timedelta(hours=12)


def is_on() -> bool:
    """Whether this installation has a key."""
    return bool(settings.PUSH_KEY)


def new_key() -> str:
    """A private key, as PUSH_KEY holds it: the number of 32 bytes, base64url without padding."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return _text(number.to_bytes(32, "big"))


def public_key() -> str:
    """What a browser is given when it subscribes: the uncompressed point, base64url."""
    return _public(settings.PUSH_KEY)


def authorization(endpoint: str, now: datetime) -> str:
    """The header with which this endpoint's service is asked."""
    where = urlsplit(endpoint)
    claims = {
        "aud": f"{where.scheme}://{where.netloc}",
        "exp": int((now + VALID).timestamp()),
        "sub": settings.PUBLIC_BASE_URL,
    }
    token = jwt.encode(claims, _key(settings.PUSH_KEY), algorithm="ES256")
    return f"vapid t={token}, k={public_key()}"


@lru_cache(maxsize=2)
def _public(text: str) -> str:
    return _text(_key(text).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


@lru_cache(maxsize=2)
def _key(text: str) -> ec.EllipticCurvePrivateKey:
    try:
        number = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        if len(number) != 32:
            raise ValueError("not 32 bytes")
        return ec.derive_private_key(int.from_bytes(number, "big"), ec.SECP256R1())
    except ValueError as error:
        raise ImproperlyConfigured("PUSH_KEY is no key: make one with `manage.py push_key`.") from error


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
