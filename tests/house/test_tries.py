"""Guessing is useless at every door where it could be tried, and nothing that was accepted is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from dealership import limits
from dealership.limits import Limit
from sales.models import LeadArrival
from tests.cast import Cast
from tests.house.test_limits import tries
from tests.sales.providers import adf

LOGIN = "/account/login/"
PASSWORD = "a long password of hers"


def sign_in(email: str, password: str, **headers: str) -> Any:
    return Client().post(LOGIN, {"login": email, "password": password}, **headers)


@pytest.mark.django_db
def test_a_password_cannot_be_guessed_and_the_right_one_costs_nothing(cast: Cast, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick
    ana = cast.ana.user
    assert ana is not None
    ana.set_password(PASSWORD)
    ana.save()
    for n in range(limits.PASSWORD.at_once):
        assert n > 2 or sign_in(ana.email, PASSWORD).status_code == 302
        # From another address each time: the account is what is guessed at.
        assert sign_in(ana.email.upper(), f"wrong {n}", REMOTE_ADDR=f"10.0.0.{n}").status_code == 200
    refused = sign_in(ana.email, PASSWORD)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert "Too many tries" in refused.content.decode()

    # Nobody's e-mail is told apart from somebody's, and one address does not guess at many accounts.
    codes = [sign_in(f"nobody{n}@x.example", "x", REMOTE_ADDR="10.9.9.9").status_code for n in range(21)]
    assert codes == [200] * limits.PASSWORD_IP.at_once + [429]
    # Whoever is at that door behind no proxy cannot say that they come from elsewhere.
    spoofed = sign_in("nobody@x.example", "x", REMOTE_ADDR="10.9.9.9", HTTP_X_FORWARDED_FOR="10.8.8.8")
    assert spoofed.status_code == 429


@pytest.mark.django_db
def test_mails_with_a_link_are_few_for_an_account_and_for_an_address(
    cast: Cast, mailoutbox: list[Any]
) -> None:
    ask = {"email": "ana@northside-honda.example"}
    codes = [
        Client().post("/account/password/reset/", ask, REMOTE_ADDR=f"10.0.0.{n}").status_code
        for n in range(6)
    ]
    assert codes == [302] * limits.RESET_MAIL.at_once + [429]
    assert len(mailoutbox) == limits.RESET_MAIL.at_once
    many = [
        Client()
        .post("/account/password/reset/", {"email": f"{n}@x.example"}, REMOTE_ADDR="10.7.7.7")
        .status_code
        for n in range(11)
    ]
    assert many == [302] * limits.RESET_MAIL_IP.at_once + [429]


@pytest.mark.django_db
def test_a_provider_that_sends_too_much_is_told_when_to_send_again_and_loses_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "HOOK", Limit("hook", 6, timedelta(minutes=1)))
    posted = [
        Client().post(
            "/hooks/adf/northside-leads/",
            adf(f"Nora Quist{n}", phone=f"973555{n:04d}"),
            content_type="text/xml",
        )
        for n in range(4)
    ]
    assert [response.status_code for response in posted] == [201, 201, 201, 429]
    assert LeadArrival.objects.of_store(cast.northside.pk).count() == 3
    assert posted[3].json()["error"].startswith("Too many tries")
    assert 1 <= int(posted[3]["Retry-After"]) <= 20
    # The other store's address is another bucket.
    other = Client().post(
        "/hooks/adf/eastside-leads/", adf("Otto Berg", phone="9735559999"), content_type="text/xml"
    )
    assert other.status_code == 201


@pytest.mark.django_db
def test_a_machine_that_guesses_addresses_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HOOK_IP", Limit("hook from", 4, timedelta(minutes=1)))
    doors = ["/hooks/adf/a/", "/hooks/dms/b/", "/hooks/adf/c/", "/hooks/dms/d/"]
    assert [Client().post(door).status_code for door in doors] == [404, 404, 429, 429]


@pytest.mark.django_db
def test_links_with_which_a_password_is_chosen_are_few(cast: Cast, signed_in: Callable[..., Client]) -> None:
    tries(limits.INVITE, str(cast.gus.pk))
    assert signed_in(cast.gus).post(f"/people/{cast.ana.pk}/password-link/").status_code == 429
