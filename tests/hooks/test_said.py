"""What hooks' pages say of kinds and of trouble, in their reader's language."""

from __future__ import annotations

import pytest
from django.utils import translation

from dealership.hooks import said
from dealership.hooks.kinds import all_kinds
from dealership.language import in_english


def test_every_kind_can_be_said_in_other_languages() -> None:
    marked = set(map(in_english, said.KINDS))
    for kind in all_kinds().values():
        assert {kind.group, kind.words, said.plain(kind.means)} <= marked, kind.name


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        ("It answered 503.", "Respondió 503."),
        ("No call was taken for a day. It refused the connection.", "Durante un día no se aceptó ninguna llamada. Rechazó la conexión."),
        ("No call was taken for a day. Nobody said this before.", "Durante un día no se aceptó ninguna llamada. Nobody said this before."),
        ("Nobody said this before.", "Nobody said this before."),
        ("", ""),
    ],
)  # fmt: skip
def test_trouble_is_told_anew(stored: str, told: str) -> None:
    assert said.trouble(stored) == stored
    with translation.override("es"):
        assert said.trouble(stored) == told
