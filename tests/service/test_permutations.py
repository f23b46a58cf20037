"""A re-sent, late, reopened or voided RO does the right thing once: every order of the files ends as the DMS's order does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from itertools import permutations

import pytest
from django.db.models import Prefetch

from dealership.dms import mending
from dealership.dms.models import FeedFile
from dealership.staff.models import StaffMember
from service.models import DeclinedLine, RepairLine, RepairOrder
from tasks.models import Promise
from tests import saboteurs
from tests.cast import Cast
from tests.promises import promise
from tests.service.feeds import CLOSED_RO, OPEN_RO, VISIT, Dms, at

FIRST = {"Recommended Operation Codes": "BRKF", "Recommendations": "FRONT PADS 2MM"}
MORE = {"Recommended Operation Codes": "BRKF|CABIN", "Recommendations": "FRONT PADS 2MM|CABIN FILTER DIRTY"}
OPENED = OPEN_RO
CLOSED = CLOSED_RO | FIRST
CORRECTED = CLOSED_RO | MORE
REOPENED = OPEN_RO | {"Tag Number": "T7"}
VOIDED = OPEN_RO | {"RO Status": "V", "Tag Number": "T8"}

LIVES = {
    "closed, corrected": [OPENED, CLOSED, CORRECTED],
    "reopened": [OPENED, CLOSED, REOPENED],
    "reopened and closed again": [OPENED, CLOSED, REOPENED, CORRECTED],
    "corrected, then voided": [OPENED, CLOSED, CORRECTED, VOIDED],
    "reopened twice": [OPENED, CLOSED, REOPENED, CORRECTED, OPENED],
    "void was a slip": [OPENED, VOIDED, REOPENED, CLOSED, CORRECTED],
}


@pytest.mark.parametrize("life", LIVES.values(), ids=LIVES.keys())
def test_every_order_of_the_files_ends_as_the_order_of_the_dms(
    cast: Cast, life: list[dict[str, str]]
) -> None:
    orders = list(permutations(range(len(life))))
    dms = Dms(cast)
    _play(dms, cast.gus, life, orders)
    states = _states(cast, len(orders))
    for order, state in zip(orders, states, strict=True):
        assert state == states[0], f"the files came in the order {order}"
    assert states[0]["rules"] or life[-1] is VOIDED


@promise("P25", saboteur=saboteurs.the_file_that_came_last_wins)
def test_an_ro_that_was_closed_again_ends_so_in_every_order_of_its_files(cast: Cast) -> None:
    dms, life = Dms(cast), LIVES["reopened"]
    orders = list(permutations(range(len(life))))
    _play(dms, cast.gus, life, orders)
    states = _states(cast, len(orders))
    assert [state["state"] for state in states] == ["open"] * len(orders)
    assert states == [states[0]] * len(orders)


def _play(
    dms: Dms, boss: StaffMember, life: Sequence[dict[str, str]], orders: Sequence[tuple[int, ...]]
) -> None:
    """Each order is one RO, of a customer and a car of its own.

    At each turn every version goes out in one file to the ROs whose turn it is, and once more with the next.
    """
    for turn in range(len(life)):
        for n, version in enumerate(life):
            rows = [
                version | _own(number)
                for number, order in enumerate(orders)
                if order[turn] == n or (turn and order[turn - 1] == n)
            ]
            if rows:
                dms.drop(at(n * 10), *rows, now=at(300 + turn))
        dms.work(at(300 + turn))
        _look_at_what_is_held(dms, boss, at(300 + turn))


def _own(number: int) -> dict[str, str]:
    return {
        "RO Number": str(1000 + number), "Customer Number": f"9{number:03d}", "Email 1": f"p{number}@example.com",
        "Cell Phone": f"973-555-{1100 + number}", "VIN": f"2HGFC2F59KH5{number:05d}",
    }  # fmt: skip


def _look_at_what_is_held(dms: Dms, boss: StaffMember, now: datetime) -> None:
    """All at once is what the DMS hardly ever does: a person looks, and lets it through."""
    held = FeedFile.objects.of_store(dms.store.pk).filter(state=FeedFile.State.HELD).defer("data")
    for file in held.select_related("feed").order_by("stamp"):
        mending.let_through(file, by=boss, now=now)
    dms.work(now)


def _states(cast: Cast, n: int) -> list[dict[str, object]]:
    """What has become of each RO, in the order of their numbers."""
    owed: dict[str, list[tuple[str, str]]] = defaultdict(list)
    rows = Promise.objects.of_store(cast.northside.pk).filter(state="open").order_by("rule", "about")
    for subject, *rule in rows.values_list("subject", "rule", "about"):
        owed[subject].append(tuple(rule))
    ros = RepairOrder.objects.of_store(cast.northside.pk).prefetch_related(
        Prefetch("lines", RepairLine.objects.of_store(cast.northside.pk).order_by("number")),
        Prefetch("declined_lines", DeclinedLine.objects.of_store(cast.northside.pk).order_by("key")),
    )
    numbers = [str(1000 + number) for number in range(n)]
    found = {ro.ro_number: ro for ro in ros.filter(ro_number__in=numbers)}
    return [
        {
            "state": ro.state,
            "cycle": ro.cycle,
            "tag": ro.tag,
            "opened": ro.opened_at,
            "closed": ro.closed_at,
            "stamp": ro.stamp,
            "lines": [(line.number, line.op_code) for line in ro.lines.all()],
            "declined": [(line.key, line.state, line.colour) for line in ro.declined_lines.all()],
            "rules": owed[f"ro:{ro.ro_number}"],
        }
        for ro in (found[number] for number in numbers)
    ]


@pytest.mark.parametrize("first", ["ros", "visits"])
def test_of_one_night_the_ro_and_the_next_visit_may_be_read_in_either_order(cast: Cast, first: str) -> None:
    dms = Dms(cast)
    next_week = VISIT | {"Appointment Date": "11/30/2026", "Appointment Time": "9:00 AM"}
    sent = [lambda: dms.send(at(0), CLOSED_RO, now=at(5)), lambda: dms.send_visits(at(6), next_week)]
    for send in sent if first == "ros" else sent[::-1]:
        send()
    owed = Promise.objects.of_store(cast.northside.pk).get(rule="set_next_visit")
    assert (owed.state, owed.opened_at, owed.closed_at) == ("kept", at(0), at(6))


def test_whoever_had_a_visit_ahead_owes_none_when_the_ro_closes(cast: Cast) -> None:
    dms = Dms(cast)
    dms.send_visits(at(0), VISIT | {"Appointment Date": "11/30/2026", "Appointment Time": "9:00 AM"})
    dms.send(at(60), CLOSED_RO)
    assert not Promise.objects.of_store(cast.northside.pk).filter(rule="set_next_visit").exists()
