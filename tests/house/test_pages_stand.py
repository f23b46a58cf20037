"""What every page stands in: sign-in, the frame, the rail, trouble pages."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from dealership import live, rail
from dealership.staff.models import StaffMember
from dealership.staff.roles import Role
from tests.cast import Cast
from tests.tasks.promised import promise

SignedIn = Callable[[StaffMember], Client]


def test_nobody_is_shown_anything_before_signing_in(client: Client, cast: Cast) -> None:
    response = client.get("/")
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_signing_in_with_e_mail_and_password_leads_to_my_day(client: Client, cast: Cast) -> None:
    cast.dana.user.set_password("correct horse battery")
    cast.dana.user.save()
    wrong = client.post("/account/login/", {"login": cast.dana.user.email, "password": "wrong"})
    assert b"do not belong together" in wrong.content
    right = client.post(
        "/account/login/", {"login": cast.dana.user.email, "password": "correct horse battery"}
    )
    assert right.status_code == 302
    assert right["Location"] == "/"
    assert "Dana Ruiz" in client.get("/").content.decode()


@pytest.mark.parametrize("page", ["login", "password/reset", "password/reset/done", "signup", "inactive"])
def test_pages_of_signing_in_open_for_anybody(client: Client, db: None, page: str) -> None:
    response = client.get(f"/account/{page}/")
    assert response.status_code == 200
    assert b"css/tokens.css" in response.content


@pytest.mark.parametrize("page", ["password/change", "logout", "security"])
def test_pages_of_ones_own_sign_in_open(signed_in: SignedIn, cast: Cast, page: str) -> None:
    response = signed_in(cast.dana).get(f"/account/{page}/")
    assert response.status_code in (200, 302)


def test_a_page_carries_no_style_and_no_script_of_its_own(signed_in: SignedIn, cast: Cast) -> None:
    response = signed_in(cast.gus).get("/")
    html = response.content.decode()
    assert " style=" not in html
    assert "<script>" not in html
    assert " onclick=" not in html
    assert "hx-on" not in html
    assert "script-src 'self'" in response["Content-Security-Policy"]


def test_the_rail_shows_only_what_the_role_may_open(signed_in: SignedIn, cast: Cast) -> None:
    gus = signed_in(cast.gus).get("/").content.decode()
    tess = signed_in(cast.tess).get("/").content.decode()
    assert "Facts that failed" in gus
    assert "Facts that failed" not in tess


def test_every_link_of_the_rail_leads_to_a_page(signed_in: SignedIn, cast: Cast) -> None:
    gus = signed_in(cast.gus)
    gus.get("/")
    for _, stops in rail.GROUPS:
        for stop in stops:
            response = gus.get(reverse(stop.name))
            assert response.status_code == 200, stop.name
            assert 'aria-current="page"' in response.content.decode(), stop.name


def test_the_rail_counts_what_is_mine_today_and_is_asked_again_alone(signed_in: SignedIn, cast: Cast) -> None:
    promise(cast.dana, due=timedelta(minutes=-5))
    html = signed_in(cast.dana).get("/rail/?here=tasks:my_day").content.decode()
    assert '<span class="n late">1' in html
    assert "<html" not in html


def test_the_rail_counts_without_redis_too(
    signed_in: SignedIn, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    promise(cast.dana, due=timedelta(minutes=-5))
    monkeypatch.setattr(live, "_quiet_until", float("inf"))
    assert '<span class="n late">1' in signed_in(cast.dana).get("/").content.decode()


def test_somebody_without_a_place_is_told_so(client: Client, cast: Cast) -> None:
    cast.dana.is_active = False
    cast.dana.save(update_fields=["is_active"])
    client.force_login(cast.dana.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    response = client.get("/")
    assert response.status_code == 403
    assert "not at any store" in response.content.decode()


def test_a_person_of_two_stores_goes_from_one_to_the_other(signed_in: SignedIn, cast: Cast) -> None:
    there = StaffMember.objects.create(
        store=cast.eastside, user=cast.gus.user, name="Gus Ortega", role=Role.GENERAL_MANAGER
    )
    client = signed_in(cast.gus)
    assert "Eastside Ford" in client.get("/").content.decode()
    assert client.post("/staff/switch/", {"place": there.pk}).status_code == 302
    assert "My day · Eastside Ford" in client.get("/").content.decode()


def test_nobody_goes_to_a_store_where_they_do_not_work(signed_in: SignedIn, cast: Cast) -> None:
    client = signed_in(cast.gus)
    for place in (cast.eve.pk, "", "x", "999999999999999999999"):
        assert client.post("/staff/switch/", {"place": place}).status_code == 404
    assert "My day · Northside Honda" in client.get("/").content.decode()


def test_a_page_that_is_not_there_says_so_in_the_frame(signed_in: SignedIn, cast: Cast) -> None:
    response = signed_in(cast.dana).get("/nowhere/")
    assert response.status_code == 404
    assert "Not here" in response.content.decode()
    assert "Dana Ruiz" in response.content.decode()


def test_a_stranger_finds_a_page_that_is_not_there_without_a_rail(client: Client, db: None) -> None:
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert b'class="rail"' not in response.content


def test_a_page_travels_compressed_and_its_length_tells_nothing(cast: Cast, signed_in: SignedIn) -> None:
    browser = signed_in(cast.dana)
    plain = browser.get("/").content
    answers = [browser.get("/", headers={"Accept-Encoding": "gzip, br"}) for _ in range(6)]
    assert {answer["Content-Encoding"] for answer in answers} == {"gzip"}
    assert all("Accept-Encoding" in answer["Vary"] for answer in answers)
    assert b"<h1>" in gzip.decompress(answers[0].content)
    lengths = {len(answer.content) for answer in answers}
    assert max(lengths) < len(plain) / 2
    assert len(lengths) > 1
