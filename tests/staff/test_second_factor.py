"""Where a store asks for a second factor, no page opens without one; each code is good once; a lost one is taken away with a reason."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.db import connection
from django.test import Client

from dealership import limits
from dealership.staff import sign_in
from dealership.staff.models import StaffChange, StaffMember
from tests.cast import Cast

pytestmark = pytest.mark.django_db
WORD = "a long password of hers"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CODE_PAGE = "/account/security/authenticate/"


@pytest.fixture(autouse=True)
def quick(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def ana(cast: Cast) -> StaffMember:
    """An advisor of a store that asks for a second factor; she has none yet."""
    cast.northside.needs_second_factor = True
    cast.northside.save()
    assert cast.ana.user is not None
    cast.ana.user.set_password(WORD)
    cast.ana.user.save()
    return cast.ana


def code(steps: int = 0, secret: str = SECRET) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def give_app(person: StaffMember) -> Any:
    RecoveryCodes.activate(person.user)
    return TOTP.activate(person.user, SECRET)


def by_password(person: StaffMember, browser: Client | None = None) -> tuple[Client, Any]:
    browser = browser or Client()
    assert person.user is not None
    return browser, browser.post("/account/login/", {"login": person.user.email, "password": WORD})


@pytest.mark.django_db(transaction=True)  # what is set up is heard of when it is committed
def test_who_has_none_sets_one_up_before_any_page_opens(ana: StaffMember) -> None:
    browser, _ = by_password(ana)
    assert browser.get("/")["Location"] == "/account/security/"
    page = browser.get("/account/security/").content.decode()
    assert "Northside Honda asks everybody for a second factor" in page
    assert 'id="rail"' not in page
    assert browser.get("/customers/", headers={"HX-Request": "true"})["HX-Redirect"] == "/account/security/"
    assert browser.get("/live/?t=inbox:1").status_code == 401
    assert browser.post("/account/security/elsewhere/").status_code == 302

    form = browser.get("/account/security/totp/activate/")
    assert "data:image/svg+xml;base64," in form.content.decode()
    secret = browser.session["mfa.totp.secret"]
    assert browser.post("/account/security/totp/activate/", {"code": "000000"}).status_code == 200
    added = browser.post("/account/security/totp/activate/", {"code": code(secret=secret)})
    assert added["Location"] == "/account/security/recovery-codes/"
    assert "Codes on paper" in browser.get(added["Location"]).content.decode()
    assert browser.get("/").status_code == 200
    assert "Second factor" in browser.get("/account/security/").content.decode()
    # The secret lies encrypted.
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(data::text, '') FROM mfa_authenticator")
        assert secret not in cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)  # what is set up is heard of when it is committed
def test_a_session_that_knew_the_password_alone_ends_when_one_is_set_up(ana: StaffMember) -> None:
    thief, _ = by_password(ana)
    thief.get("/")
    browser, _ = by_password(ana)
    browser.get("/account/security/totp/activate/")
    browser.post(
        "/account/security/totp/activate/", {"code": code(secret=browser.session["mfa.totp.secret"])}
    )
    assert browser.get("/").status_code == 200
    assert thief.get("/account/security/")["Location"].startswith("/account/login/")


def test_who_has_one_is_asked_at_sign_in_and_each_code_is_good_once(ana: StaffMember) -> None:
    give_app(ana)
    browser, answer = by_password(ana)
    assert answer["Location"] == CODE_PAGE
    assert browser.get("/")["Location"].startswith("/account/login/")
    assert browser.post(CODE_PAGE, {"code": "000000"}).status_code == 200
    used = code()
    assert browser.post(CODE_PAGE, {"code": f"{used[:3]} {used[3:]}"}).status_code == 302
    assert browser.get("/").status_code == 200

    again, _ = by_password(ana)
    again.post(CODE_PAGE, {"code": used})
    assert again.get("/").status_code == 302
    again.post(CODE_PAGE, {"code": code(steps=1)})
    assert again.get("/").status_code == 200


def test_a_code_on_paper_opens_once(ana: StaffMember) -> None:
    give_app(ana)
    paper = Authenticator.objects.get(user=ana.user, type="recovery_codes").wrap().get_unused_codes()[0]
    for opens in (200, 302):
        browser, _ = by_password(ana)
        browser.post(CODE_PAGE, {"code": paper})
        assert browser.get("/").status_code == opens


def test_codes_cannot_be_guessed(ana: StaffMember) -> None:
    give_app(ana)
    browser, _ = by_password(ana)
    wrong = "000000" if code() != "000000" else "000001"
    for _ in range(limits.CODE.at_once):
        limits.take(limits.CODE, ana.user_id)
    answer = browser.post(CODE_PAGE, {"code": wrong})
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert browser.post(CODE_PAGE, {"code": code()}).status_code == 429


def test_a_new_password_by_mail_is_no_way_around_it(ana: StaffMember) -> None:
    give_app(ana)
    link = "/account/" + sign_in.password_link(ana).partition("/account/")[2]
    browser = Client()
    form = browser.get(link, follow=True).redirect_chain[-1][0]
    browser.post(form, {"password1": "another long one", "password2": "another long one"})
    assert browser.get("/").status_code == 302
    assert ana.user is not None
    answer = browser.post("/account/login/", {"login": ana.user.email, "password": "another long one"})
    assert answer["Location"] == CODE_PAGE
    assert browser.get("/customers/").status_code == 302


def test_a_session_without_it_is_asked_when_the_store_begins_to_ask(
    ana: StaffMember, cast: Cast, signed_in: Callable[[StaffMember], Client]
) -> None:
    cast.northside.needs_second_factor = False
    cast.northside.save()
    browser = signed_in(ana)
    assert browser.get("/").status_code == 200
    give_app(ana)
    signed_in(cast.gus).post("/store/signing-in/", {"needs_second_factor": "on", "idle_minutes": "30"})
    asked = browser.get("/customers/?q=x")["Location"]
    assert asked == "/account/security/reauthenticate/?next=/customers/%3Fq%3Dx"
    assert browser.post(asked, {"code": code()})["Location"] == "/customers/?q=x"
    assert browser.get("/customers/?q=x").status_code == 200


def test_the_last_one_taken_off_closes_every_page_again(ana: StaffMember) -> None:
    give_app(ana)
    browser, _ = by_password(ana)
    browser.post(CODE_PAGE, {"code": code()})
    assert browser.get("/").status_code == 200
    assert browser.post("/account/security/totp/deactivate/").status_code == 302
    assert browser.get("/")["Location"] == "/account/security/"


def test_a_manager_takes_a_lost_one_away_with_a_reason(
    ana: StaffMember, cast: Cast, signed_in: Callable[[StaffMember], Client]
) -> None:
    give_app(ana)
    browser, _ = by_password(ana)
    browser.post(CODE_PAGE, {"code": code()})
    cast.northside.needs_second_factor = False  # for the manager, who has none in this story
    cast.northside.save()
    boss, where = signed_in(cast.gus), f"/people/{ana.pk}/second-factor/"
    assert "Lost their second factor" in boss.get(f"/people/{ana.pk}/").content.decode()
    assert boss.post(where, {"why": " "}).status_code == 422
    assert Authenticator.objects.filter(user=ana.user).exists()
    assert signed_in(cast.rosa).post(where, {"why": "x"}).status_code == 403
    assert boss.post(where, {"why": "Phone lost; I know her voice"}).status_code == 302
    assert not Authenticator.objects.filter(user=ana.user).exists()
    assert browser.get("/")["Location"].startswith("/account/login/")
    change = StaffChange.objects.of_store(cast.northside.pk).get(what="Second factor taken away")
    assert (change.was, change.became, change.by) == ("an app", "Phone lost; I know her voice", cast.gus)


def test_who_works_at_another_store_too_is_not_opened_from_here(
    ana: StaffMember, cast: Cast, signed_in: Callable[[StaffMember], Client]
) -> None:
    give_app(ana)
    StaffMember.objects.create(store=cast.eastside, user=ana.user, name="Ana", role="advisor")
    eve = signed_in(cast.eve)
    assert eve.post(f"/people/{ana.pk}/second-factor/", {"why": "x"}).status_code == 404
    there = StaffMember.objects.of_store(cast.eastside.pk).get(name="Ana")
    assert eve.post(f"/people/{there.pk}/second-factor/", {"why": "x"}).status_code == 422
    assert Authenticator.objects.filter(user=ana.user).exists()


def test_nobody_sees_or_removes_the_keys_of_another(
    ana: StaffMember, cast: Cast, signed_in: Callable[[StaffMember], Client]
) -> None:
    key = Authenticator.objects.create(
        user=ana.user, type="webauthn", data={"name": "Hers", "credential": {}}
    )
    cast.northside.needs_second_factor = False
    cast.northside.save()
    other = signed_in(cast.gus)
    for deed in ("remove", "edit"):
        assert other.post(f"/account/security/webauthn/keys/{key.pk}/{deed}/").status_code in (302, 404)
    assert Authenticator.objects.filter(pk=key.pk).exists()
    assert "Hers" not in other.get("/account/security/webauthn/").content.decode()
