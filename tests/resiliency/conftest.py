"""What the cells share."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

from dealership import live
from dealership.staff.models import StaffMember
from tests.cast import Cast
from tests.staff.test_second_factor import WORD, give_app


@pytest.fixture(autouse=True)
def nothing_kept(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache of each test's own, which is asked at once; and passwords that are quick to check."""
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": f"cell-{uuid4().hex}"}}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr(live, "_quiet_until", 0.0)


@pytest.fixture
def ana(cast: Cast) -> StaffMember:
    """An advisor with a password, an app and codes on paper."""
    assert cast.ana.user is not None
    cast.ana.user.set_password(WORD)
    cast.ana.user.save()
    give_app(cast.ana)
    RecoveryCodes.activate(cast.ana.user)
    return cast.ana
