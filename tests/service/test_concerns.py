"""Whether a car is back for the same."""

from __future__ import annotations

import pytest

from service.concerns import Concern, same


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("BRKF", ""), ("brkf ", "")),
        (("", "GRINDING NOISE WHEN BRAKING"), ("", "customer states brakes still grind, noise")),
        (("AC1", "A/C BLOWS WARM AIR"), ("AC2", "air conditioning blows warm again")),
        (("", "Ruido al frenar, vibra el volante"), ("", "EL VOLANTE VIBRA Y HACE RUIDO")),
    ],
)
def test_the_same_trouble(before: tuple[str, str], after: tuple[str, str]) -> None:
    assert same(Concern(*before), Concern(*after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("LOF", "OIL CHANGE"), ("LOF", "OIL CHANGE")),
        (("MPI", "inspection"), ("MPI", "inspection")),
        (("", "CUSTOMER STATES CHECK ENGINE LIGHT IS ON"), ("", "CUSTOMER STATES TIRE PRESSURE LIGHT IS ON")),
        (("BRKF", "front brakes squeal"), ("BRKR", "rear hatch rattles")),
        (("", ""), ("", "")),
    ],
)
def test_another_trouble_and_upkeep(before: tuple[str, str], after: tuple[str, str]) -> None:
    assert not same(Concern(*before), Concern(*after))
