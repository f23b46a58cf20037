"""Devices ring for an offer and for what is late: once, for the one who owes it, without a word to anybody else."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from dealership import clock
from dealership.push import devices, ringing, vapid
from dealership.push.models import Device, Nudge
from dealership.staff import people
from dealership.staff.models import StaffMember
from tasks import nudges, promises, sweep
from tasks.models import Promise
from tests.cast import MONDAY_TEN, Cast, make_customer
from tests.tasks.promised import promise as promised

pytestmark = pytest.mark.django_db
SignedIn = Callable[[StaffMember], Client]
PHONE = "https://fcm.googleapis.com/fcm/send/danas-phone"
SOON = timedelta(minutes=1)


class Service:
    """What a maker's push service was asked, and how it answers."""

    def __init__(self, status: int = 201) -> None:
        self.status, self.asked = status, list[tuple[str, dict[str, str]]]()

    def __call__(self, endpoint: str, headers: dict[str, str]) -> int:
        self.asked.append((endpoint, headers))
        if self.status == 0:
            raise requests.ConnectTimeout("silence")
        return self.status


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def phone(cast: Cast) -> Device:
    return devices.turn_on(cast.dana, endpoint=PHONE, browser="Chrome on Android", now=MONDAY_TEN)


def owed(cast: Cast, by: StaffMember, minutes: float = 30) -> Promise:
    return promises.make_by_hand(
        store_id=by.store_id, customer=make_customer(cast.northside, "Tom Okafor", "+19735550123"),
        sentence="Call about the price", due_at=MONDAY_TEN + timedelta(minutes=minutes), owner=by, by=by, now=MONDAY_TEN,
    )  # fmt: skip


def ring(service: Service, now: datetime) -> dict[str, int]:
    return nudges.ring(now=now, real=now, post=service)


def test_what_is_late_rings_once_on_every_device_of_whoever_owes_it(
    cast: Cast, phone: Device, service: Service
) -> None:
    devices.turn_on(cast.dana, endpoint=f"{PHONE}-2", browser="Firefox on Mac", now=MONDAY_TEN)
    devices.turn_on(cast.sam, endpoint=f"{PHONE}-sam", browser="Safari on iPhone", now=MONDAY_TEN)
    owed(cast, cast.dana)
    assert ring(service, MONDAY_TEN) == {"rang": 0, "failed": 0, "gone": 0}
    late = MONDAY_TEN + timedelta(minutes=31)
    sweep.run(late)
    assert ring(service, late)["rang"] == 2
    assert ring(service, late + SOON)["rang"] == 0
    assert {endpoint for endpoint, _ in service.asked} == {PHONE, f"{PHONE}-2"}
    (nudge,) = Nudge.objects.of_store(cast.northside.pk)
    assert (nudge.staff, nudge.words) == (cast.dana, "Late: Call about the price")


def test_an_offer_rings_for_whoever_it_is_offered_to_once_each_time_it_comes_round(
    cast: Cast, phone: Device, service: Service
) -> None:
    now = timezone.now()
    offer = promised(cast.dana, accepted_at=None, offered_until=now + 3 * SOON)
    assert [ring(service, now + n * SOON)["rang"] for n in range(3)] == [1, 0, 0]
    assert Nudge.objects.of_store(cast.northside.pk).get().words == f"Offered to you: {offer.sentence}"
    offer.n_offers, offer.assigned_at = 2, now + 2 * SOON
    offer.save(update_fields=["n_offers", "assigned_at"])
    assert ring(service, now + 2 * SOON)["rang"] == 1


def test_what_is_handed_over_rings_and_what_was_taken_on_does_not(
    cast: Cast, phone: Device, service: Service
) -> None:
    promise = owed(cast, cast.sam)
    promises.hand_off(promise, to=cast.dana, by=cast.sam, why="She knows him", now=MONDAY_TEN)
    assert ring(service, MONDAY_TEN)["rang"] == 1
    late = promise.due_at + SOON
    promises.accept(promise, by=cast.dana, now=MONDAY_TEN)
    assert ring(service, MONDAY_TEN + SOON)["rang"] == 0
    sweep.run(late)
    assert ring(service, late)["rang"] == 1


def test_nothing_is_said_to_the_service_and_it_knows_who_asks(
    cast: Cast, phone: Device, service: Service
) -> None:
    promises.hand_off(owed(cast, cast.sam), to=cast.dana, by=cast.sam, why="She knows him", now=MONDAY_TEN)
    ring(service, MONDAY_TEN)
    ((_, headers),) = service.asked
    assert headers["Content-Length"] == "0"
    said = dict(part.split("=", 1) for part in headers["Authorization"].removeprefix("vapid ").split(", "))
    assert said["k"] == vapid.public_key()
    point = base64.urlsafe_b64decode(said["k"] + "=" * (-len(said["k"]) % 4))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    claims = jwt.decode(
        said["t"], key, algorithms=["ES256"], audience="https://fcm.googleapis.com", options={"verify_exp": False}
    )  # fmt: skip
    assert claims["sub"] == settings.PUBLIC_BASE_URL
    assert datetime.fromtimestamp(claims["exp"], UTC) - MONDAY_TEN <= timedelta(hours=24)
    assert "price" not in json.dumps(headers)


@pytest.mark.parametrize(
    ("status", "said"), [(0, "Not reached: ConnectTimeout."), (500, "Its service answered 500.")]
)
def test_a_service_that_fails_is_told_on_the_card_and_the_next_time_is_tried_again(
    cast: Cast, phone: Device, status: int, said: str
) -> None:
    promises.hand_off(owed(cast, cast.sam), to=cast.dana, by=cast.sam, why="She knows him", now=MONDAY_TEN)
    assert ring(Service(status), MONDAY_TEN)["failed"] == 1
    phone.refresh_from_db()
    assert (phone.trouble, phone.rang_at) == (said, None)
    late = MONDAY_TEN + timedelta(minutes=31)
    sweep.run(late)
    assert ring(Service(), late)["rang"] == 1
    phone.refresh_from_db()
    assert phone.trouble == ""


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_its_service_no_longer_knows_is_forgotten(
    cast: Cast, phone: Device, status: int
) -> None:
    promises.hand_off(owed(cast, cast.sam), to=cast.dana, by=cast.sam, why="She knows him", now=MONDAY_TEN)
    assert ring(Service(status), MONDAY_TEN)["gone"] == 1
    assert not Device.objects.of_store(cast.northside.pk).exists()


def test_whoever_has_left_hears_nothing_more_and_their_devices_are_forgotten(
    cast: Cast, phone: Device, service: Service
) -> None:
    promises.hand_off(owed(cast, cast.sam), to=cast.dana, by=cast.sam, why="She knows him", now=MONDAY_TEN)
    people.deactivate(cast.dana, by=cast.gus, now=MONDAY_TEN)
    assert ring(service, MONDAY_TEN)["rang"] == 0
    assert service.asked == []
    assert not Device.objects.of_store(cast.northside.pk).exists()


def test_what_could_not_be_told_in_time_and_what_was_seen_does_not_ring(
    cast: Cast, phone: Device, service: Service
) -> None:
    owed(cast, cast.dana)
    late = MONDAY_TEN + timedelta(minutes=31)
    sweep.run(late)
    assert ring(service, late + ringing.OLD)["rang"] == 0
    cast.dana.notices.update(seen_at=late)
    assert ring(service, late)["rang"] == 0


def test_without_a_key_nothing_rings_and_nothing_is_shown(
    cast: Cast, phone: Device, service: Service, settings: Any, signed_in: SignedIn
) -> None:
    settings.PUSH_KEY = ""
    assert ring(service, MONDAY_TEN) == {"off": 1}
    browser = signed_in(cast.dana)
    assert browser.get("/account/devices/").status_code == 204
    assert browser.post("/account/devices/on/", {"endpoint": PHONE}).status_code == 404


def test_a_key_is_made_by_a_command_and_a_wrong_one_is_named(settings: Any, capsys: Any) -> None:
    call_command("push_key")
    settings.PUSH_KEY = capsys.readouterr().out.strip()
    assert len(vapid.public_key()) == 87
    settings.PUSH_KEY = "not-a-key"
    with pytest.raises(ImproperlyConfigured, match=r"manage\.py push_key"):
        vapid.public_key()


# --- pages ----------------------------------------------------------------------------------------------------------


def test_a_browser_is_switched_on_tried_and_off_by_the_person_who_sits_there(
    cast: Cast, signed_in: SignedIn
) -> None:
    browser = signed_in(cast.dana)
    with clock.at(MONDAY_TEN):
        browser.post("/account/devices/on/", {"endpoint": PHONE}, headers={"User-Agent": "Firefox/1 Android"})
        device = Device.objects.of_store(cast.northside.pk).get()
        assert (device.staff, device.browser) == (cast.dana, "Firefox on Android")
        assert "Firefox on Android" in browser.get("/account/devices/").content.decode()
        browser.post("/account/devices/try/")
        assert ring(service := Service(), MONDAY_TEN)["rang"] == 1
        assert [endpoint for endpoint, _ in service.asked] == [PHONE]
        assert browser.get("/account/devices/news/").json()["words"] == "This is how Kept calls you."
        signed_in(cast.sam).post("/account/devices/off/", {"device": device.pk})
        assert Device.objects.of_store(cast.northside.pk).count() == 1
        browser.post("/account/devices/off/", {"device": device.pk})
    assert not Device.objects.of_store(cast.northside.pk).exists()


def test_on_a_shared_computer_the_device_is_whose_who_switched_it_on_last_in_whichever_store(
    cast: Cast, phone: Device, signed_in: SignedIn
) -> None:
    signed_in(cast.eve).post("/account/devices/on/", {"endpoint": PHONE})
    assert not Device.objects.of_store(cast.northside.pk).exists()
    assert Device.objects.of_store(cast.eastside.pk).get().staff == cast.eve


def test_a_woken_device_says_what_is_meant_for_whoever_is_signed_in_there(
    cast: Cast, phone: Device, service: Service, signed_in: SignedIn
) -> None:
    promise = owed(cast, cast.sam)
    promises.hand_off(promise, to=cast.dana, by=cast.sam, why="She knows him", now=MONDAY_TEN)
    ring(service, MONDAY_TEN)
    with clock.at(MONDAY_TEN + SOON):
        said = signed_in(cast.dana).get("/account/devices/news/").json()
        assert said == {
            "words": "Sam handed this to you: She knows him",
            "path": f"/promises/{promise.pk}/",
            "more": 0,
        }
        for other in (cast.sam, cast.eve):
            assert signed_in(other).get("/account/devices/news/").json()["words"] == ""
        assert Client().get("/account/devices/news/").status_code == 302


@pytest.mark.parametrize(
    "endpoint",
    ["http://fcm.googleapis.com/x", "https://example.com/fcm.googleapis.com", "https://fcm.googleapis.com.example.com/x",
     "https://fcm.googleapis.com@example.com/x", "https://127.0.0.1/x", "https://fcm.googleapis.com:8000/x", "javascript:1",
     "https://fcm.googleapis.com/x\r\nHost: y", "", "https://[::1"],
)  # fmt: skip
def test_no_other_address_is_ever_called(cast: Cast, signed_in: SignedIn, endpoint: str) -> None:
    answer = signed_in(cast.dana).post("/account/devices/on/", {"endpoint": endpoint})
    assert answer.status_code == 422
    assert not Device.objects.of_store(cast.northside.pk).exists()


def test_the_oldest_of_many_devices_makes_room(cast: Cast) -> None:
    for n in range(devices.MOST + 2):
        devices.turn_on(cast.dana, endpoint=f"{PHONE}-{n}", browser=str(n), now=MONDAY_TEN + n * SOON)
    kept = Device.objects.of_store(cast.northside.pk).order_by("since").values_list("browser", flat=True)
    assert list(kept) == [str(n) for n in range(2, devices.MOST + 2)]
