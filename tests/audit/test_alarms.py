"""What is worth a look is noticed once, grows while its hour lasts, and is counted until somebody has looked."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection

from dealership.audit import alarms, entries
from dealership.audit.models import Action, Alarm, Entry
from dealership.staff.models import Shift, StaffMember
from tests.cast import MONDAY_TEN, Cast

pytestmark = pytest.mark.django_db
LATER = MONDAY_TEN + timedelta(minutes=20)


def open_many(staff: StaffMember, n: int, at: datetime = MONDAY_TEN, first: int = 0) -> None:
    """This person opens so many records."""
    Entry.objects.bulk_create(
        Entry(store_id=staff.store_id, staff_id=staff.pk, at=at, agent="page", action=Action.SAW, kind="customer", key=key,
              customer_id=key)
        for key in range(first, first + n)
    )  # fmt: skip


def raised(cast: Cast) -> list[tuple[str, int, int]]:
    rows = Alarm.objects.of_store(cast.northside.pk).order_by("pk")
    return list(rows.values_list("what", "staff_id", "n"))


@pytest.fixture(autouse=True)
def nothing_yet(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_alarm")


def test_two_hundred_records_an_hour_are_work_and_one_more_is_worth_a_look(cast: Cast) -> None:
    open_many(cast.dana, alarms.MANY)
    assert alarms.look(now=LATER) == 0
    open_many(cast.dana, 1, first=alarms.MANY)
    open_many(cast.sam, 150)
    open_many(cast.sam, 150, at=MONDAY_TEN + timedelta(hours=1))
    alarms.look(now=LATER)
    assert raised(cast) == [("many", cast.dana.pk, 201)]


def test_looking_again_is_no_second_alarm_and_the_first_grows(cast: Cast) -> None:
    open_many(cast.dana, 201)
    alarms.look(now=LATER)
    alarms.look(now=LATER)
    open_many(cast.dana, 9, first=500)
    alarms.look(now=LATER + timedelta(minutes=5))
    assert raised(cast) == [("many", cast.dana.pk, 210)]


def test_every_export_is_worth_a_look(cast: Cast) -> None:
    for _ in range(2):
        entries.record(
            store_id=cast.northside.pk,
            staff_id=cast.mo.pk,
            action=Action.EXPORTED,
            kind="list",
            now=MONDAY_TEN,
        )
    alarms.look(now=LATER)
    assert raised(cast) == [("exports", cast.mo.pk, 2)]


@pytest.mark.parametrize(
    ("hour", "worth"), [(6.5, True), (7.2, False), (12, False), (18.5, False), (19.5, True), (23, True)]
)
def test_whoever_is_here_outside_the_open_hours(cast: Cast, hour: float, worth: bool) -> None:
    """Northside is open from eight to six; an hour before and after is as good as within."""
    at = MONDAY_TEN + timedelta(hours=hour - 10)
    open_many(cast.dana, 3, at=at)
    alarms.look(now=at + timedelta(minutes=1))
    assert raised(cast) == ([("outside", cast.dana.pk, 3)] if worth else [])


def test_whoever_has_shifts_has_hours_of_their_own(cast: Cast) -> None:
    Shift.objects.create(store=cast.northside, staff=cast.dana, weekday=0, starts="14:00", ends="22:00")
    for person, hour in ((cast.dana, 10), (cast.sam, 10), (cast.dana, 22.5)):
        open_many(person, 2, at=MONDAY_TEN + timedelta(hours=hour - 10), first=int(hour))
    alarms.look(now=MONDAY_TEN + timedelta(minutes=1))
    assert raised(cast) == [("outside", cast.dana.pk, 2)]


def test_what_jobs_do_at_night_is_nobodys_hour(cast: Cast) -> None:
    night = MONDAY_TEN + timedelta(hours=12)
    Entry.objects.create(
        store=cast.northside,
        staff_id=cast.dana.pk,
        at=night,
        agent="job x",
        action=Action.CHANGED,
        kind="ro",
        key=1,
    )
    alarms.look(now=night)
    assert raised(cast) == []


def test_it_counts_on_the_rail_until_somebody_has_looked(cast: Cast) -> None:
    open_many(cast.dana, 201)
    alarms.look(now=LATER)
    (alarm,) = alarms.unseen(cast.gus)
    assert alarms.count(cast.gus, LATER).n == 1
    assert alarms.unseen(cast.eve) == []
    alarms.see(alarm, by=cast.gus, now=LATER)
    alarms.see(alarm, by=cast.bea, now=LATER)
    alarm.refresh_from_db()
    assert (alarm.seen_by, alarms.count(cast.gus, LATER).n) == (cast.gus, 0)
