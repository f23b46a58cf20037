"""A fact is told in its reader's language, and stored in English whoever makes it be written."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils import translation

from dealership.events.catalogue.service import RepairOrderReady, StageReached

WHAT = {"store_id": 1, "at": datetime(2026, 11, 27, tzinfo=UTC), "subject": "ro:7", "ro_number": "7"}


def test_a_sentence_is_told_in_the_readers_language() -> None:
    fact = RepairOrderReady(**WHAT)  # type: ignore[arg-type]
    assert fact.story() == fact.told() == "RO 7 is ready"
    with translation.override("es"):
        assert fact.told() == "La RO 7 está lista"
        assert fact.story() == "RO 7 is ready"


def test_fixed_words_of_its_fields_are_told_too_and_typed_ones_are_not() -> None:
    fact = StageReached(**WHAT, stage="in_work", stage_words="in work")  # type: ignore[arg-type]
    typed = StageReached(**WHAT, stage="in_work", stage_words="Parked outside")  # type: ignore[arg-type]
    with translation.override("es"):
        assert fact.told() == "RO 7: en proceso"
        assert typed.told() == "RO 7: Parked outside"
        assert fact.payload()["stage_words"] == "in work"
