"""A week of visits in the hand: a visit is dragged to another time, and the customer is told."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from dealership.appointments import booking
from dealership.appointments.models import Appointment, CapacityPlan
from dealership.messaging.models import Message
from dealership.stores.hours import to_utc
from tests.cast import Cast
from tests.e2e.conftest import Visits
from tests.e2e.town import customer, open_always, texts


def test_a_visit_is_dragged_put_back_by_undo_refused_where_it_is_full_and_printed(
    town: Cast, visit: Visits
) -> None:
    store, now = town.northside, timezone.now()
    CapacityPlan.objects.create(store=store, department="service", slot_minutes=60, per_slot=1)
    monday = (now.astimezone(store.tz) + timedelta(days=7)).replace(hour=0, minute=0, second=0, microsecond=0)
    monday -= timedelta(days=monday.weekday())
    at = {n: to_utc(store.tz, monday.replace(hour=n, tzinfo=None)) for n in (0, 1)}
    people = [customer(store), customer(store, "Maria Lopez", "+19735550117")]
    tom, _ = (
        booking.book(store_id=store.pk, department="service", customer=who, starts_at=at[n], by=town.sid, now=now)
        for n, who in enumerate(people)
    )  # fmt: skip
    at_desk = visit(town.sid)
    page = at_desk.open(f"/appointments/?department=service&view=week&day={monday.date()}")
    card = page.locator(f"#visit-{tom.pk}")
    cell = page.locator(f'[data-zone="{monday.date()} 02:00 "]')
    card.drag_to(cell)
    expect(page.locator("#toasts")).to_contain_text("is moved to")
    expect(cell.locator(card)).to_contain_text("2:00 am")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    home = page.locator(f'[data-zone="{monday.date()} 00:00 "]')
    expect(home.locator(card)).to_contain_text("12:00 am")

    at_desk.expects(422)
    card.drag_to(page.locator(f'[data-zone="{monday.date()} 01:00 "]'))
    expect(page.locator("#toasts")).to_contain_text("are taken: choose another time")
    expect(home.locator(card)).to_be_visible()

    page = at_desk.open(f"/appointments/?department=service&day={monday.date()}")
    number = page.locator("#visits").get_by_text("(973) 555-0117")
    expect(number).not_to_be_visible()
    page.emulate_media(media="print", color_scheme="dark")
    expect(number).to_be_visible()
    expect(page.locator("#visits")).to_contain_text("Maria Lopez")
    for away in ("#rail", "#places", ".week", ".tiles"):
        expect(page.locator(away)).not_to_be_visible()
    expect(page.get_by_text("Northside Honda, printed")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"


def test_a_visit_is_dragged_to_somebody_else_at_its_own_time_and_put_back(town: Cast, visit: Visits) -> None:
    store, now = town.northside, timezone.now()
    CapacityPlan.objects.create(store=store, department="service", slot_minutes=60, per_slot=2)
    day = (now.astimezone(store.tz) + timedelta(days=3)).replace(hour=2, minute=0, second=0, microsecond=0)
    made = booking.book(
        store_id=store.pk, department="service", customer=customer(store), person=town.ana,
        starts_at=to_utc(store.tz, day.replace(tzinfo=None)), by=town.ana, now=now,
    )  # fmt: skip
    n_texts = Message.objects.of_store(store.pk).count()
    page = visit(town.ana).open(f"/appointments/?department=service&by=person&day={day.date()}")
    card = page.locator(f"#visit-{made.pk}")
    lous = [page.locator(f'[data-zone="{day.date()} {hour} {town.lou.pk}"]') for hour in ("02:00", "03:00")]
    # At another time it would be another person and another hour at once: one of both.
    card.drag_to(lous[1])
    card.drag_to(lous[0])
    expect(page.locator("#toasts")).to_contain_text("Tom Okafor is expected by Lou Becker.")
    expect(lous[0].locator(card)).to_be_visible()
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    home = page.locator(f'[data-zone="{day.date()} 02:00 {town.ana.pk}"]')
    expect(home.locator(card)).to_be_visible()
    made.refresh_from_db()
    assert (made.person_id, made.starts_at.astimezone(store.tz)) == (town.ana.pk, day)
    assert Message.objects.of_store(store.pk).count() == n_texts


def test_a_visit_is_booked_from_the_customers_page_by_keys_alone(town: Cast, visit: Visits) -> None:
    tom = customer(town.northside)
    page = visit(town.sid).open(f"/customers/{tom.pk}/")
    page.keyboard.press("b")
    expect(page.get_by_label("What for")).to_be_focused()
    page.keyboard.type("Oil change")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toasts")).to_contain_text("The visit is set.")
    made = Appointment.objects.of_store(town.northside.pk).get()
    assert (made.customer_id, made.concern, made.booked_by) == (tom.pk, "Oil change", town.sid)
    assert made.starts_at - timezone.now() < timedelta(hours=1)


@pytest.mark.parametrize("scripts", [True, False], ids=["", "without scripts"])
def test_a_visit_is_moved_and_its_customer_answered_with_one_press(
    town: Cast, visit: Visits, scripts: bool
) -> None:
    store, now = town.northside, timezone.now()
    open_always(store)
    CapacityPlan.objects.create(store=store, department="service", slot_minutes=60, per_slot=1)
    noon = (now.astimezone(store.tz) + timedelta(days=3)).replace(hour=12, minute=0, second=0, microsecond=0)
    made = booking.book(
        store_id=store.pk, department="service", customer=customer(store), starts_at=noon, by=town.sid, now=now
    )  # fmt: skip
    texts(store, "Something came up, can we do another day?")
    page = visit(town.sid, java_script_enabled=scripts).open(f"/appointments/{made.pk}/move-and-answer/")
    words, times = (
        page.get_by_label("Text to Tom Okafor"),
        page.get_by_label("Free times").get_by_role("button"),
    )
    for chosen in (times.nth(1), times.nth(2)):
        at = chosen.inner_text()
        chosen.click()
        expect(page.get_by_role("button", name=f"Move to {at} and answer")).to_be_visible()
        expect(chosen).to_have_attribute("aria-current", "true")
        expect(words).to_have_value(re.compile("moved your service visit"))
    words.fill("Of course, see you then!")
    times.nth(1).click()
    expect(times.nth(1)).to_have_attribute("aria-current", "true")
    expect(words).to_have_value("Of course, see you then!")
    page.get_by_role("button", name="and answer").click()
    expect(page.locator("#toasts")).to_contain_text("is moved to")
    made.refresh_from_db()
    assert made.starts_at != noon
    told = Message.objects.of_store(store.pk).filter(is_inbound=False, author=town.sid)
    assert told.values_list("body", flat=True).last() == "Of course, see you then!"
