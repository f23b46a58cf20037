"""A file of repair orders that would turn a fifth of the shop over is held until a person has looked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dealership.dms.models import FeedFile
from service.models import RepairOrder
from tests.cast import MONDAY_TEN, Cast
from tests.service.feeds import OPEN_RO, Dms

VOID = {"RO Status": "V"}
CLOSED = {"RO Status": "C", "Close Date": "11/23/2026"}


def ro(n: int, **more: str) -> dict[str, str]:
    vin = f"2HGFC2F59KH5001{n:02d}"
    return OPEN_RO | {"RO Number": f"{70000 + n}", "VIN": vin, "Customer Number": f"9{n:03d}"} | more


@pytest.fixture
def dms(cast: Cast) -> Dms:
    """A shop with thirty cars in, which the DMS has sent in one file."""
    dms = Dms(cast)
    dms.send(MONDAY_TEN, *(ro(n) for n in range(30)))
    assert states(cast) == {"open": 30}
    return dms


def states(cast: Cast) -> dict[str, int]:
    found = RepairOrder.objects.of_store(cast.northside.pk).values_list("state", flat=True)
    return {state: list(found).count(state) for state in set(found)}


def later(dms: Dms, *rows: dict[str, str], minutes: int = 30) -> FeedFile:
    return dms.send(MONDAY_TEN + timedelta(minutes=minutes), *rows)


def test_an_evening_on_which_most_cars_are_closed_is_an_evening(cast: Cast, dms: Dms) -> None:
    later(dms, *(ro(n, **CLOSED) for n in range(25)), *(ro(n) for n in range(25, 30)))

    assert states(cast) == {"closed": 25, "open": 5}


def test_seven_of_thirty_voided_at_once_are_held_and_let_through_by_a_person(
    cast: Cast, dms: Dms, signed_in
) -> None:
    held = later(dms, *(ro(n, **VOID) for n in range(7)), *(ro(n) for n in range(7, 30)))

    assert (held.state, states(cast)) == ("held", {"open": 30})
    assert "7 of 30 open repair orders" in held.why
    browser = signed_in(cast.rosa)
    assert "is held." in browser.get("/imports/").content.decode()
    assert browser.post(f"/imports/files/{held.pk}/decide/").status_code == 302
    dms.work(MONDAY_TEN + timedelta(minutes=40))

    assert states(cast) == {"open": 23, "voided": 7}


def test_six_of_thirty_are_not_too_many(cast: Cast, dms: Dms) -> None:
    later(dms, *(ro(n, **VOID) for n in range(6)), *(ro(n) for n in range(6, 30)))

    assert states(cast) == {"open": 24, "voided": 6}


def test_a_file_in_which_the_open_cars_are_gone_is_held_where_the_dms_repeats_them(
    cast: Cast, dms: Dms
) -> None:
    assert later(dms, *(ro(n) for n in range(12))).state == "held"


def test_a_file_that_gives_many_ros_other_cars_is_refused_by_a_person_and_changes_nothing(
    cast: Cast, dms: Dms, signed_in
) -> None:
    mixed = [ro(n) | {"VIN": ro(n + 1)["VIN"]} for n in range(10)]
    held = later(dms, *mixed, *(ro(n) for n in range(10, 30)))
    signed_in(cast.rosa).post(f"/imports/files/{held.pk}/decide/", {"refuse": "1"})
    dms.work(MONDAY_TEN + timedelta(minutes=40))

    held.refresh_from_db()
    assert (held.state, held.decided_by) == ("refused", cast.rosa)
    assert "Rosa Delgado refused it" in held.why
    vins = RepairOrder.objects.of_store(cast.northside.pk).values_list("vehicle__vin", flat=True)
    assert sorted(vins) == sorted(ro(n)["VIN"] for n in range(30))


def test_changes_only_files_say_nothing_by_what_they_leave_out(cast: Cast) -> None:
    dms = Dms(cast)
    dms.send(MONDAY_TEN, *(ro(n) for n in range(15)))
    later(dms, *(ro(n) for n in range(15, 30)), minutes=10)

    later(dms, ro(30), minutes=20)

    assert states(cast) == {"open": 31}


def test_what_comes_after_a_held_file_is_read_all_the_same(cast: Cast, dms: Dms) -> None:
    later(dms, *(ro(n, **VOID) for n in range(20)), *(ro(n) for n in range(20, 30)))

    later(dms, *(ro(n) for n in range(29)), ro(29, **CLOSED), minutes=60)

    assert states(cast) == {"open": 29, "closed": 1}
