"""The fold of an RO's versions: any order and any repetition ends the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from service import lives
from service.lives import Version

NOON = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


def version(minute: int, status: str, content: str = "") -> Version:
    return Version(NOON + timedelta(minutes=minute), status, content or f"{minute}{status}")


VERSIONS = st.lists(
    st.builds(
        version, st.integers(0, 6), st.sampled_from(["open", "closed", "voided"]), st.sampled_from("ab")
    ),
    max_size=6,
)


@given(VERSIONS, st.randoms(use_true_random=False))
def test_any_order_and_any_repetition_tell_the_same_life(versions: list[Version], dice: object) -> None:
    shuffled = [*versions, *versions[:2]]
    dice.shuffle(shuffled)
    assert lives.fold(shuffled).steps == lives.fold(versions).steps
    assert lives.fold(shuffled).state == lives.fold(versions).state


@given(VERSIONS, VERSIONS)
def test_a_life_that_was_kept_and_read_again_goes_on_as_if_it_had_never_stopped(
    first: list[Version], then: list[Version]
) -> None:
    kept = [Version.from_json(item.to_json()) for item in lives.fold(first).versions]
    gone_on = lives.with_versions(lives.fold(kept), then)
    whole = lives.fold([*first, *then])
    assert (gone_on.state, gone_on.cycle, gone_on.current) == (whole.state, whole.cycle, whole.current)


def steps(*versions: Version) -> list[tuple[str, int]]:
    return [step.key for step in lives.fold(versions).steps]


def test_open_closed_reopened_closed_is_two_cycles() -> None:
    told = steps(version(0, "open"), version(1, "closed"), version(2, "open"), version(3, "closed"))
    assert told == [("opened", 0), ("closed", 0), ("reopened", 1), ("closed", 1)]


def test_a_close_that_is_told_first_has_no_opening() -> None:
    assert steps(version(1, "closed")) == [("closed", 0)]


def test_what_was_void_before_it_was_known_tells_nothing() -> None:
    assert steps(version(0, "voided")) == []
    assert steps(version(0, "voided"), version(1, "open")) == [("opened", 0)]


def test_in_one_minute_the_further_state_holds() -> None:
    assert lives.fold([version(0, "closed"), version(0, "open")]).state == "closed"


def test_a_nightly_file_that_repeats_itself_leaves_two_versions() -> None:
    kept = lives.fold([version(minute, "open", "same") for minute in range(60)]).versions
    assert [item.stamp for item in kept] == [NOON, NOON + timedelta(minutes=59)]
