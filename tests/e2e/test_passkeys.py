"""A passkey from beginning to end, in a real browser with an authenticator that Chromium pretends to have."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import CDPSession, Page, expect

from tests.cast import Cast
from tests.e2e.conftest import Visits
from tests.e2e.town import Visit

WORD = "a long password of hers"
#: A phone or a laptop: keeps its keys itself, and knows whose finger it is.
PLATFORM = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def dana(town: Cast, settings: Any) -> Cast:
    """Dana knows a password, and her store asks everybody for a second factor."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    town.northside.needs_second_factor = True
    town.northside.save()
    assert town.dana.user is not None
    town.dana.user.set_password(WORD)
    town.dana.user.save()
    return town


def hold_a_key(at_desk: Visit) -> tuple[CDPSession, str]:
    """This browser has a built-in authenticator from now on."""
    devtools = at_desk.context.new_cdp_session(at_desk.page)
    devtools.send("WebAuthn.enable")
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": PLATFORM})
    return devtools, made["authenticatorId"]


def by_password(at_desk: Visit, who: str) -> Page:
    page = at_desk.open("/account/login/")
    page.get_by_label("Email").fill(who)
    page.get_by_label("Password").fill(WORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    return page


def test_a_passkey_is_added_and_then_opens_every_page_by_itself(dana: Cast, visit: Visits) -> None:
    assert dana.dana.user is not None
    at_desk = visit()
    devtools, key = hold_a_key(at_desk)
    page = by_password(at_desk, dana.dana.user.email)
    expect(page.get_by_role("heading", name="A second factor first")).to_be_visible()

    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("The desk in the lane")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", name="Codes on paper")).to_be_visible()
    held = devtools.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]
    assert [(one["rpId"], one["isResidentCredential"]) for one in held] == [("localhost", True)]
    page = at_desk.open("/account/security/")
    expect(page.locator("#second-factor")).to_contain_text("The desk in the lane")
    expect(page.locator("#second-factor")).to_contain_text("signs in by itself")

    at_desk.context.clear_cookies()
    page = at_desk.open("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Dana")
    row = Authenticator.objects.get(user=dana.dana.user, type="webauthn")
    assert row.last_used_at is not None
