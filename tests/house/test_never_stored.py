"""What must never be kept is kept nowhere: through every way in, and then looked for in every column of the database."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from dealership.dms import jobs as dms_jobs
from dealership.dms.models import Feed, FeedFile
from dealership.messaging import carrier_calls
from dealership.messaging.models import CarrierCall, Message
from dealership.sensitive import MASK_CARD, MASK_SSN, mask
from dealership.staff.models import StaffMember
from dealership.vehicles import vin
from sales.models import LeadArrival
from service import jobs as service_jobs
from tests.dms.dealervault_files import RO, sv_file
from tests.house import columns
from tests.house.addresses import PEOPLE, TYPED
from tests.house.test_hostile import ASKED, hostile, sent, signed
from tests.house.test_urls import HTMX, address, filled, undone
from tests.house.world import World
from tests.sales.providers import adf

pytestmark = pytest.mark.django_db
SignedIn = Callable[[StaffMember], Client]

#: What is looked for afterwards: the digits of each form, by the end that no mask may leave.
WRITTEN = (
    "219-09-9999", "219 09 9999", "219.09.9999", "ssn 219099999", "social: 219-099999",
    "4111 1111 1111 1111", "4111-1111-1111-1111", "4111111111111111", "3782 822463 10005", "5555.5555.5555.4444",
)  # fmt: skip
TRACES = (
    "219-09-9999", "219 09 9999", "219.09.9999", "219099999", "219-099999", "1111 1111 1111", "1111-1111-1111", "41111111111",
    "822463 10005", "5555.5555",
)  # fmt: skip


def found() -> dict[str, str]:
    return columns.holding("|".join(trace.replace(".", r"\.") for trace in TRACES))


def test_what_is_looked_for_would_be_found(world: World) -> None:
    """Else the searches below would prove nothing."""
    last = Message.objects.of_store(world.north.store.pk).latest("pk")
    for written in WRITTEN:
        Message.objects.of_store(world.north.store.pk).filter(pk=last.pk).update(body=f"x {written} y")
        assert set(found()) >= {"messaging_message"}, written
    Message.objects.of_store(world.north.store.pk).filter(pk=last.pk).update(body="x")
    file = FeedFile.objects.of_store(world.north.store.pk).defer("data").first()
    assert file is not None
    FeedFile.objects.of_store(world.north.store.pk).filter(pk=file.pk).update(data=b"x\n219-09-9999")
    assert "dms_feedfile" in found()


def test_no_field_of_any_form_keeps_it(world: World, signed_in: SignedIn) -> None:
    browser, n = hostile(signed_in(world.cast.gus)), 0
    leaks: dict[tuple[str, str], Any] = {}
    for name, door in PEOPLE.items():
        if door.post is None:
            continue
        form = filled(door.form, world.north, world.cast.gus, world)
        words = [
            field for field, value in form.items() if not value.replace("-", "").replace(":", "").isdigit()
        ]
        for field in (*words, *TYPED.get(name, ())):
            written = WRITTEN[n % len(WRITTEN)]
            n += 1
            typed = {**form, field: f"{form.get(field, '')} {written}".strip()}
            assert sent(browser, address(name, world.north), typed).status_code < 500, (name, field)
    leaks |= {(table, ""): hit for table, hit in found().items()}
    assert leaks == {}
    assert n > 120


def test_no_question_in_an_address_keeps_it(world: World, signed_in: SignedIn) -> None:
    browser = signed_in(world.cast.gus)
    for n, name in enumerate(name for name, fields in ASKED.items() if "q" in fields):
        browser.get(f"{address(name, world.north)}?q={quote(WRITTEN[n % len(WRITTEN)])}", headers=HTMX)
    assert found() == {}


def test_whoever_typed_it_is_told_in_words(world: World, signed_in: SignedIn) -> None:
    browser = signed_in(world.cast.gus)
    where = address("tasks:waive", world.north)
    with undone():
        answer = browser.post(where, {"why": "his card is 4111 1111 1111 1111"}, headers=HTMX)
        assert "left out: it is kept nowhere" in str(answer.headers)
    with undone():
        answer = browser.post(where, {"why": "his number is (973) 555-0144"}, headers=HTMX)
        assert "left out" not in str(answer.headers)


def text(world: World, n: int, body: str) -> None:
    ours = quote(world.north.store.text_number)
    told = f"MessageSid=SMnever{n}&From=%2B19735577{n % 2:03d}&To={ours}&NumMedia=0&ProfileName={quote(body)}&Body={quote(body)}"
    assert signed("/twilio/inbound/", told.encode()).status_code == 200
    carrier_calls.settle_open(limit=50)


def test_no_text_of_a_customer_keeps_it_in_one_or_in_two(world: World) -> None:
    for n, written in enumerate(WRITTEN):
        text(world, 2 * n, f"here you are: {written} thanks")
    halves = (("my social is 219-09", "9999"), ("4111 1111", "1111 1111 exp 12/27"), ("219", "09-9999"))
    for n, pair in enumerate(halves):
        for half, body in enumerate(pair):
            text(world, 101 + 10 * n + 2 * half, body)
    assert found() == {}
    bodies = Message.objects.of_store(world.north.store.pk).filter(carrier_sid__startswith="SMnever1")
    assert sum(MASK_SSN in body or MASK_CARD in body for body in bodies.values_list("body", flat=True)) >= 8
    rests = {"9999", "1111 1111 exp 12/27", "09-9999"}
    assert not rests & {call.payload["Body"] for call in CarrierCall.objects.filter(kind="inbound")}
    assert not rests & set(bodies.values_list("body", flat=True))


def mail_of(lead: bytes, coding: str) -> bytes:
    head = (
        "From: a@b.example\r\nSubject: Lead\r\nMIME-Version: 1.0\r\nContent-Type: text/xml; charset=utf-8\r\n"
        f"Content-Transfer-Encoding: {coding}\r\n\r\n"
    )
    return head.encode() + (base64.encodebytes(lead) if coding == "base64" else lead)


def test_no_lead_keeps_it_however_it_is_wrapped(world: World) -> None:
    client, n = Client(raise_request_exception=False), 0
    for written in WRITTEN:
        lead = adf(f"Nora Quist{n}", phone=f"973558{n:04d}", question=f"Is it there? {written}.")
        for body, kind in (
            (lead, "text/xml"),
            (lead.decode().replace('<?xml version="1.0"?>', "").encode("utf-16"), "text/xml"),
            (mail_of(lead, "base64"), "message/rfc822"),
            (
                f"name=Nora&comments={written.replace(' ', '+')}&phone=9735580000".encode(),
                "application/x-www-form-urlencoded",
            ),
            (f"Somebody writes: {written}".encode(), "text/plain"),
        ):
            n += 1
            assert client.generic(
                "POST", "/hooks/adf/northside-leads/", body, content_type=kind
            ).status_code in (201, 202)
    assert found() == {}
    kept = [
        bytes(raw) for raw in LeadArrival.objects.of_store(world.north.store.pk).values_list("raw", flat=True)
    ]
    for raw in kept:
        read = raw.decode("utf-16") if raw[:2] == b"\xff\xfe" else raw.decode("utf-8", "replace")
        inside = (
            [base64.b64decode(read.partition("\r\n\r\n")[2] or read.partition("\n\n")[2])]
            if "base64" in read
            else []
        )
        assert not any(
            trace in whole for whole in (read, *(part.decode() for part in inside)) for trace in TRACES
        ), read[:200]


def test_no_file_of_the_dms_keeps_it(world: World) -> None:
    store = world.north.store
    feed = Feed.objects.of_store(store.pk).get(kind="SV")
    row = RO | {"Open Date": "11/23/2026", "RO Status": "O"}
    rows = [
        row
        | {"RO Number": f"66{n:03d}", "Customer Number": f"6{n:03d}", "Labor Complaint": f"noise, {written}"}
        for n, written in enumerate(WRITTEN)
    ]
    client = Client(raise_request_exception=False)
    answer = client.post(
        f"/hooks/dms/{feed.token}/?name=219-09-9999.txt", sv_file(rows), content_type="text/plain"
    )
    assert answer.status_code == 202
    forbidden = b"RO Number\tSSN\tFull Name\r\n1\t219099999\tNora Quist\r\n"
    refused = client.post(f"/hooks/dms/{feed.token}/?name=x.txt", forbidden, content_type="text/plain").json()
    while dms_jobs.stage_waiting(now=timezone.now())["staged"]:
        pass
    service_jobs.pull_repair_orders(now=timezone.now())
    assert found() == {}
    file = FeedFile.objects.of_store(store.pk).get(pk=refused["file"])
    assert (file.state, bytes(file.data)) == ("refused", b"RO Number\tSSN\tFull Name")
    assert "Take the column out of the export" in file.why


def the_trade() -> Iterator[str]:
    """Ten thousand things that people write here, none of which may be masked."""
    dice = random.Random(4)
    digits = lambda n: "".join(dice.choices("0123456789", k=n))  # noqa: E731
    letters = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
    for _ in range(2000):
        code = "".join(dice.choices(letters, k=17))
        yield f"VIN {code[:8]}{vin.check_digit(code) if hasattr(vin, 'check_digit') else code[8]}{code[9:]}"
        yield f"RO {digits(dice.choice((5, 6, 7, 8, 9)))} stock {digits(5)}{dice.choice('AB')}"
        area = f"{dice.randint(2, 9)}{digits(2)}"
        yield dice.choice(("({}) {}-{}", "{}-{}-{}", "{}.{}.{}", "+1 {} {} {}", "{}{}{}")).format(
            area, f"{dice.randint(2, 9)}{digits(2)}", digits(4)
        )
        yield f"${dice.randint(1, 99)},{digits(3)}.{digits(2)} for {digits(5)} miles, deal {digits(7)}"
        part = f"{digits(5)}-{letters[dice.randrange(20)]}{digits(2)}-{digits(3)}"
        yield f"11/{dice.randint(10, 28)}/2026 {dice.randint(10, 23)}:{dice.randint(10, 59)}, {digits(5)}-{digits(4)}, {part}"


def test_of_ten_thousand_things_of_the_trade_at_most_ten_are_masked() -> None:
    things = list(the_trade())
    masked = [thing for thing in things if mask(thing) != thing]
    assert len(things) == 10_000
    assert len(masked) <= 10, masked[:20]
