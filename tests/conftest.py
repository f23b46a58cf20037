"""What every test may use: the cast, and clients that are signed in."""

import os
import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from dealership.staff.models import StaffMember
from tests import cast as the_cast


def pytest_configure() -> None:
    """Static files come from their sources: nothing is collected before a test; the clock is the real one. Each worker has a cache of its own."""
    settings.PACED_CLOCK = False
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) + 1
    cache = settings.CACHES["default"]
    cache["LOCATION"] = re.sub(r"(/|db=)\d+$", rf"\g<1>{number}", cache["LOCATION"])


@pytest.fixture
def cast(db: None) -> the_cast.Cast:
    """Northside Honda, Eastside Ford and their people."""
    return the_cast.build()


@pytest.fixture
def signed_in() -> Callable[[StaffMember], Client]:
    """A browser in which this person has signed in."""

    def sign_in(staff: StaffMember) -> Client:
        client = Client()
        client.force_login(staff.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in
