"""Service's pages: the lane, an RO, declined work, a customer's panel; who may see what, and in how many queries."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import time_machine
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from dealership.appointments.models import Appointment
from dealership.lists import asking
from dealership.lists.page import turn
from dealership.staff.models import StaffMember
from service.declined_list import DECLINED
from service.models import DeclinedLine, RepairOrder
from tests.cast import MONDAY_TEN, Cast, make_customer
from tests.service.feeds import CLOSED_RO, OPEN_RO, VISIT, Dms, at

SignIn = Callable[[StaffMember], Client]
TODAY = VISIT | {"Appointment Date": "11/23/2026", "Appointment Time": "1:00 PM"}
NEW = {"Customer Number": "91", "Cell Phone": "973-555-0191", "Email 1": "", "First Name": "OLA", "Last Name": "IDRIS",
       "Full Name": "", "VIN": "1HGCM82633A004352"}  # fmt: skip


@pytest.fixture
def dms(cast: Cast) -> Iterator[Dms]:
    with time_machine.travel(at(0), tick=False):
        yield Dms(cast)


def ro_of(cast: Cast, number: str = "048213") -> RepairOrder:
    return RepairOrder.objects.of_store(cast.northside.pk).get(ro_number=number)


def line_of(cast: Cast, key: str = "brkf") -> DeclinedLine:
    return DeclinedLine.objects.of_store(cast.northside.pk).get(key=key)


def words(client: Client, path: str, now: datetime = MONDAY_TEN) -> str:
    with time_machine.travel(now, tick=False):
        answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("path", ["/service/", "/service/repair-orders/", "/service/declined/"])
def test_whoever_is_not_signed_in_is_asked_to(cast: Cast, path: str) -> None:
    assert Client().get(path).status_code == 302


@pytest.mark.parametrize("path", ["/service/", "/service/repair-orders/", "/service/declined/"])
def test_whoever_has_no_business_in_service_is_kept_out(cast: Cast, signed_in: SignIn, path: str) -> None:
    assert signed_in(cast.sam).get(path).status_code == 403


def test_an_empty_lane_says_so(cast: Cast, signed_in: SignIn) -> None:
    assert "No car is here and none is due today" in words(signed_in(cast.ana), "/service/")


def test_the_lane_shows_who_is_due_how_far_each_car_is_and_what_closed(
    cast: Cast, dms: Dms, signed_in: SignIn
) -> None:
    promised = {"RO Number": "3", "Promise Date": "11/23/2026", "Promise Time": "12:45 PM"}
    dms.send(at(0), OPEN_RO | {"RO Number": "2"}, OPEN_RO | promised)
    dms.send(at(100), CLOSED_RO | {"RO Number": "4"}, OPEN_RO | {"RO Number": "5"})
    dms.send_visits(at(101), TODAY | NEW)
    page = words(signed_in(cast.ana), "/service/", at(125))
    lanes = {
        part.split("<")[0].strip(): part
        for part in re.split(r'<section class="lane"[^>]*><header><span>', page)
    }
    assert "Ola Idris" in lanes["Due in"]
    assert "RO 2<" in lanes["Checked in"]
    assert "RO 5<" in lanes["Checked in"]
    assert "2 h 05<" in lanes["Checked in"]
    assert "no word yet," in lanes["Checked in"]
    assert "promised 12:45 pm" in lanes["Checked in"]
    assert "40:00 left" in lanes["Checked in"]
    assert "RO 4<" in lanes["Closed today"]


def test_each_tile_opens_its_list(cast: Cast, dms: Dms, signed_in: SignIn) -> None:
    dms.send(at(0), OPEN_RO)
    dms.send(at(1), CLOSED_RO | {"RO Number": "4"})
    client = signed_in(cast.ana)
    assert "048213</a>" in words(client, "/service/?list=silent", at(200))
    assert "048213</a>" in words(client, "/service/?list=open", at(200))
    closed = words(client, "/service/?list=closed", at(200))
    assert "4</a>" in closed
    assert "048213</a>" not in closed
    assert "Everybody who was due has come" in words(client, "/service/?list=missed", at(200))


def test_a_stale_feed_says_since_when_and_what_waits_for_it(cast: Cast, dms: Dms, signed_in: SignIn) -> None:
    dms.send(at(0), OPEN_RO)
    assert "The RO feed has been silent since" in words(signed_in(cast.ana), "/service/", at(200))


def test_the_lane_takes_twelve_queries_however_many_cars(
    cast: Cast, dms: Dms, signed_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    dms.send(at(0), *(OPEN_RO | {"RO Number": str(n)} for n in range(12)))
    dms.send_visits(at(1), TODAY)
    client = signed_in(cast.ana)
    client.get("/service/")
    with django_assert_max_num_queries(12):
        assert client.get("/service/").status_code == 200


def test_a_visit_is_checked_in_from_the_lane(cast: Cast, dms: Dms, signed_in: SignIn) -> None:
    dms.send_visits(at(0), TODAY)
    visit = Appointment.objects.of_store(cast.northside.pk).get()
    path = reverse("service:check_in", args=[visit.pk])
    assert signed_in(cast.eve).post(path).status_code == 404
    assert signed_in(cast.dana).post(path).status_code == 403
    assert signed_in(cast.ana).post(path).status_code == 302
    assert Appointment.objects.of_store(cast.northside.pk).get().state == "arrived"
    assert "here since" in words(signed_in(cast.ana), "/service/")


def test_an_ro_shows_its_lines_its_declined_work_and_how_the_dms_told_it(
    cast: Cast, dms: Dms, signed_in: SignIn
) -> None:
    dms.send(at(0), OPEN_RO)
    dms.send(at(30), CLOSED_RO)
    page = words(signed_in(cast.ana), f"/service/repair-orders/{ro_of(cast).pk}/", at(60))
    assert "GRINDING WHEN BRAKING" in page
    assert "Front pads 2mm" in page
    assert "Closed, closed today" in page
    assert f"/inbox/customers/{ro_of(cast).customer_id}/" in page


def test_an_ro_takes_thirteen_queries(
    cast: Cast, dms: Dms, signed_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    dms.send(at(0), CLOSED_RO)
    client = signed_in(cast.ana)
    client.get("/service/")
    with django_assert_max_num_queries(14):  # who looked is noted, once an hour
        assert client.get(f"/service/repair-orders/{ro_of(cast).pk}/").status_code == 200
    with django_assert_max_num_queries(13):
        assert client.get(f"/service/repair-orders/{ro_of(cast).pk}/").status_code == 200


def test_the_garage_shows_what_was_recommended_and_not_bought(
    cast: Cast, dms: Dms, signed_in: SignIn
) -> None:
    dms.send(at(0), CLOSED_RO)
    customer = ro_of(cast).customer_id
    assert 'id="garage-work"' in words(signed_in(cast.ana), f"/customers/{customer}/")
    panel = reverse("service:customer_panel", args=[customer])
    answer = signed_in(cast.ana).get(panel, headers={"HX-Request": "true"}).content.decode()
    chips = answer.partition('id="garage-work" hx-swap-oob="true"')[2]
    assert line_of(cast).description in chips
    assert "garage-work" not in signed_in(cast.ana).get(panel).content.decode(), "only where there is one"


def test_declined_work_goes_on_where_its_page_ends(cast: Cast, dms: Dms, signed_in: SignIn) -> None:
    dms.send(at(0), CLOSED_RO)
    first = line_of(cast)
    for n, colour in enumerate(["yellow", "red", "yellow", "red"]):
        first.pk, first.key, first.colour, first.description = None, f"more{n}", colour, f"Work {n}"
        first.save(force_insert=True)
    everything = [
        line.pk for line in DeclinedLine.objects.of_store(cast.northside.pk).order_by("colour", "pk")
    ]
    short, seen, rest = replace(DECLINED, sizes=(2,)), list[int](), "?size=2"
    while rest:
        page = turn(asking.read(short, QueryDict(rest[1:])), cast.ana, MONDAY_TEN)
        seen += [line.pk for line in page.rows]
        rest = page.onward
    assert seen == everything
    assert len(seen) >= 5
    shown = signed_in(cast.ana).get("/service/declined/", {"after": "green_x"}).context["lines"]
    assert shown[0].pk == everything[0]


def test_the_stranger_from_the_other_store_finds_no_ro_and_no_line(
    cast: Cast, dms: Dms, signed_in: SignIn
) -> None:
    dms.send(at(0), CLOSED_RO)
    eve, ro, line = signed_in(cast.eve), ro_of(cast), line_of(cast)
    assert eve.get(f"/service/repair-orders/{ro.pk}/").status_code == 404
    assert eve.post(f"/service/repair-orders/{ro.pk}/told/").status_code == 404
    assert eve.post(f"/service/declined/{line.pk}/close/", {"why": "mine now"}).status_code == 404
    assert (
        eve.post(f"/service/declined/{line.pk}/book/", {"day": "2026-11-27", "time": "9:00"}).status_code
        == 404
    )
    assert eve.get(f"/service/customers/{ro.customer_id}/").status_code == 404
    for path in ("/service/", "/service/repair-orders/?q=048213", "/service/declined/"):
        assert "Marlene" not in words(eve, path)


def test_status_is_told_in_person_with_one_press(cast: Cast, dms: Dms, signed_in: SignIn) -> None:
    dms.send(at(0), OPEN_RO)
    path = f"/service/repair-orders/{ro_of(cast).pk}/told/"
    assert signed_in(cast.dana).post(path).status_code == 403
    assert signed_in(cast.ana).post(path).status_code == 302
    assert ro_of(cast).told_at == at(0)


def test_nobody_tells_the_status_of_a_closed_ro(cast: Cast, dms: Dms, signed_in: SignIn) -> None:
    dms.send(at(0), CLOSED_RO)
    answer = signed_in(cast.ana).post(f"/service/repair-orders/{ro_of(cast).pk}/told/")
    assert answer.status_code == 422
    assert "the car is not here any more" in answer.content.decode()


@pytest.mark.parametrize("text", ["048213", "RO 048213", "price", "555-0142", "T-7"])
def test_an_ro_is_found_by_its_number_its_tag_and_its_customer(
    cast: Cast, dms: Dms, signed_in: SignIn, text: str
) -> None:
    dms.send(at(0), OPEN_RO | {"Tag Number": "T-7"}, OPEN_RO | NEW | {"RO Number": "777"})
    page = words(signed_in(cast.ana), f"/service/repair-orders/?q={text}")
    assert "048213</a>" in page
    assert "777</a>" not in page


def test_the_list_holds_closed_ros_too_narrowed_and_taken_along(
    cast: Cast, dms: Dms, signed_in: SignIn
) -> None:
    dms.send(at(0), CLOSED_RO, OPEN_RO | NEW | {"RO Number": "777"})
    ana = signed_in(cast.ana)
    assert "777</a>" in words(ana, "/service/repair-orders/?state=open")
    closed = words(ana, "/service/repair-orders/?state=closed&sort=closed&cols=ro_number&cols=car")
    assert "048213</a>" in closed
    assert "777</a>" not in closed
    assert "<th>Customer</th>" not in closed
    text = ana.get("/service/repair-orders/export/?state=closed&cols=ro_number&cols=state").content
    assert text.decode("utf-8-sig").splitlines() == ["RO,State", "048213,closed"]
    assert "Nothing fits" in words(ana, "/service/repair-orders/?state=voided")


def test_a_search_that_finds_nothing_says_what_to_try(cast: Cast, signed_in: SignIn) -> None:
    assert "Nothing found" in words(signed_in(cast.ana), "/service/repair-orders/?q=zzz%00")


def test_declined_work_is_listed_safety_first_and_by_colour(cast: Cast, dms: Dms, signed_in: SignIn) -> None:
    dms.send(at(0), CLOSED_RO)
    client = signed_in(cast.ana)
    page = words(client, "/service/declined/")
    assert page.index("Front pads 2mm") < page.index("Cabin filter dirty")
    assert "Cabin filter dirty" not in words(client, "/service/declined/?colour=red")


def test_an_empty_list_of_declined_work_says_so(cast: Cast, signed_in: SignIn) -> None:
    assert "Nothing is open" in words(signed_in(cast.ana), "/service/declined/")


def test_a_time_that_cannot_be_is_refused_beside_what_was_typed(
    cast: Cast, dms: Dms, signed_in: SignIn
) -> None:
    dms.send(at(0), CLOSED_RO)
    path = f"/service/declined/{line_of(cast).pk}/book/"
    client = signed_in(cast.ana)
    past = client.post(path, {"day": "2026-11-20", "time": "09:00"})
    assert past.status_code == 422
    assert "That time has passed" in past.content.decode()
    assert 'value="2026-11-20"' in past.content.decode()
    assert client.post(path, {"day": "soon", "time": ""}).status_code == 422
    assert line_of(cast).state == "open"


def test_a_line_that_was_settled_meanwhile_says_so(cast: Cast, dms: Dms, signed_in: SignIn) -> None:
    dms.send(at(0), CLOSED_RO)
    client, path = signed_in(cast.ana), f"/service/declined/{line_of(cast).pk}/close/"
    client.post(path, {"why": "Done elsewhere"})
    again = client.post(path, {"why": "Car sold"})
    assert again.status_code == 422
    assert "Done elsewhere" in again.content.decode()


def test_the_customers_panel_shows_ros_and_declined_work(cast: Cast, dms: Dms, signed_in: SignIn) -> None:
    dms.send(at(0), CLOSED_RO)
    client = signed_in(cast.ana)
    page = words(client, f"/service/customers/{ro_of(cast).customer_id}/")
    assert "RO 048213" in page
    assert "Front pads 2mm" in page
    nobody = make_customer(cast.northside, "Nora Bell", "+19735550177")
    assert "No RO yet" in words(client, f"/service/customers/{nobody.pk}/")
    assert signed_in(cast.sam).get(f"/service/customers/{nobody.pk}/").status_code == 403


def test_an_ro_without_a_customer_has_a_page(cast: Cast, dms: Dms, signed_in: SignIn) -> None:
    nobody = {
        "Customer Number": "",
        "Full Name": "",
        "First Name": "",
        "Last Name": "",
        "Cell Phone": "",
        "Email 1": "",
    }
    dms.send(at(0), CLOSED_RO | nobody)
    assert "none" in words(signed_in(cast.ana), f"/service/repair-orders/{ro_of(cast).pk}/")
    assert "Internal" in words(signed_in(cast.ana), "/service/?list=closed", at(0) + timedelta(minutes=5))


def test_a_note_stands_in_the_story_once_though_it_was_pressed_twice(
    cast: Cast, dms: Dms, signed_in: SignIn
) -> None:
    dms.send(at(0), OPEN_RO)
    ro, tess = ro_of(cast), signed_in(cast.tess)
    path = reverse("service:write_note", args=[ro.pk])
    for _ in range(2):
        assert tess.post(path, {"note": "Key is in the glove box"}).status_code == 302
    page = words(tess, f"/service/repair-orders/{ro.pk}/")
    assert page.count("Key is in the glove box") == 1
    assert "Tess" in page
    assert tess.post(path, {"note": "  "}).status_code == 422
    assert signed_in(cast.dana).post(path, {"note": "Hello"}).status_code == 403
    assert signed_in(cast.eve).post(path, {"note": "Hello"}).status_code == 404
    assert "keep this note" not in words(signed_in(cast.dana), f"/service/repair-orders/{ro.pk}/").lower()


def test_an_ro_reads_as_a_story_without_its_own_number(cast: Cast, dms: Dms, signed_in: SignIn) -> None:
    dms.send(at(0), OPEN_RO)
    ro, ana = ro_of(cast), signed_in(cast.ana)
    ana.post(reverse("service:move_stage", args=[ro.pk]), {"stage": "in_work"})
    ana.post(reverse("service:tell_status", args=[ro.pk]))
    ana.post(reverse("service:move_stage", args=[ro.pk]), {"stage": "ready"})
    told = ana.get(f"/service/repair-orders/{ro.pk}/").context["story"].told
    assert {(entry.title, entry.by) for entry in told} >= {
        ("In work", "Ana"),
        ("Told how it stands", "Ana"),
        ("The car is ready", "Ana"),
    }
    assert (told[-1].title, told[-1].detail) == ("Opened", "“customer requests oil change”")


def test_what_is_done_most_is_at_hand_for_a_thumb(cast: Cast, dms: Dms, signed_in: SignIn) -> None:
    dms.send(at(0), OPEN_RO)
    page = words(signed_in(cast.ana), f"/service/repair-orders/{ro_of(cast).pk}/")
    bar = page.split('<nav class="thumb"')[1].split("</nav>")[0]
    for target in ("text_body", "note_note", "stage", "promise_time"):
        assert f'href="#{target}"' in bar
        assert f'id="{target}"' in page
