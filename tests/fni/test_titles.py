"""By when a state wants the title, and that it is out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fni import jackets, titles
from tests.cast import MONDAY_TEN, Cast
from tests.fni.deals import agreed, tina


@pytest.mark.parametrize(
    ("state", "condition", "days"),
    [
        ("CA", "used", 30),
        ("CA", "new", 20),
        ("CA", "", 20),
        ("IL", "new", 20),
        ("NJ", "used", 14),
        ("TX", "", 30),
        ("WY", "", 30),
        ("", "", 30),
    ],
)
def test_the_states_days_are_looked_up_and_who_is_not_in_the_table_gets_thirty(
    state: str, condition: str, days: int
) -> None:
    assert titles.days(state, condition) == days
    assert titles.due_at(sold_at=MONDAY_TEN, state=state, condition=condition) == MONDAY_TEN + timedelta(days)


def test_every_row_of_the_table_names_its_source() -> None:
    rows = {state: row for state, row in titles.table().items() if isinstance(row, dict)}
    assert rows
    assert all(row["source"] for row in rows.values())


def test_a_title_leaves_with_a_proof_and_not_before_the_car(cast: Cast) -> None:
    row = agreed(cast, tina(cast))
    with pytest.raises(jackets.WrongStage, match="neither delivered nor funded"):
        titles.send(row, proof="1Z 999", by=cast.tia, now=MONDAY_TEN)
    with pytest.raises(jackets.NoReason, match="tracking"):
        titles.send(row, proof=" ", by=cast.tia, now=MONDAY_TEN)
