"""Segments: each condition means whom it says, together and apart; and whoever gets no offer is counted with the reason."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dealership.customers.models import Customer
from dealership.events import bus
from dealership.events.catalogue.sales import LeadReceived, VehicleSold
from dealership.events.catalogue.service import (
    DeclinedWork,
    DeclinedWorkSold,
    RepairOrderClosed,
    RepairOrderReopened,
)
from dealership.messaging import calls, consent
from dealership.messaging.models import ConsentEvent, Purpose
from dealership.stores.models import Store
from dealership.vehicles.models import Ownership, Vehicle
from marketing import conditions, reach, segments
from marketing.forms import ConditionsForm
from marketing.models import DeclinedKnown, Segment
from tests.cast import MONDAY_TEN, Cast, make_customer

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
_numbers = count(1)


def somebody(store: Store, name: str, **more: Any) -> Customer:
    customer = make_customer(store, name, f"+1973555{next(_numbers):04d}")
    for field, value in more.items():
        setattr(customer, field, value)
    customer.save()
    return customer


def agrees(customer: Customer, at: datetime = MONDAY_TEN - DAY) -> None:
    consent.give(
        store_id=customer.store_id,
        number=customer.contact_points.get().value,
        purpose=Purpose.MARKETING,
        how=consent.How.SIGNED,
        words="signed the form",
        now=at,
    )


def owns(customer: Customer, make: str, model: str, year: int, miles: int = 10_000) -> None:
    car = Vehicle.objects.create(
        store_id=customer.store_id, vin=f"{next(_numbers):017d}", make=make, model=model, year=year, mileage=miles,
        created_at=MONDAY_TEN,
    )  # fmt: skip
    Ownership.objects.create(
        store_id=customer.store_id, vehicle=car, customer=customer, since=date(2025, 1, 1)
    )


@transaction.atomic
def told(kind: Any, customer: Customer, subject: str, days_ago: int, **more: Any) -> None:
    at = MONDAY_TEN - days_ago * DAY
    common = {"store_id": customer.store_id, "at": at, "subject": subject, "customer_id": customer.pk}
    bus.publish(kind(**common, **more, backfill=True))


def meant(cast: Cast, *wanted: dict[str, Any], match: str = "all") -> set[str]:
    rows = segments.people(wanted, match=match, store_id=cast.northside.pk, now=MONDAY_TEN)
    return set(rows.values_list("first_name", flat=True))


@pytest.fixture
def crowd(cast: Cast) -> dict[str, Customer]:
    north = cast.northside
    ann = somebody(north, "Ann Old", state="NJ")
    owns(ann, "Honda", "Civic", 2015, 90_000)
    told(RepairOrderClosed, ann, "ro:1", 500, ro_number="1")
    ben = somebody(north, "Ben New", language="es", state="NY")
    owns(ben, "Honda", "Accord", 2024)
    told(
        RepairOrderClosed,
        ben,
        "ro:2",
        30,
        ro_number="2",
        declined_lines=(DeclinedWork(key="brk", description="Brakes", colour="red"),),
    )
    told(VehicleSold, ben, "deal:7", 400, deal_number="7")
    cid = somebody(north, "Cid Lead")
    told(LeadReceived, cid, "lead:5", 20, lead_id=5, source="cars.example", vehicle="2026 Civic")
    stranger = somebody(cast.eastside, "Eva Other")
    owns(stranger, "Honda", "Civic", 2015, 90_000)
    return {"ann": ann, "ben": ben, "cid": cid}


MEANT: list[tuple[dict[str, Any], set[str]]] = [
    ({"what": "owns", "make": "honda"}, {"Ann", "Ben"}),
    ({"what": "owns", "make": "Honda", "model": "Civic", "year_to": 2016}, {"Ann"}),
    ({"what": "mileage", "miles": 60_000}, {"Ann"}),
    ({"what": "serviced", "months": 12}, {"Ann"}),
    ({"what": "declined", "colour": "any"}, {"Ben"}),
    ({"what": "declined", "colour": "yellow"}, set()),
    ({"what": "bought", "months_from": 12, "months_to": 24}, {"Ben"}),
    ({"what": "language", "language": "es"}, {"Ben"}),
    ({"what": "state", "state": "NJ"}, {"Ann"}),
    ({"what": "source", "source": "Cars.Example"}, {"Cid"}),
    ({"what": "silent", "days": 30}, {"Ann", "Ben", "Cid"}),
    ({"what": "consent", "given": True}, set()),
]


def test_each_condition_means_whom_it_says(cast: Cast, crowd: dict[str, Customer]) -> None:
    assert {condition["what"] for condition, _ in MEANT} == set(conditions.KINDS)
    wrong = [(condition, found) for condition, who in MEANT if (found := meant(cast, condition)) != who]
    assert wrong == []
    assert all(conditions.words([condition])[0] for condition, _ in MEANT)


def test_all_and_any_of_them_in_one_query(cast: Cast, crowd: dict[str, Customer]) -> None:
    honda, spanish = {"what": "owns", "make": "Honda"}, {"what": "language", "language": "es"}
    source = {"what": "source", "source": "cars.example"}
    assert meant(cast, honda, spanish) == {"Ben"}
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert meant(cast, source, spanish, match="any") == {"Ben", "Cid"}
    assert len(queries) == 1


def test_what_belongs_to_a_merged_row_is_the_living_customers(cast: Cast, crowd: dict[str, Customer]) -> None:
    living = somebody(cast.northside, "Zoe Living")
    crowd["ann"].merged_into = living
    crowd["ann"].save()
    assert meant(cast, {"what": "serviced", "months": 12}) == {"Zoe"}


def test_declined_work_that_was_sold_or_whose_ro_goes_on_is_offered_no_more(
    cast: Cast, crowd: dict[str, Customer]
) -> None:
    told(DeclinedWorkSold, crowd["ben"], "ro:2", 10, about="brk", description="Brakes")
    assert meant(cast, {"what": "declined", "colour": "red"}) == set()
    told(
        RepairOrderClosed,
        crowd["ben"],
        "ro:2",
        9,
        ro_number="2",
        declined_lines=(DeclinedWork(key="brk", description="Brakes", colour="red"),),
    )
    assert meant(cast, {"what": "declined", "colour": "red"}) == {"Ben"}
    told(RepairOrderReopened, crowd["ben"], "ro:2", 8, ro_number="2")
    assert not DeclinedKnown.objects.of_store(cast.northside.pk).filter(is_open=True).exists()


def test_whoever_was_called_lately_is_in_touch(cast: Cast, crowd: dict[str, Customer]) -> None:
    calls.log(customer=crowd["cid"], by=cast.dana, outcome="connected", now=MONDAY_TEN - 2 * DAY)
    assert meant(cast, {"what": "silent", "days": 30}) == {"Ann", "Ben"}


def test_who_gets_nothing_is_counted_with_the_reason(cast: Cast) -> None:
    north = cast.northside
    for name in ("Able", "Bare", "Dmsy", "Nope", "Outy"):
        agrees(somebody(north, f"{name} Kin", state="NJ"))
    people = {row.first_name: row for row in Customer.objects.of_store(north.pk)}
    people["Bare"].contact_points.update(trouble="landline")
    people["Dmsy"].dms_blocks = {"text": True}
    people["Dmsy"].save()
    ConsentEvent.objects.of_store(north.pk).filter(number=people["Nope"].contact_points.get().value).delete()
    consent.revoke(
        store_id=north.pk,
        number=people["Outy"].contact_points.get().value,
        how=consent.How.TEXT,
        words="STOP",
        now=MONDAY_TEN,
    )
    rows = segments.people([{"what": "state", "state": "NJ"}], match="all", store_id=north.pk, now=MONDAY_TEN)
    size = segments.size(rows)
    assert (size.n, size.n_reached, size.words) == (5, 1, "5")
    assert size.barred == {"no_mobile": 1, "dms": 1, "opted_out": 1, "no_consent": 1}
    assert {
        row["first"]: row["why"]
        for row in ({"first": one["full_name"][:4], **one} for one in segments.preview(rows))
    }["Able"] == ""


def test_the_count_stops_at_a_thousand_and_is_exact_when_asked(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segments, "MOST_COUNTED", 3)
    for _ in range(5):
        somebody(cast.northside, "Kin Kin", state="NJ")
    rows = segments.people(
        [{"what": "state", "state": "NJ"}], match="all", store_id=cast.northside.pk, now=MONDAY_TEN
    )
    assert (segments.size(rows).words, segments.size(rows, exact=True).words) == ("3+", "5")


ACTS = st.tuples(
    st.sampled_from(["given", "revoked"]),
    st.sampled_from(["", "marketing", "service"]),
    st.sampled_from(["text", "signed form", "RO"]),
    st.integers(0, 5),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ACTS, max_size=6))
def test_the_database_says_of_a_ledger_what_its_fold_says(
    cast: Cast, acts: list[tuple[str, str, str, int]]
) -> None:
    store_id = cast.northside.pk
    Customer.objects.of_store(store_id).filter(first_name="Kin").delete()
    kin = somebody(cast.northside, "Kin Kin")
    number = kin.contact_points.get().value
    for act, purpose, how, days in acts:
        ConsentEvent.objects.create(
            store_id=store_id,
            number=number,
            act=act,
            purpose=purpose,
            how=how,
            words="w",
            at=MONDAY_TEN + days * DAY,
        )
    standing = consent.state(store_id, number)
    marketing = standing.of("marketing")
    found = reach.customers(store_id).get(pk=kin.pk)
    assert found.is_opted_out == standing.opted_out
    may = bool(marketing and marketing.granted and marketing.written and not standing.opted_out)
    assert (found.has_agreed and not found.is_opted_out) == may


def test_a_segment_keeps_how_it_stood_and_its_name_is_its_own(cast: Cast) -> None:
    def save(segment: Segment | None, name: str, months: int) -> Segment:
        return segments.save(
            store_id=cast.northside.pk, segment=segment, name=name, match="all",
            conditions=[{"what": "serviced", "months": months}], by=cast.max, now=MONDAY_TEN,
        )  # fmt: skip

    lapsed = save(None, "Lapsed", 12)
    assert save(lapsed, "Lapsed", 12).versions.count() == 1
    assert save(lapsed, "Lapsed", 18).versions.count() == 2
    with pytest.raises(segments.NameTaken):
        save(None, "Lapsed", 6)
    with pytest.raises(segments.NoCondition):
        segments.save(
            store_id=cast.northside.pk,
            segment=None,
            name="All",
            match="all",
            conditions=[],
            by=cast.max,
            now=MONDAY_TEN,
        )


def test_the_form_makes_conditions_of_what_was_filled_in(cast: Cast) -> None:
    form = ConditionsForm({"match": "any", "make": "Honda", "serviced_months": "12", "consent": "on"})
    assert form.is_valid()
    assert form.conditions() == [
        {"what": "owns", "make": "Honda"},
        {"what": "serviced", "months": 12},
        {"what": "consent", "given": True},
    ]
    assert "would fit" in str(ConditionsForm({"match": "all", "year_from": "2020", "year_to": "2010"}).errors)
