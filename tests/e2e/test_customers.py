"""Customers write, are found, are booked and ask for cars; what happens elsewhere shows without a reload."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Route, expect

from dealership.appointments.models import Appointment
from dealership.dms import files, jobs
from dealership.dms.models import Feed
from dealership.messaging import carrier_calls, sending
from dealership.messaging.models import Message
from dealership.messaging.simulator import webhooks
from dealership.messaging.transports.twilio import Twilio
from service import jobs as service_jobs
from service.models import RepairOrder
from tests.cast import Cast
from tests.dms.dealervault_files import RO, sv_file
from tests.e2e.conftest import Visits
from tests.e2e.town import TOM, customer, row, texts
from tests.sales.providers import adf

State = Message.State
ANN = "+19735550155"


def test_a_text_is_answered_from_the_inbox_and_nothing_typed_is_lost(town: Cast, visit: Visits) -> None:
    customer(town.northside)
    texts(town.northside, "Is the Civic still there?")
    at_desk = visit(town.dana)
    page = at_desk.open("/inbox/")
    with page.expect_response("**/inbox/*/"):
        row(page, "Is the Civic still there?").click()
    detail = page.locator("#detail")
    field = detail.get_by_label("Text to Tom Okafor")
    field.fill("It is, come and see it.")

    at_desk.expects(0)
    page.context.set_offline(True)
    detail.get_by_role("button", name="Send").click()
    expect(page.locator("#toasts")).to_contain_text("No connection")
    expect(field).to_have_value("It is, come and see it.")
    assert not Message.objects.of_store(town.northside.pk).filter(is_inbound=False).exists()

    page.context.set_offline(False)
    detail.get_by_role("button", name="Send").click()
    expect(detail.locator(".talk")).to_contain_text("It is, come and see it.")
    expect(field).to_have_value("")
    sent = Message.objects.of_store(town.northside.pk).get(is_inbound=False)
    assert (sent.state, sent.author) == (State.QUEUED, town.dana)

    sending.send_due(transport=Twilio())
    later = timezone.now() + timedelta(minutes=1)
    for _ in range(3):
        webhooks.call_due(clock=lambda: later)
    carrier_calls.settle_open(clock=lambda: later)
    sent.refresh_from_db()
    assert sent.state == State.DELIVERED
    expect(detail.locator(f"#message-{sent.pk}")).to_contain_text("received")

    texts(town.northside, "On my way then")
    expect(detail.locator(".talk")).to_contain_text("On my way then")


def test_what_is_being_written_survives_a_text_that_comes_in_meanwhile(town: Cast, visit: Visits) -> None:
    customer(town.northside)
    talk = texts(town.northside, "Is the Civic still there?")
    page = visit(town.dana).open(f"/inbox/{talk.pk}/")
    field = page.get_by_label("Text to Tom Okafor")
    field.press_sequentially("It is the")
    texts(town.northside, "And is it blue?")
    expect(page.locator(".talk")).to_contain_text("And is it blue?")
    expect(field).to_have_value("It is the")
    expect(field).to_be_focused()


def test_a_text_half_written_stands_where_it_was_written_until_it_is_sent(town: Cast, visit: Visits) -> None:
    customer(town.northside)
    customer(town.northside, "Ann Lee", ANN)
    texts(town.northside, "Is the Civic still there?")
    texts(town.northside, "When are you open?", ANN)
    page = visit(town.dana).open("/inbox/")
    detail = page.locator("#detail")
    field = detail.get_by_label("Text to Tom Okafor")
    row(page, "Is the Civic still there?").click()
    field.fill("It is, come")

    with page.expect_response("**/inbox/*/"):
        row(page, "Is the Civic still there?").click()
    expect(field).to_have_value("It is, come")
    detail.get_by_role("button", name="Take it").click()
    expect(page.locator("#toasts")).to_contain_text("You hold this conversation.")
    expect(field).to_have_value("It is, come")

    row(page, "When are you open?").click()
    expect(detail.get_by_label("Text to Ann Lee")).to_have_value("")
    page.goto("/")
    page.goto("/inbox/")
    row(page, "Is the Civic still there?").click()
    expect(field).to_have_value("It is, come")
    expect(detail.locator("[data-size]")).to_contain_text("11 of 160")

    detail.get_by_role("button", name="Send").click()
    expect(detail.locator(".talk")).to_contain_text("It is, come")
    row(page, "When are you open?").click()
    expect(detail.get_by_label("Text to Ann Lee")).to_be_visible()
    row(page, "Is the Civic still there?").click()
    expect(field).to_have_value("")


def test_of_two_conversations_opened_at_once_the_later_shows(town: Cast, visit: Visits) -> None:
    customer(town.northside)
    customer(town.northside, "Ann Lee", ANN)
    slow = texts(town.northside, "Is the Civic still there?")
    texts(town.northside, "When are you open?", ANN)
    page = visit(town.dana).open("/inbox/")
    late: list[Route] = []
    page.route(f"**/inbox/{slow.pk}/", lambda route: late.append(route))
    row(page, "Is the Civic still there?").click()
    row(page, "When are you open?").click()
    expect(page.locator("#detail").get_by_label("Text to Ann Lee")).to_be_visible()
    assert len(late) == 1
    late[0].continue_()
    page.wait_for_load_state("networkidle")
    expect(page.locator("#detail").get_by_label("Text to Ann Lee")).to_be_visible()
    assert page.url.endswith(f"/inbox/{slow.pk + 1}/")


def test_a_customer_is_found_by_the_tail_of_their_phone(town: Cast, visit: Visits) -> None:
    customer(town.northside)
    customer(town.eastside, "Not Yours", "+13125550144")
    page = visit(town.dana).open("/")
    page.keyboard.press("/")
    page.keyboard.type("0144")
    results = page.locator("#search-results a")
    expect(results).to_have_count(1)
    results.filter(has_text="Tom Okafor").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tom Okafor")
    for panel in ("Owed", "Visits"):
        expect(page.get_by_role("heading", name=panel, exact=True)).to_be_visible()


def test_a_visit_is_set_moved_and_cancelled(town: Cast, visit: Visits) -> None:
    tom = customer(town.northside)
    day = (timezone.now().astimezone(town.northside.tz) + timedelta(days=2)).date()
    page = visit(town.sid).open(f"/appointments/book/?customer={tom.pk}&day={day}&department=service")
    page.get_by_label("Time").fill("10:00")
    page.get_by_label("What for").fill("Grinding noise at the front")
    page.get_by_role("button", name="Book and tell the customer").click()
    expect(page.locator(".toasts")).to_contain_text("The visit is set.")
    expect(page.locator("#visits")).to_contain_text("Grinding noise at the front")

    page.locator("#visits").get_by_role("link", name="Move").click()
    page.get_by_label("Time").fill("11:30")
    page.get_by_role("button", name="Move and tell the customer").click()
    expect(page.locator(".toasts")).to_contain_text("is moved")
    expect(page.locator("#visits")).to_contain_text("11:30 am")

    page.locator("#visits").get_by_role("button", name="Cancel").click()
    expect(page.locator(".toasts")).to_contain_text("is cancelled")
    made = Appointment.objects.of_store(town.northside.pk).get()
    assert made.state == Appointment.State.CANCELLED
    page.locator(".toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#visits").get_by_role("button", name="Cancel")).to_be_visible()
    told = Message.objects.of_store(town.northside.pk).filter(is_inbound=False)
    assert "11:30" in " ".join(told.values_list("body", flat=True))


def test_a_visit_for_which_there_is_no_place_says_so_and_keeps_what_was_typed(
    town: Cast, visit: Visits
) -> None:
    tom = customer(town.northside)
    at_desk = visit(town.sid)
    at_desk.expects(422)
    yesterday = (timezone.now().astimezone(town.northside.tz) - timedelta(days=1)).date()
    page = at_desk.open(f"/appointments/book/?customer={tom.pk}&day={yesterday}&department=service")
    page.get_by_label("Time").fill("10:00")
    page.get_by_label("What for").fill("Grinding noise")
    page.get_by_role("button", name="Book and tell the customer").click()
    expect(page.get_by_role("alert")).to_contain_text("passed")
    expect(page.get_by_label("What for")).to_have_value("Grinding noise")
    expect(page.get_by_label("Time")).to_have_value("10:00")


def test_a_lead_that_is_posted_shows_without_a_reload(town: Cast, visit: Visits) -> None:
    page = visit(town.bea).open("/sales/")
    expect(page.locator("#leads")).to_contain_text("No leads here")
    page.evaluate("window.still = true")
    answer = page.request.post(
        "/hooks/adf/northside-leads/",
        data=adf("Nora Quist", phone="(973) 555-0177", lead_id="Q1"),
        headers={"Content-Type": "text/xml"},
    )
    assert answer.status == 201

    expect(page.locator("#leads")).to_contain_text("Nora Quist")
    assert page.evaluate("window.still") is True
    page.locator("#leads").get_by_role("link", name="Nora Quist").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nora Quist")


def test_the_lane_fills_when_the_dms_tells_and_a_customer_is_told(town: Cast, visit: Visits) -> None:
    feed = Feed.objects.create(
        store=town.northside, kind="SV", token="sv-token", first_loaded_at=timezone.now() - timedelta(days=9)
    )
    page = visit(town.ana).open("/service/")
    expect(page.locator("#lane")).to_contain_text("No RO file has come yet.")
    today = timezone.now().astimezone(town.northside.tz)
    ro = RO | {
        "RO Number": "48213",
        "Open Date": f"{today.month}/{today.day}/{today.year}",
        "Service Advisor Number": "104",
        "Cell Phone": TOM[2:],
    }
    files.take_in(
        feed=feed, name=f"DVD00417_{today:%Y%m%d_%H%M}_SV.txt", data=sv_file([ro]), now=timezone.now()
    )
    jobs.stage_waiting(now=timezone.now())
    service_jobs.pull_repair_orders(now=timezone.now())

    expect(page.locator("#lane")).to_contain_text("48213")
    page.locator("#lane .board").get_by_role("link", name="48213").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("48213")
    page.get_by_role("button", name="Told in person").first.click()
    expect(page.locator("#toasts")).to_contain_text("Kept on record")
    assert RepairOrder.objects.of_store(town.northside.pk).get().told_at is not None


@pytest.mark.parametrize("path", ["/nowhere/", "/inbox/999999/"])
def test_a_page_that_is_not_there_says_so_in_the_frame(town: Cast, visit: Visits, path: str) -> None:
    at_desk = visit(town.dana)
    at_desk.expects(404)
    page = at_desk.open(path)
    expect(page.get_by_role("heading", name="Not here", level=1)).to_be_visible()
    page.locator("#main").get_by_role("link", name="My day").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Dana")
