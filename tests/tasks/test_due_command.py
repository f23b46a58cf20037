"""`manage.py due`: when a promise would be due, and what was counted."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tasks.models import StoreOverride
from tests.cast import MONDAY_TEN, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_book")]


def due(**options: str) -> dict[str, object]:
    out = StringIO()
    call_command("due", **{"store": "northside-honda", "rule": "answer_lead", **options}, stdout=out)
    return json.loads(out.getvalue())


def test_a_lead_at_night_is_due_after_opening_with_the_minutes_counted(cast: Cast) -> None:
    answer = due(at="2026-11-28T22:00")
    assert answer["opened_at"] == "2026-11-28T22:00:00-05:00"
    assert answer["due_at"] == "2026-11-30T08:05:00-05:00"
    assert answer["counted"] == [
        {"from": "2026-11-30T08:00:00-05:00", "to": "2026-11-30T08:05:00-05:00", "minutes": 5}
    ]
    assert answer["rule_words"] == "5 open minutes"


def test_a_time_with_a_zone_of_its_own_is_understood(cast: Cast) -> None:
    assert due(at="2026-11-23T15:00:00+00:00")["due_at"] == "2026-11-23T10:05:00-05:00"


def test_the_stores_own_number_counts(cast: Cast) -> None:
    StoreOverride.objects.create(
        store=cast.northside, rule="answer_lead", due={"kind": "open_minutes", "n": 12}, at=MONDAY_TEN
    )
    assert due(at="2026-11-23T10:00")["due_at"] == "2026-11-23T10:12:00-05:00"


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (
            {"store": "nowhere"},
            "There are: eastside-ford, northside-honda|There are: northside-honda, eastside-ford",
        ),
        ({"rule": "no_rule"}, "No rule is called 'no_rule'"),
        ({"at": "tomorrow"}, "write it as"),
        ({"rule": "recover_declined_work"}, "red in 2 open days"),
    ],
)
def test_what_cannot_be_computed_is_answered_with_what_to_do(
    cast: Cast, options: dict[str, str], complaint: str
) -> None:
    with pytest.raises(CommandError, match=complaint):
        due(**{"at": "2026-11-23T10:00", **options})
