"""Why files and rows wait for people, in their reader's language; stored it stays English."""

from __future__ import annotations

import pytest
from django.utils import translation

from dealership.dms import mending
from dealership.dms.said import codes, meanings_of, said


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        ("The row has no RO Number.", "La fila no tiene RO Number."),
        ("Open Date “13/45/2026”: there is no such day in the calendar.", "Open Date “13/45/2026”: ese día no existe en el calendario."),
        (
            "RO Mileage “x”: not a whole number; Language “fr”: neither English nor Spanish",
            "RO Mileage “x”: no es un número entero; Language “fr”: ni inglés ni español",
        ),
        (
            "The name A.txt says SL, and the file is read as SV. "
            "The file is not UTF-8 throughout; the lines that are not were read as Windows-1252.",
            "El nombre A.txt dice SL, y el archivo se lee como SV. "
            "El archivo no es todo UTF-8; las líneas que no lo son se leyeron como Windows-1252.",
        ),
        (
            "Eve Adams looked at it and let it through. It was held: 5 of 20 open repair orders would change as they hardly ever do "
            "(1 voided, 2 with another car, 2 gone). Look at it, then apply or refuse it.",
            "Eve Adams lo revisó y lo dejó pasar. Estaba retenido: 5 de 20 órdenes de reparación abiertas cambiarían como casi nunca lo "
            "hacen (1 anuladas, 2 con otro auto, 2 desaparecidas). Revíselo, y luego aplíquelo o rechácelo.",
        ),
        ("Something that nobody wrote down.", "Something that nobody wrote down."),
    ],
)  # fmt: skip
def test_reasons_are_told_anew(stored: str, told: str) -> None:
    assert said(stored) == stored
    with translation.override("es"):
        assert said(stored) == told


def test_meanings_are_those_that_are_stored() -> None:
    for kind, meanings in mending.MEANINGS.items():
        assert meanings_of(kind) == meanings
        assert set(meanings) <= set(codes())
    assert all(stored == shown for stored, shown in codes().items())
