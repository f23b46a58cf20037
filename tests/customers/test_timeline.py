"""A customer's story, as each reader may read it."""

from datetime import timedelta

from django.db import transaction

from dealership.customers import life, people, timeline
from dealership.customers.models import Customer
from dealership.events import bus
from dealership.events.catalogue.appointments import AppointmentBooked
from dealership.events.catalogue.messaging import CustomerWrote
from dealership.events.catalogue.sales import LeadReceived
from dealership.events.catalogue.service import RepairOrderClosed, RepairOrderOpened
from tests.cast import MONDAY_TEN as NOW
from tests.cast import Cast, make_customer


def told(cast: Cast, customer: Customer) -> None:
    common = {"store_id": cast.northside.pk, "customer_id": customer.pk}
    with transaction.atomic():
        bus.publish(
            LeadReceived(
                **common,
                at=NOW,
                subject="lead:1",
                lead_id=1,
                source="AutoTrader",
                vehicle="2026 Accord",
                by=cast.dana.pk,
            ),
            CustomerWrote(
                **common,
                at=NOW + timedelta(hours=1),
                subject="conversation:1",
                message_id=1,
                conversation_id=1,
                department="sales",
                excerpt="is it red",
            ),
            AppointmentBooked(
                **common,
                at=NOW + timedelta(hours=2),
                subject="appointment:1",
                appointment_id=1,
                department="service",
                starts_at=NOW,
                when_words="Tue Nov 24 at 9:40 am",
            ),
            RepairOrderOpened(**common, at=NOW + timedelta(hours=3), subject="ro:48213", ro_number="48213"),
        )


def titles(entries: list[timeline.Entry]) -> list[str]:
    return [f"{entry.title} {entry.detail}".strip() for entry in entries]


def test_it_is_told_newest_first_in_sentences(cast: Cast) -> None:
    maria = make_customer(cast.northside, "Maria Lopez", "+19735550117")
    told(cast, maria)
    entries = timeline.story(cast.dana, maria)
    assert titles(entries) == [
        "RO 48213 opened",
        "Visit booked Tue Nov 24 at 9:40 am (service)",
        "Wrote “is it red”",
        "Asked about 2026 Accord (AutoTrader)",
    ]
    assert entries[3].by == "Dana"
    assert entries[2].tone == "live"


def test_a_technician_does_not_read_what_customers_write(cast: Cast) -> None:
    maria = make_customer(cast.northside, "Maria Lopez", "+19735550117")
    told(cast, maria)
    assert not any("is it red" in title for title in titles(timeline.story(cast.tess, maria)))
    assert any("Wrote" in title for title in titles(timeline.story(cast.tess, maria)))


def test_the_filters_part_it(cast: Cast) -> None:
    maria = make_customer(cast.northside, "Maria Lopez", "+19735550117")
    told(cast, maria)
    counts = {kind: len(timeline.story(cast.dana, maria, kinds=[kind])) for kind in timeline.KINDS}
    others = {"fni": 0, "parts": 0, "marketing": 0}
    assert counts == {"all": 4, "service": 2, "sales": 1, "texts": 1, **others}


def test_it_goes_on_where_the_page_before_ended(cast: Cast) -> None:
    maria = make_customer(cast.northside, "Maria Lopez", "+19735550117")
    told(cast, maria)
    told(cast, maria)
    first = timeline.story(cast.dana, maria, limit=3)
    rest = timeline.story(cast.dana, maria, before=first[-1].cursor)
    assert len({entry.pk for entry in [*first, *rest]}) == 8
    assert timeline.story(cast.dana, maria, before="nonsense", limit=3) == first


def test_the_strip_says_where_the_customer_is(cast: Cast) -> None:
    maria = make_customer(cast.northside, "Maria Lopez", "+19735550117")
    zone = cast.northside.tz

    def states() -> list[tuple[str, str]]:
        found = life.stages(maria, family=[maria.pk], owned_since=[], zone=zone)
        return [(stage.words, stage.state) for stage in found if stage.state]

    assert states() == []
    told(cast, maria)
    assert states() == [("Asking now", "on"), ("In service now", "on")]
    with transaction.atomic():
        bus.publish(
            RepairOrderClosed(
                store_id=cast.northside.pk,
                customer_id=maria.pk,
                at=NOW + timedelta(hours=5),
                subject="ro:48213",
                ro_number="48213",
            )
        )
    assert states() == [("Asking now", "on"), ("Serviced · Nov 2026", "done")]


def test_whose_customer_it_was_stays_said(cast: Cast) -> None:
    maria = make_customer(cast.northside, "Maria Lopez", "+19735550117")
    people.set_person(maria, "sales", cast.sam, now=NOW)
    row = people.set_person(maria, "sales", cast.lia, now=NOW + timedelta(days=1))
    again = people.set_person(maria, "sales", cast.lia, now=NOW + timedelta(days=2))
    assert (row.staff, row.before) == (cast.lia, "Sam Tully")
    assert again.since == row.since
    assert people.person_of(maria, "sales") == cast.lia
    assert people.person_of(maria, "service") is None
