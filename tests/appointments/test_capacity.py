"""A day cut into slots."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dealership.appointments import capacity
from dealership.appointments.capacity import Count

EIGHT = datetime(2026, 11, 24, 13, tzinfo=UTC)
NOON = EIGHT + timedelta(hours=4)
SPANS = [(EIGHT, NOON), (NOON + timedelta(hours=1), NOON + timedelta(hours=1, minutes=50))]


def test_slots_run_from_each_opening_and_none_is_cut_short_by_closing() -> None:
    starts = [slot.starts_at for slot in capacity.slots_of(SPANS, 30, 2, {})]
    assert starts[0] == EIGHT
    assert starts[7] == NOON - timedelta(minutes=30)
    assert starts[8:] == [NOON + timedelta(hours=1)]


def test_a_full_slot_has_no_room_and_one_without_a_limit_always_has() -> None:
    full, roomy = capacity.slots_of(SPANS, 30, 2, {EIGHT: Count(2, 1)})[:2]
    assert (full.left, full.has_room, full.n_taken) == (0, False, 3)
    assert (roomy.left, roomy.has_room) == (2, True)
    assert all(slot.has_room for slot in capacity.slots_of(SPANS, 30, None, {}))


def test_what_the_dms_put_outside_opening_hours_is_shown() -> None:
    night = EIGHT - timedelta(hours=2)
    assert capacity.slots_of(SPANS, 30, 2, {night: Count(0, 1)})[0].starts_at == night


def test_a_closed_time_has_no_slot() -> None:
    assert capacity.slot_of(SPANS, 30, NOON) is None
    assert capacity.slot_of(SPANS, 30, EIGHT + timedelta(minutes=59)) == EIGHT + timedelta(minutes=30)


def test_the_nearest_times_are_free_and_in_order() -> None:
    slots = capacity.slots_of(SPANS, 60, 1, {EIGHT + timedelta(hours=1): Count(1, 0)})
    near = capacity.nearest(slots, EIGHT + timedelta(hours=1), after=EIGHT - timedelta(hours=1), most=2)
    assert near == [EIGHT, EIGHT + timedelta(hours=2)]


@given(
    minutes=st.sampled_from([10, 15, 20, 30, 45, 60]),
    at=st.integers(0, 4 * 60 * 60 - 1).map(lambda seconds: EIGHT + timedelta(seconds=seconds)),
)
def test_every_open_moment_lies_in_its_slot(minutes: int, at: datetime) -> None:
    start = capacity.slot_of(SPANS, minutes, at)
    assert start is not None
    assert start <= at < start + timedelta(minutes=minutes)
    assert (start - EIGHT) % timedelta(minutes=minutes) == timedelta()
