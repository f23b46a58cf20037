"""The demo is loaded by one command, and its day is started and read along on a page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from dealership.models import PlayedAct, PlayedDay
from dealership.staff.models import StaffMember
from dealership.stores.models import Store
from tests.cast import Cast
from tests.demo.conftest import NOW

SignIn = Callable[[StaffMember], Client]


@pytest.mark.django_db
def test_one_command_loads_both_stores_and_says_who_can_sign_in() -> None:
    told, said = StringIO(), StringIO()
    call_command("demo", "--days", "0.05", "--volume", "0.05", "--one-process", stdout=told, stderr=said)
    assert "gus@northside-honda.example" in told.getvalue()
    assert "eve@eastside-ford.example" in told.getvalue()
    assert Store.objects.count() == 2
    day = PlayedDay.objects.get()
    assert set(day.marks) == {"northside-honda", "eastside-ford"}
    assert PlayedAct.objects.across_stores("both stores").filter(done_at__isnull=True).exists()
    with pytest.raises(CommandError, match="holds a store already"):
        call_command("demo", stdout=told, stderr=said)


def test_a_day_is_started_paused_and_read_along(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.gus)
    assert "There is no day to play" in browser.get("/phones-day/").content.decode()
    assert browser.post("/phones-day/run/", {"speed": "60"}).status_code == 422
    PlayedDay.objects.create(volume=0.01)
    words = "Ana Park asked about a 2026 Civic."
    PlayedAct.objects.create(
        store=cast.northside, at=NOW, done_at=NOW + timedelta(minutes=1), scene="sales.lead", words=words
    )
    assert browser.post("/phones-day/run/", {"speed": "60"}).status_code == 302
    assert PlayedDay.objects.get().is_playing
    page = browser.get("/phones-day/").content.decode()
    assert "The day goes at 60x" in page
    assert words in page
    assert words not in signed_in(cast.eve).get("/phones-day/").content.decode()
    assert browser.post("/phones-day/run/", {"speed": "7"}).status_code == 422
    assert browser.post("/phones-day/pause/").status_code == 302
    assert not PlayedDay.objects.get().is_playing


def test_with_a_real_carrier_there_is_no_such_page(cast: Cast, signed_in: SignIn, settings: object) -> None:
    settings.PHONE_SIMULATOR = False  # type: ignore[attr-defined]
    browser = signed_in(cast.gus)
    assert browser.get("/phones-day/").status_code == 404
    assert browser.post("/phones-day/run/", {"speed": "60"}).status_code == 404
