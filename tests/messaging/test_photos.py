"""Photos in and out: fetched from the carrier alone, kept as our own drawing, sent under an address that is soon over."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from dealership import line
from dealership.messaging import cost, inbound, outbox, pace, photos, pictures, sending
from dealership.messaging.forms import TextForm
from dealership.messaging.models import Message, Photo, Purpose
from dealership.messaging.transports.carrier import CannotLook, Gone
from dealership.messaging.transports.twilio_media import TwilioMedia, allowed
from tests.cast import MONDAY_TEN as NOW
from tests.cast import Cast
from tests.messaging.carriers import FakeCarrier, clock_at, maria
from tests.messaging.test_inbound import call
from tests.messaging.test_pictures import SCRIPT, drawing

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
PLACE = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1"
KEY = "9f1c2d3e-0000-4000-8000-00000000000a"


class FakeMedia:
    """Keeps pictures as the carrier does, or fails as it is told."""

    def __init__(self, *answers: bytes | Exception) -> None:
        self.answers, self.asked = list(answers), list[str]()

    def picture(self, address: str, *, most: int) -> bytes:
        self.asked.append(address)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer[: most + 1]


def texted(cast: Cast, *kinds: str, body: str = "here is the scratch") -> Message:
    media = {f"MediaUrl{n}": f"{PLACE}{n}" for n in range(len(kinds))}
    media |= {f"MediaContentType{n}": kind for n, kind in enumerate(kinds)}
    told = call(cast.northside, body, sid="SM" + "1" * 32, NumMedia=str(len(kinds)), **media)
    return inbound.receive(told, received_at=NOW, now=NOW)


def the(message: Message) -> Photo:
    return Photo.objects.of_store(message.store_id).get(message=message, n=0)


# --- in -------------------------------------------------------------------------------------------------------------------


def test_a_photo_that_is_texted_is_fetched_once_and_shown(cast: Cast, signed_in: Any) -> None:
    message = texted(cast, "image/jpeg")
    client, thread = signed_in(cast.dana), reverse("messaging:thread", args=[message.conversation_id])
    assert "photo, on its way" in client.get(thread, headers=HTMX).content.decode()
    assert message.conversation.last_body == "here is the scratch (photo)"
    texted(cast, "image/jpeg")
    carrier = FakeMedia(drawing(size=(3000, 2000)))
    assert photos.fetch_due(carrier=carrier, clock=clock_at(NOW)) == {"fetched": 1, "failed": 0}
    assert photos.fetch_due(carrier=carrier, clock=clock_at(NOW)) == {"fetched": 0, "failed": 0}
    shown = client.get(thread, headers=HTMX).content.decode()
    where = reverse("messaging:photo", args=[the(message).pk])
    assert f'href="{where}" data-photo' in shown
    assert 'width="320" height="213"' in shown
    for size, side in (("small", 320), ("large", 1600)):
        answer = client.get(where, {"size": size})
        assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
        assert answer["Content-Disposition"].startswith("inline; filename=")
        assert answer["Cache-Control"] == "private, no-store"
        assert answer.content.startswith(b"\xff\xd8\xff")
        assert f"{side}" in shown or side == 1600
    assert signed_in(cast.eve).get(where).status_code == 404


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"<svg onload=alert(1)>", "a drawing (SVG)"),
        (b"<!doctype html>" + SCRIPT, "a web page"),
        (b"\0\0\0\x18ftypheic", "iPhone photo"),
        (b"\xff\xd8\xff" + b"\0" * (11 * 1024 * 1024), "larger than 10 MB"),
        (Gone("The carrier does not have it any more."), "any more"),
    ],
    ids=["svg", "page", "heic", "large", "gone"],
)
def test_what_cannot_be_shown_says_so_and_is_given_to_no_browser(
    cast: Cast, signed_in: Any, sent: bytes | Exception, said: str
) -> None:
    message = texted(cast, "image/jpeg")
    photos.fetch_due(carrier=FakeMedia(sent), clock=clock_at(NOW))
    photo = the(message)
    assert said in photo.trouble
    assert (photo.next_try_at, bytes(photo.large), bytes(photo.small)) == (None, b"", b"")
    client = signed_in(cast.dana)
    assert client.get(reverse("messaging:photo", args=[photo.pk])).status_code == 404
    shown = client.get(reverse("messaging:thread", args=[message.conversation_id]), headers=HTMX)
    assert "photo not shown" in shown.content.decode()


def test_what_cannot_be_had_now_waits_longer_each_time_and_then_for_a_person(
    cast: Cast, signed_in: Any
) -> None:
    message, now = texted(cast, "image/jpeg"), NOW
    for _ in range(line.MOST_TRIES):
        photo = the(message)
        assert photo.next_try_at is not None
        now = max(now, photo.next_try_at)
        tally = photos.fetch_due(
            carrier=FakeMedia(CannotLook("The carrier answered 503.")), clock=clock_at(now)
        )
        assert tally == {"fetched": 0, "failed": 1}
    photo = the(message)
    assert photo.parked_at is not None
    page = signed_in(cast.gus).get(reverse("operations:overview")).content.decode()
    assert "Photo from a customer" in page
    signed_in(cast.gus).post(reverse("operations:again", args=[photo.pk]), {"kind": "photo"})
    assert photos.fetch_due(carrier=FakeMedia(drawing())) == {"fetched": 1, "failed": 0}
    assert the(message).width == 64


def test_whoever_wakes_too_late_changes_nothing(cast: Cast) -> None:
    message = texted(cast, "image/jpeg")

    class Slow(FakeMedia):
        def picture(self, address: str, *, most: int) -> bytes:
            Photo.objects.of_store(message.store_id).update(
                attempts=5, next_try_at=NOW + timedelta(minutes=1)
            )
            return drawing()

    assert photos.fetch(the(message).pk, carrier=Slow(), now=NOW) is False
    assert the(message).width == 0


@pytest.mark.parametrize(
    "address",
    [
        "http://api.twilio.com/x", "https://evil.example/x", "https://api.twilio.com.evil.example/x",
        "https://api.twilio.com@evil.example/x", "https://u:p@api.twilio.com/x", "https://api.twilio.com:8443/x",
        "https://169.254.169.254/latest", "file:///etc/passwd", "//api.twilio.com/x", "https://api.twilio.com:x/", "",
    ],
)  # fmt: skip
def test_nobody_but_the_carrier_is_asked_for_a_picture(settings: Any, address: str) -> None:
    for settings.PHONE_SIMULATOR in (False, True):
        with pytest.raises(Gone, match="not fetched"):
            allowed(address)


def test_with_the_simulator_the_same_address_leads_to_this_machine(settings: Any) -> None:
    settings.PHONE_SIMULATOR, settings.SIMULATOR_URL = True, "http://127.0.0.1:8000/"
    assert allowed(PLACE) == (
        PLACE.replace("https://api.twilio.com", "http://127.0.0.1:8000/simulator/twilio"),
        True,
    )
    with pytest.raises(Gone):
        allowed("https://media.twiliocdn.com/x")


class Answers:
    """In the place of a session: what each address answers, and who showed which key."""

    def __init__(self, **answers: Any) -> None:
        self.answers, self.keys = answers, list[tuple[str, bool]]()

    def get(self, address: str, **options: Any) -> Any:
        assert options["allow_redirects"] is False
        self.keys.append((address.split("/")[2], options["auth"] is not None))
        told = {
            "status_code": 200,
            "headers": {},
            "chunks": [b"x"],
            **self.answers[address.rsplit("/", 1)[1]],
        }
        answer = SimpleNamespace(
            status_code=told["status_code"],
            headers=told["headers"],
            is_redirect="Location" in told["headers"],
            iter_content=lambda size: iter(told["chunks"]),
        )
        answer.__dict__["close"] = lambda: None
        return _Closing(answer)


class _Closing:
    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def __enter__(self) -> Any:
        return self.answer

    def __exit__(self, *_: object) -> None:
        return None


def fetched(settings: Any, **answers: Any) -> tuple[TwilioMedia, Answers]:
    settings.PHONE_SIMULATOR = False
    carrier, session = TwilioMedia(), Answers(**answers)
    carrier.session = session  # type: ignore[assignment]
    return carrier, session


def test_the_key_goes_to_the_carriers_door_and_no_further(settings: Any) -> None:
    moved = {"status_code": 307, "headers": {"Location": "https://media.twiliocdn.com/a/there"}}
    carrier, session = fetched(settings, ME1=moved, there={"chunks": [b"ab", b"cd"]})
    assert carrier.picture(PLACE, most=100) == b"abcd"
    assert session.keys == [("api.twilio.com", True), ("media.twiliocdn.com", False)]


@pytest.mark.parametrize(
    ("answer", "ends"),
    [
        ({"status_code": 302, "headers": {"Location": "https://evil.example/x"}}, Gone),
        ({"status_code": 302, "headers": {"Location": "http://169.254.169.254/ME1"}}, Gone),
        ({"status_code": 302, "headers": {"Location": "/ME1"}}, Gone),  # round and round
        ({"status_code": 404}, Gone),
        ({"status_code": 503}, CannotLook),
        ({"status_code": 429}, CannotLook),
        ({"headers": {"Content-Encoding": "gzip"}}, Gone),
    ],
)
def test_it_is_sent_to_no_other_host_and_takes_nothing_packed(settings: Any, answer: Any, ends: type) -> None:
    carrier, session = fetched(settings, ME1=answer)
    with pytest.raises(ends):
        carrier.picture(PLACE, most=100)
    assert {host for host, _ in session.keys} == {"api.twilio.com"}


def test_no_more_is_read_than_may_be_kept(settings: Any) -> None:
    read = []

    def endless() -> Any:
        while True:
            read.append(1)
            yield b"x" * 60

    carrier, _ = fetched(settings, ME1={"chunks": endless()})
    assert len(carrier.picture(PLACE, most=100)) == 120
    assert len(read) == 2


# --- out ------------------------------------------------------------------------------------------------------------------


def upload(name: str = "IMG_1.jpg", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, drawing(size=(900, 600)) if data is None else data)


def test_photos_go_out_with_a_text_under_an_address_that_only_the_carrier_needs(
    cast: Cast, signed_in: Any, settings: Any
) -> None:
    talk = texted(cast, body="can you show me?").conversation
    typed = {"body": "", "key": KEY, "photos": [upload(), upload("IMG_2.png", drawing("PNG", mode="RGBA"))]}
    client = signed_in(cast.dana)
    for _ in range(2):
        typed["photos"] = [upload(), upload("IMG_2.png", drawing("PNG", mode="RGBA"))]
        assert (
            client.post(reverse("messaging:send_text", args=[talk.pk]), typed, headers=HTMX).status_code
            == 200
        )
    message = Message.objects.of_store(talk.store_id).get(is_inbound=False)
    assert (message.body, message.photos.count()) == ("", 2)
    carrier = FakeCarrier()
    Message.objects.of_store(talk.store_id).update(send_after=NOW)  # whatever the hour of this test
    sending.send_due(transport=carrier, clock=clock_at(NOW))
    (parcel,) = carrier.given
    assert (len(parcel.media), parcel.media[0].startswith(settings.PUBLIC_BASE_URL)) == (2, True)
    where = parcel.media[0].removeprefix(settings.PUBLIC_BASE_URL)
    anybody = Client()
    answer = anybody.get(where)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer["Cache-Control"] == "private, no-store"
    assert re.fullmatch(r"/photos/out/[\w:-]{30,}/", where)
    assert anybody.get(where.replace("/out/", "/out/x")).status_code == 404
    settings.SECRET_KEY = "another"
    assert anybody.get(where).status_code == 404


def test_the_address_is_over_in_hours_and_opens_nothing_that_came_in(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    message = texted(cast, "image/jpeg")
    photos.fetch_due(carrier=FakeMedia(drawing()), clock=clock_at(NOW))
    for_carrier = photos.address_for_carrier(the(message).pk, message.store_id)
    assert Client().get(for_carrier.removeprefix(settings.PUBLIC_BASE_URL)).status_code == 404
    token = for_carrier.rstrip("/").rsplit("/", 1)[1]
    assert photos.named_by(token) == (the(message).pk, message.store_id)
    monkeypatch.setattr(photos, "GOOD_FOR", timedelta(seconds=-1))
    assert photos.named_by(token) is None


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([("a.jpg", None)] * 4, "3 photos at most"),
        (
            [("IMG_0042.HEIC", b"\0\0\0\x18ftypheic")],
            "IMG_0042.HEIC cannot be sent. It is an iPhone photo (HEIC). Choose a JPEG",
        ),
        ([("scratch.jpg", b"<svg onload=alert(1)>")], "It is a drawing (SVG)"),
        ([("large.jpg", b"\xff\xd8\xff" + b"\0" * (11 * 1024 * 1024))], "larger than 10 MB"),
        ([], "Write something first."),
    ],
    ids=["four", "heic", "svg", "large", "none"],
)
def test_what_cannot_be_sent_is_refused_in_words_and_nothing_is_kept(
    cast: Cast, signed_in: Any, files: list[tuple[str, bytes | None]], said: str
) -> None:
    talk = texted(cast, body="can you show me?").conversation
    typed = {"body": "Here it is" if files else "", "key": KEY, "photos": [upload(*one) for one in files]}
    answer = signed_in(cast.dana).post(reverse("messaging:send_text", args=[talk.pk]), typed, headers=HTMX)
    text = answer.content.decode()
    assert (answer.status_code, said in text) == (422, True)
    assert "hx-preserve" in text, "the browser keeps what was chosen"
    assert not Photo.objects.of_store(talk.store_id).exists()


def test_a_message_with_photos_counts_as_one_however_long_its_words_are(cast: Cast, settings: Any) -> None:
    long = "ñ" * 500
    settings.TEXT_SEGMENT_PRICE, settings.PHOTO_MESSAGE_PRICE = None, None
    assert cost.said(long).startswith("4 segments")
    assert cost.said(long, 2) == "1 photo message, 2 photos"
    settings.PHOTO_MESSAGE_PRICE = Decimal("0.02")
    assert cost.said("", 1) == "1 photo message, 1 photo · $0.02"
    turn = pace.turn([cast.northside.pk], NOW)
    before = turn.buckets[cast.northside.pk].tokens
    assert turn.take(cast.northside.pk, long, has_photos=True)
    assert before - turn.buckets[cast.northside.pk].tokens == 1


def test_who_opted_out_gets_no_photo_either(cast: Cast) -> None:
    customer = maria(cast.northside)
    inbound.receive(call(cast.northside, "STOP"), received_at=NOW, now=NOW)
    message = outbox.send(
        store_id=cast.northside.pk, customer=customer, body="", author=cast.dana, purpose=Purpose.CONVERSATIONAL,
        dedupe_key="x", now=NOW, drawn=[pictures.read(drawing())],
    )  # fmt: skip
    carrier = FakeCarrier()
    sending.send_due(transport=carrier, clock=clock_at(NOW))
    message.refresh_from_db()
    assert (carrier.given, message.state) == ([], Message.State.SUPPRESSED)


def test_words_alone_are_a_text_as_they_were() -> None:
    assert TextForm({"body": "hi", "key": KEY}, language="en").is_valid()
    assert TextForm({"body": "  ", "key": KEY}, language="en").errors["body"] == ["Write something first."]
