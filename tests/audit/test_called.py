"""Everything the trail can hold has a word for whoever reads it."""

from __future__ import annotations

from django.apps import apps

from dealership.audit import called
from dealership.audit.models import Action
from dealership.audit.watched import WATCHED
from dealership.audit.words import _CALLED


def test_english_says_what_is_stored() -> None:
    assert called.acts() == dict(Action.choices)
    for words in (called.parts(), called.columns(), called.values(), called.deeds()):
        assert all(stored == said for stored, said in words.items())


def test_what_is_watched_is_called_something() -> None:
    assert {one.part for one in WATCHED if one.part} <= set(called.parts())
    named = set()
    for one in WATCHED:
        for field in apps.get_model(one.model)._meta.concrete_fields:
            column = field.column or ""
            if column not in (*one.ignored, "id", "store_id"):
                word = column.removesuffix("_id").removesuffix("_at").replace("_", " ")
                named.add(_CALLED.get(column, word))
    assert named <= set(called.columns())
