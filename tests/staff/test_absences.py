"""Absences that begin later, and people who come back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dealership.events.models import EventRecord
from dealership.staff import absences, jobs, people
from dealership.staff.models import Absence
from dealership.staff.people import LastGeneralManager
from tests.cast import MONDAY_TEN as NOW
from tests.cast import Cast
from tests.tasks.promised import promise

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def away_facts() -> int:
    return EventRecord.objects.across_stores("a test").filter(kind="StaffAway").count()


def tomorrow(cast: Cast, until: timedelta | None = 5 * DAY) -> Absence:
    ends = NOW + until if until else None
    return absences.plan(cast.ana, starts_at=NOW + DAY, until=ends, reason="school", by=cast.gus, now=NOW)


def test_a_planned_absence_moves_promises_when_it_begins_and_only_once(cast: Cast) -> None:
    owed = promise(cast.ana)
    absence = tomorrow(cast)
    assert jobs.begin(now=NOW + 23 * HOUR) == {"begun": 0, "failed": 0}
    assert jobs.begin(now=NOW + DAY) == {"begun": 1, "failed": 0}
    assert jobs.begin(now=NOW + DAY) == {"begun": 0, "failed": 0}
    owed.refresh_from_db()
    absence.refresh_from_db()
    assert owed.owner != cast.ana
    assert absence.begun_at == NOW + DAY
    assert away_facts() == 1


def test_an_absence_from_now_is_not_begun_again_by_the_job(cast: Cast) -> None:
    people.leave_for(cast.ana, until=None, reason="sick", by=cast.gus, now=NOW)
    assert jobs.begin(now=NOW + HOUR) == {"begun": 0, "failed": 0}
    assert away_facts() == 1


def test_an_absence_that_passed_while_nothing_ran_tells_nobody(cast: Cast) -> None:
    absence = tomorrow(cast, until=2 * DAY)
    assert jobs.begin(now=NOW + 3 * DAY) == {"begun": 0, "failed": 0}
    absence.refresh_from_db()
    assert absence.begun_at
    assert away_facts() == 0


def test_the_absence_of_somebody_who_left_begins_without_a_word(cast: Cast) -> None:
    tomorrow(cast)
    people.deactivate(cast.ana, by=cast.gus, now=NOW)
    assert jobs.begin(now=NOW + DAY) == {"begun": 0, "failed": 0}


def test_one_that_cannot_begin_stops_no_other_and_is_tried_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tomorrow(cast)
    absences.plan(cast.lou, starts_at=NOW + DAY, until=None, reason="", by=cast.gus, now=NOW)
    tell = people.tell_away

    def fails_for_ana(absence: Absence, **others: object) -> None:
        if absence.pk == broken.pk:
            raise RuntimeError("no rota")
        tell(absence, **others)  # type: ignore[arg-type]

    monkeypatch.setattr(people, "tell_away", fails_for_ana)
    assert jobs.begin(now=NOW + DAY) == {"begun": 1, "failed": 1}
    monkeypatch.setattr(people, "tell_away", tell)
    assert jobs.begin(now=NOW + DAY) == {"begun": 1, "failed": 0}


def test_an_absence_in_the_past_begins_now(cast: Cast) -> None:
    absence = absences.plan(cast.ana, starts_at=NOW - DAY, until=NOW + DAY, reason="", by=cast.gus, now=NOW)
    assert (absence.starts_at, absence.begun_at) == (NOW, NOW)


def test_ending_an_absence_twice_ends_it_once(cast: Cast) -> None:
    absence = people.leave_for(cast.ana, until=None, reason="", by=cast.gus, now=NOW)
    absences.end(absence, by=cast.gus, now=NOW + HOUR)
    absences.end(absence, by=cast.gus, now=NOW + 2 * HOUR)
    absence.refresh_from_db()
    assert absence.ends_at == NOW + HOUR


def test_a_manager_may_give_up_the_role_once_there_is_another(cast: Cast) -> None:
    gus = people.Details(name="Gus Ortega", role=people.Role.ADVISOR, email=cast.gus.user.email)
    with pytest.raises(LastGeneralManager, match="only general manager"):
        people.change(cast.gus, gus, by=cast.gus, now=NOW)
    mo = people.Details(name="Mo Farouk", role=people.Role.GENERAL_MANAGER, email=cast.mo.user.email)
    assert people.change(cast.mo, mo, by=cast.gus, now=NOW) == ["Role"]
    assert people.change(cast.gus, gus, by=cast.mo, now=NOW) == ["Role"]


def test_leaving_and_coming_back_twice_is_like_once(cast: Cast) -> None:
    for _ in range(2):
        people.deactivate(cast.dana, by=cast.gus, now=NOW)
    for _ in range(2):
        people.reinstate(cast.dana, by=cast.gus, now=NOW)
    assert [row.what for row in cast.dana.changes.order_by("pk")] == ["Left", "Works here again"]
