"""Who expects the customer: a visit, and many at once, goes to somebody else and back; whoever leaves expects nobody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dealership.appointments import booking, giving
from dealership.appointments.models import Appointment
from dealership.customers.models import Customer
from dealership.events import bus
from dealership.events.models import EventRecord
from dealership.lists import bulk
from dealership.messaging.models import Message
from dealership.staff import people
from dealership.staff.models import StaffMember
from tasks import promises
from tasks.models import Promise
from tests.appointments.test_booking import HALF, NINE, book
from tests.cast import MONDAY_TEN as NOW
from tests.cast import Cast, make_customer

pytestmark = pytest.mark.django_db
LIST = reverse("appointments:appointment_list")


@pytest.fixture
def maria(cast: Cast) -> Customer:
    return make_customer(cast.northside, "Maria Lopez", "+19735550117")


def told(cast: Cast) -> list[tuple[int | None, str]]:
    """Whose each visit became, and from whom it came, in the order in which that was told."""
    rows = EventRecord.objects.of_store(cast.northside.pk).filter(kind="AppointmentGiven").order_by("pk")
    return [(row.payload["from_id"], bus.revive(row).story()) for row in rows]


def owners(*rows: Promise) -> list[StaffMember | None]:
    for row in rows:
        row.refresh_from_db()
    return [row.owner for row in rows]


def test_somebody_else_expects_them_and_what_was_owed_about_it_goes_along(
    cast: Cast, maria: Customer
) -> None:
    visit = book(cast, maria, person=cast.ana)
    ours, others = [
        promises.make_by_hand(
            store_id=visit.store_id, customer=maria, sentence="They are called the day before", due_at=NINE,
            owner=owner, by=cast.gus, now=NOW,
        )
        for owner in (cast.ana, cast.bea)
    ]  # fmt: skip
    for row in (ours, others):
        Promise.objects.of_store(row.store_id).filter(pk=row.pk).update(
            subject=f"appointment:{visit.pk}", about=str(row.pk)
        )
    n_texts = Message.objects.of_store(cast.northside.pk).count()

    for _twice in range(2):
        assert giving.give(visit, to=cast.mo, by=cast.ana, now=NOW).person == cast.mo
    assert told(cast) == [(cast.ana.pk, "Visit of Tue Nov 24 at 9:00 am is with Mo Farouk now")]
    assert owners(ours, others) == [cast.mo, cast.bea]
    assert Message.objects.of_store(cast.northside.pk).count() == n_texts

    assert giving.give(visit, to=None, by=cast.mo, now=NOW).person is None
    assert told(cast)[1:] == [(cast.mo.pk, "Visit of Tue Nov 24 at 9:00 am is with whoever is free now")]
    assert owners(ours, others) == [cast.mo, cast.bea]


def test_who_does_not_work_here_expects_nobody_and_nobody_is_expected_who_came(
    cast: Cast, maria: Customer
) -> None:
    visit = book(cast, maria, person=cast.ana)
    people.deactivate(cast.lia, by=cast.gus, now=NOW)
    for stranger in (cast.lia, cast.eve):
        with pytest.raises(giving.CannotExpect, match="does not work at this store now"):
            giving.give(visit, to=stranger, by=cast.ana, now=NOW)
    booking.check_in(visit, by=cast.ana, now=NOW)
    with pytest.raises(booking.Over, match="has taken place"):
        giving.give(visit, to=cast.mo, by=cast.ana, now=NOW)
    assert told(cast) == []


def test_it_is_given_on_its_page_and_put_back(cast: Cast, maria: Customer, signed_in: Any) -> None:
    visit = book(cast, maria, person=cast.ana)
    page, give = (reverse(f"appointments:{name}", args=[visit.pk]) for name in ("appointment_detail", "give"))
    ana = signed_in(cast.ana)
    assert f'<option value="{cast.ana.pk}" selected>' in ana.get(page).content.decode()
    answer = ana.post(give, {"to": cast.mo.pk}, follow=True).content.decode()
    assert "Maria Lopez is expected by Mo Farouk." in answer
    assert f'{give}?to={cast.ana.pk}"' in answer
    ana.post(f"{give}?to={cast.ana.pk}")
    visit.refresh_from_db()
    assert visit.person == cast.ana
    for sent in ({}, {"to": cast.eve.pk}, {"to": "x"}):
        assert "Choose somebody who works here." in ana.post(give, sent, follow=True).content.decode()
    assert signed_in(cast.eve).post(give, {"to": cast.eve.pk}).status_code == 404
    assert signed_in(cast.tess).post(give, {"to": cast.tess.pk}).status_code == 403
    visit.refresh_from_db()
    assert visit.person == cast.ana
    booking.cancel(visit, by=cast.ana, now=NOW)
    assert 'id="give"' not in ana.get(page).content.decode()
    assert "was cancelled" in ana.post(give, {"to": cast.mo.pk}, follow=True).content.decode()


@pytest.fixture
def three(cast: Cast, maria: Customer) -> list[Appointment]:
    """Two that Ana expects, and one for whoever is free."""
    owners = (cast.ana, cast.ana, None)
    return [book(cast, maria, NINE + n * HALF, person=owner) for n, owner in enumerate(owners)]


def test_many_go_to_a_colleague_with_a_count_and_come_back(
    cast: Cast, three: list[Appointment], signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    gus: Client = signed_in(cast.gus)
    there = f"{LIST}give/?all=on&person={cast.ana.pk}"
    seen = gus.get(there).content.decode()
    assert "Give 2 visits to a colleague" in seen
    assert seen.count("Ana Moreno</span>") == 2
    assert "Now 2 visits match" in gus.post(there, {"to": cast.mo.pk, "n": 3}).content.decode()
    answer = gus.post(there, {"to": cast.mo.pk, "n": 2}, follow=True).content.decode()
    assert "2 visits given to Mo Farouk" in answer
    assert whose(cast) == [cast.mo, cast.mo, None]
    booking.cancel(three[0], by=cast.gus, now=NOW)
    act = bulk.BulkAct.objects.of_store(cast.northside.pk).get()
    assert bulk.take_back(act, by=cast.gus, now=NOW + timedelta(minutes=5)) == 1
    assert whose(cast) == [cast.mo, cast.ana, None]
    assert (
        "Nobody is expected any more"
        in gus.get(f"{LIST}give/?row={three[0].pk}", follow=True).content.decode()
    )
    assert "All 3 visits that match" in gus.get(f"{LIST}?when=all").content.decode()
    assert signed_in(cast.tess).get(there).status_code == 403


def test_many_that_were_nobodys_or_somebodys_who_left_come_back_to_nobody_or_stay(
    cast: Cast, three: list[Appointment]
) -> None:
    act = giving.give_many(keys=[visit.pk for visit in three], to=cast.mo, by=cast.gus, now=NOW)
    assert (act.n, act.says) == (3, "3 visits given to Mo Farouk")
    people.deactivate(cast.ana, by=cast.gus, now=NOW)
    assert bulk.take_back(act, by=cast.gus, now=NOW) == 1
    assert whose(cast) == [cast.mo, cast.mo, None]


def test_whoever_leaves_expects_nobody_any_more(cast: Cast, three: list[Appointment]) -> None:
    booking.check_in(three[0], by=cast.ana, now=NOW)
    people.deactivate(cast.ana, by=cast.gus, now=NOW)
    assert whose(cast) == [cast.ana, None, None]
    assert told(cast) == [(cast.ana.pk, "Visit of Tue Nov 24 at 9:30 am is with whoever is free now")]


def whose(cast: Cast) -> list[Any]:
    rows = Appointment.objects.of_store(cast.northside.pk).select_related("person").order_by("starts_at")
    return [row.person for row in rows]
