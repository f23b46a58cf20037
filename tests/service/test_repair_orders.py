"""ROs as files tell them: applied once, in the DMS's order, each effect once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from dealership.customers.models import ContactPoint, Customer, CustomerPerson
from dealership.customers.search import find
from dealership.dms.models import Feed, StagedRecord
from dealership.events.models import EventRecord
from dealership.messaging import consent
from dealership.messaging.models import Message, Purpose
from dealership.vehicles.models import Ownership, Vehicle
from service import repair_orders
from service.facts import NotOpen
from service.models import DeclinedLine, RepairOrder
from tasks.models import Promise
from tests.cast import Cast
from tests.service.feeds import CELL, CLOSED_RO, OPEN_RO, Dms, at


@pytest.fixture
def dms(cast: Cast) -> Dms:
    return Dms(cast)


def ro_of(cast: Cast) -> RepairOrder:
    return RepairOrder.objects.of_store(cast.northside.pk).get()


def told(cast: Cast, kind: str) -> int:
    return EventRecord.objects.of_store(cast.northside.pk).filter(kind=kind).count()


def owed(cast: Cast, rule: str) -> list[Promise]:
    return list(Promise.objects.of_store(cast.northside.pk).filter(rule=rule, state="open"))


def test_an_open_ro_brings_its_customer_car_advisor_and_lines(cast: Cast, dms: Dms) -> None:
    dms.send(at(0), OPEN_RO)
    ro = ro_of(cast)
    assert (ro.state, ro.advisor, ro.cycle) == ("open", cast.ana, 0)
    assert ro.customer.full_name == "Marlene Price"
    assert ro.vehicle.label.startswith("2019 Civic")
    assert [(line.op_code, line.sale_type) for line in ro.lines.order_by("number")] == [
        ("LOF", "C"),
        ("BRKI", "C"),
    ]
    assert CustomerPerson.objects.of_store(cast.northside.pk).get().staff == cast.ana
    assert Ownership.objects.of_store(cast.northside.pk).get().customer == ro.customer


def test_a_customer_is_found_by_the_number_of_their_ro(cast: Cast, dms: Dms) -> None:
    dms.send(at(0), OPEN_RO)
    assert [hit.name for hit in find(cast.ana, "048213")] == ["Marlene Price"]
    assert find(cast.eve, "048213") == []


def test_leaving_a_number_with_the_visit_allows_texts_about_service(cast: Cast, dms: Dms) -> None:
    dms.send(at(0), OPEN_RO)
    standing = consent.state(cast.northside.pk, CELL)
    assert standing.of(Purpose.SERVICE).granted
    assert standing.of(Purpose.MARKETING) is None


def test_a_stop_in_the_dms_is_kept_and_gives_no_consent(cast: Cast, dms: Dms) -> None:
    dms.send(at(0), OPEN_RO | {"Block Phone": "Y"})
    assert ro_of(cast).customer.dms_blocks["text"] is True
    assert consent.state(cast.northside.pk, CELL).of(Purpose.SERVICE) is None


def test_a_file_that_does_not_speak_of_stops_resets_none(cast: Cast, dms: Dms) -> None:
    silent = {"Opt Out": "", "Block Email": "", "Block Phone": "", "Block Mail": ""}
    dms.send(at(0), OPEN_RO | {"Opt Out": "Y"})
    dms.send(at(30), OPEN_RO | silent | {"RO Number": "048299"})
    assert Customer.objects.of_store(cast.northside.pk).get().dms_blocks["text"] is True


def test_an_older_file_takes_back_no_newer_stop(cast: Cast, dms: Dms) -> None:
    dms.send(at(30), OPEN_RO | {"Opt Out": "Y"})
    dms.send(at(0), OPEN_RO | {"RO Number": "048299", "Opt Out": "N"}, now=at(60))
    assert Customer.objects.of_store(cast.northside.pk).get().dms_blocks["text"] is True


def test_the_same_file_twice_is_one_file(cast: Cast, dms: Dms) -> None:
    first, second = dms.send(at(0), OPEN_RO), dms.send(at(0), OPEN_RO, now=at(5))
    assert first.pk == second.pk
    assert told(cast, "RepairOrderOpened") == 1


def test_an_ro_sent_again_says_nothing_new_and_tells_nothing_twice(cast: Cast, dms: Dms) -> None:
    dms.send(at(0), CLOSED_RO)
    again = dms.send(at(60), CLOSED_RO)
    assert (again.n_same, again.n_applied) == (1, 0)
    assert told(cast, "RepairOrderClosed") == 1
    assert len(owed(cast, "ask_how_it_was")) == 1


def test_a_correction_changes_lines_and_what_was_declined(cast: Cast, dms: Dms) -> None:
    dms.send(at(0), CLOSED_RO)
    corrected = CLOSED_RO | {
        "Operation Codes": "LOF|BRKI|CABIN",
        "Operation Code Descriptions": "LUBE OIL FILTER|BRAKE INSPECTION|CABIN FILTER",
        "Operation Line Number": "1|2|3",
        "Operation Sale Types": "C|C|C",
        "Recommended Operation Codes": "BRKF|CABIN|WIPER",
        "Recommendations": "FRONT PADS 2MM|CABIN FILTER DIRTY|WIPERS STREAK",
    }
    dms.send(at(60), corrected)
    assert ro_of(cast).lines.count() == 3
    lines = DeclinedLine.objects.of_store(cast.northside.pk)
    assert set(lines.values_list("key", flat=True)) == {"brkf", "wiper"}
    assert told(cast, "DeclinedWorkSold") == 1
    assert {promise.about for promise in owed(cast, "offer_safety_work_again")} == {"brkf", "wiper"}
    assert len(owed(cast, "ask_how_it_was")) == 1


def test_reopened_work_is_not_followed_up_and_owed_again_at_the_next_close(cast: Cast, dms: Dms) -> None:
    dms.send(at(0), CLOSED_RO)
    dms.send(at(30), OPEN_RO)
    ro = ro_of(cast)
    assert (ro.state, ro.cycle, ro.closed_at) == ("open", 1, None)
    assert not owed(cast, "ask_how_it_was")
    assert not owed(cast, "offer_safety_work_again")
    assert not DeclinedLine.objects.of_store(cast.northside.pk).exists()
    assert len(owed(cast, "tell_status")) == 1
    dms.send(at(60), CLOSED_RO | {"Mileage Out": "61,210"})
    assert len(owed(cast, "ask_how_it_was")) == 1
    assert told(cast, "RepairOrderClosed") == 2


def test_a_voided_ro_owes_nothing(cast: Cast, dms: Dms) -> None:
    dms.send(at(0), CLOSED_RO)
    dms.send(at(30), OPEN_RO | {"RO Status": "V"})
    assert ro_of(cast).state == "voided"
    assert not Promise.objects.of_store(cast.northside.pk).filter(state="open").exists()
    assert not DeclinedLine.objects.of_store(cast.northside.pk).exists()


def test_an_ro_that_was_void_before_anybody_heard_of_it_tells_nothing(cast: Cast, dms: Dms) -> None:
    dms.send(at(0), OPEN_RO | {"RO Status": "V"})
    assert not EventRecord.objects.of_store(cast.northside.pk).filter(subject="ro:048213").exists()


def test_an_opening_that_comes_after_the_close_changes_nothing(cast: Cast, dms: Dms) -> None:
    dms.send(at(60), CLOSED_RO)
    late = dms.send(at(0), OPEN_RO, now=at(90))
    assert late.n_older == 1
    assert ro_of(cast).state == "closed"
    assert not owed(cast, "tell_status")


def test_internal_tickets_owe_no_customer_anything(cast: Cast, dms: Dms) -> None:
    internal = {"Operation Sale Types": "I|I", "Customer Total Sale": "", "Internal Total Sale": "89.95"}
    dms.send(at(0), CLOSED_RO | internal)
    assert not ro_of(cast).customer_pays
    assert not Promise.objects.of_store(cast.northside.pk).exists()
    assert not Ownership.objects.of_store(cast.northside.pk).exists()


def test_a_customer_under_warranty_is_followed_up(cast: Cast, dms: Dms) -> None:
    dms.send(
        at(0),
        CLOSED_RO | {"Operation Sale Types": "W|W", "Customer Total Sale": "", "Warranty Total Sale": "80"},
    )
    assert len(owed(cast, "ask_how_it_was")) == 1


def test_a_broken_row_is_parked_with_its_reason_and_the_rest_go_on(cast: Cast, dms: Dms) -> None:
    file = dms.send(
        at(0), OPEN_RO | {"RO Number": "1"}, OPEN_RO | {"RO Number": "2", "Open Date": "13/45/2026"},
        OPEN_RO | {"RO Number": "3", "RO Status": "Q7"}, OPEN_RO | {"RO Number": "4"},
    )  # fmt: skip
    assert (file.n_applied, file.n_parked) == (2, 2)
    numbers = RepairOrder.objects.of_store(cast.northside.pk).values_list("ro_number", flat=True)
    assert set(numbers) == {"1", "4"}
    whys = (
        StagedRecord.objects.of_store(cast.northside.pk).filter(state="parked").values_list("why", flat=True)
    )
    assert any("Open Date" in why for why in whys)
    assert any("q7" in why and "what it means" in why for why in whys)


def test_a_record_that_the_database_refuses_is_parked_alone(
    cast: Cast, dms: Dms, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = repair_orders._copy

    def breaks(ro: RepairOrder, record: object) -> None:
        whole(ro, record)
        if ro.ro_number == "2":
            ro.opened_at = None

    monkeypatch.setattr(repair_orders, "_copy", breaks)
    monkeypatch.setattr(
        repair_orders.stories, "opened_at", lambda story, *_: None if story.key[1] == "2" else at(0)
    )
    file = dms.send(at(0), *(OPEN_RO | {"RO Number": str(n)} for n in (1, 2, 3)))
    assert (file.n_applied, file.n_parked) == (2, 1)
    assert "could not be applied" in StagedRecord.objects.of_store(cast.northside.pk).get(state="parked").why


def test_the_first_load_of_history_tells_nobody_anything(cast: Cast) -> None:
    dms = Dms(cast, loaded=False)
    file = dms.send(at(0), CLOSED_RO, OPEN_RO | {"RO Number": "048300"})
    assert file.is_backfill
    assert file.n_applied == 2
    assert not Promise.objects.of_store(cast.northside.pk).exists()
    assert not Message.objects.of_store(cast.northside.pk).exists()
    assert DeclinedLine.objects.of_store(cast.northside.pk).count() == 2
    assert Feed.objects.of_store(cast.northside.pk).get(kind="SV").first_loaded_at == at(0)
    dms.send(at(60), CLOSED_RO | {"RO Number": "048300"})
    assert len(owed(cast, "ask_how_it_was")) == 1


def test_an_ro_that_closed_long_before_its_file_was_made_is_history(cast: Cast, dms: Dms) -> None:
    dms.send(at(0), CLOSED_RO | {"Open Date": "1/5/2026", "Close Date": "1/6/2026"})
    assert ro_of(cast).state == "closed"
    assert not Promise.objects.of_store(cast.northside.pk).exists()
    closed = EventRecord.objects.of_store(cast.northside.pk).get(kind="RepairOrderClosed")
    assert f"{closed.at:%m/%d/%Y}" == "01/06/2026", "history is told for the day on which it happened"


def test_the_other_store_has_its_own_ro_of_the_same_number(cast: Cast, dms: Dms) -> None:
    dms.send(at(0), CLOSED_RO)
    Dms(cast, cast.eastside).send(at(0), OPEN_RO)
    assert ro_of(cast).state == "closed"
    assert RepairOrder.objects.of_store(cast.eastside.pk).get().state == "open"


def test_work_that_was_declined_is_sold_on_a_later_ro_of_the_same_car(cast: Cast, dms: Dms) -> None:
    dms.send(at(0), CLOSED_RO)
    buys = {
        "RO Number": "048400", "Operation Codes": "BRKF", "Operation Code Descriptions": "FRONT BRAKE PADS",
        "Operation Line Number": "1", "Operation Sale Types": "C", "Recommended Operation Codes": "", "Recommendations": "",
        "Open Date": "11/25/2026", "Close Date": "11/25/2026",
    }  # fmt: skip
    dms.send(at(2 * 24 * 60), CLOSED_RO | buys)
    line = DeclinedLine.objects.of_store(cast.northside.pk).get(key="brkf")
    assert (line.state, line.settled_why) == ("sold", "On RO 048400")
    promise = Promise.objects.of_store(cast.northside.pk).get(rule="offer_safety_work_again", about="brkf")
    assert promise.state == "kept"
    assert {promise.about for promise in owed(cast, "offer_work_again")} == {"cabin"}


def test_a_person_tells_the_status_and_it_is_kept_on_record(cast: Cast, dms: Dms) -> None:
    dms.send(at(0), OPEN_RO)
    repair_orders.tell_status(ro_of(cast), by=cast.ana, now=at(45))
    assert ro_of(cast).told_at == at(45)


def test_nobody_waits_for_the_status_of_a_closed_ro(cast: Cast, dms: Dms) -> None:
    dms.send(at(0), CLOSED_RO)
    with pytest.raises(NotOpen), transaction.atomic():
        repair_orders.tell_status(ro_of(cast), by=cast.ana, now=at(45))


def test_odd_values_are_cut_to_size_and_lose_nothing(cast: Cast, dms: Dms) -> None:
    odd = {
        "Tag Number": "T" * 60, "Service Advisor Name": "A" * 300, "Operation Line Number": "7|7",
        "Operation Sale Types": "CUSTOMERPAYOTHER|C", "Labor Bill Hours": "99999999|1", "RO Mileage": "banana",
        "Full Name": "X" * 400, "First Name": "Y" * 200,
    }  # fmt: skip
    file = dms.send(at(0), OPEN_RO | odd)
    assert (file.n_applied, file.n_parked) == (1, 0)
    assert ro_of(cast).lines.count() == 2
    raw = StagedRecord.objects.of_store(cast.northside.pk).get().raw
    assert raw["Tag Number"] == "T" * 60


def test_two_ros_of_one_new_customer_in_a_file_make_one_customer_and_one_car(cast: Cast, dms: Dms) -> None:
    dms.send(at(0), OPEN_RO, OPEN_RO | {"RO Number": "048214"})
    assert Customer.objects.of_store(cast.northside.pk).count() == 1
    assert Vehicle.objects.of_store(cast.northside.pk).count() == 1
    assert ContactPoint.objects.of_store(cast.northside.pk).filter(kind="phone").count() == 1


def test_an_applied_file_is_told_with_its_counts_once(cast: Cast, dms: Dms) -> None:
    dms.send(at(0), OPEN_RO)
    dms.work(at(10))
    fact = EventRecord.objects.of_store(cast.northside.pk).get(kind="FeedFileApplied")
    assert fact.payload["n_applied"] == 1
    assert at(0) - fact.at <= timedelta(minutes=1)
