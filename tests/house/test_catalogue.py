"""Rules about facts: declared once, told in a sentence, written down and read again without loss."""

import dataclasses
import typing
from datetime import UTC, date, datetime
from typing import Any

import pytest

from dealership.events import catalogue
from dealership.events.base import CATALOGUE, Fact, UnknownField

NOON = datetime(2026, 11, 23, 17, tzinfo=UTC)
assert catalogue
#: Bases that only share fields.
SHARED = {
    "AppointmentFact",
    "CampaignFact",
    "DealFact",
    "PartFact",
    "RepairOrderFact",
    "ReviewFact",
    "SurveyFact",
    "UnitFact",
}
FACTS = [kind for name, kind in sorted(CATALOGUE.items()) if name not in SHARED]


def example(hint: Any) -> Any:
    """Some value of this type."""
    args = typing.get_args(hint)
    if args and type(None) in args:
        return example(next(arg for arg in args if arg is not type(None)))
    if typing.get_origin(hint) is tuple:
        return (example(args[0]),)
    if dataclasses.is_dataclass(hint):
        return hint(**{name: example(kind) for name, kind in typing.get_type_hints(hint).items()})
    return {int: 7, str: "words", bool: True, float: 1.5, datetime: NOON, date: NOON.date()}[hint]


def an_example(kind: type[Fact]) -> Fact:
    hints = typing.get_type_hints(kind)
    return kind(**{field.name: example(hints[field.name]) for field in dataclasses.fields(kind)})


@pytest.mark.parametrize("kind", FACTS, ids=lambda kind: kind.__name__)
def test_a_fact_says_when_it_is_true_and_cannot_change(kind: type[Fact]) -> None:
    assert kind.__doc__
    assert not kind.__doc__.startswith(f"{kind.__name__}("), (
        "a docstring says who tells it and when it is true"
    )
    with pytest.raises(dataclasses.FrozenInstanceError):
        an_example(kind).subject = "another"  # type: ignore[misc]


@pytest.mark.parametrize("kind", FACTS, ids=lambda kind: kind.__name__)
def test_a_fact_is_written_down_and_read_again_without_loss(kind: type[Fact]) -> None:
    fact = an_example(kind)
    common = {
        name: getattr(fact, name)
        for name in ("store_id", "at", "subject", "about", "customer_id", "vehicle_id", "by")
    }
    assert kind.from_payload(fact.payload(), **common) == fact


@pytest.mark.parametrize("kind", FACTS, ids=lambda kind: kind.__name__)
def test_a_facts_sentence_fills_in_and_names_its_own_personal_fields(kind: type[Fact]) -> None:
    fact = an_example(kind)
    assert "{" not in fact.story()
    assert kind.personal <= {field.name for field in dataclasses.fields(kind)}


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(UnknownField, match="has no field colour"):
        CATALOGUE["LeadReceived"].from_payload({"colour": "red"})


def test_two_facts_cannot_share_a_name() -> None:
    with pytest.raises(TypeError, match="Two facts are called LeadReceived"):
        type("LeadReceived", (Fact,), {})
