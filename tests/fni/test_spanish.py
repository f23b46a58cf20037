"""Who reads Spanish sees F&I's pages in Spanish; what they write down stays as everybody's history has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from dealership.staff.models import StaffMember
from fni import acts, jackets, stipulations
from fni.models import JacketAct
from tests.cast import MONDAY_TEN, Cast
from tests.flows.sales_world import words as plain
from tests.fni.deals import agreed, fill, item, jacket, tina

SignIn = Callable[[StaffMember], Client]


@pytest.fixture(autouse=True)
def monday() -> Iterator[time_machine.Traveller]:
    """Monday, ten in the morning."""
    with time_machine.travel(MONDAY_TEN, tick=False) as clock:
        yield clock


@pytest.fixture
def faye(cast: Cast, in_spanish: SignIn) -> Client:
    """Faye reads Spanish."""
    return in_spanish(cast.faye)


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return plain(answer.content.decode())


def test_what_is_missing_is_stored_in_english_and_read_in_spanish(cast: Cast, faye: Client) -> None:
    row = agreed(cast, tina(cast))
    answer = faye.post(f"/fni/jackets/{row.pk}/refuse/", {"missing": ["insurance"], "words": "the keys"})
    assert answer.status_code == 302
    row = jacket(cast)
    assert row.missing == "proof of insurance; the keys"
    shown = page(faye, f"/fni/jackets/{row.pk}/")
    assert "comprobante de seguro; the keys" in shown
    assert "Orden de compra firmada" in shown


def test_what_was_done_is_written_in_english_and_read_in_spanish(cast: Cast, faye: Client) -> None:
    row = agreed(cast, tina(cast))
    thing = item(row, "buyers_order")
    answer = faye.post(f"/fni/items/{thing.pk}/", {"state": "here"}, follow=True)
    assert "Orden de compra firmada: aquí." in plain(answer.content.decode())
    act = JacketAct.objects.of_store(cast.northside.pk).get(words="Signed buyer’s order: here")
    assert act.by == cast.faye
    assert "Orden de compra firmada: aquí" in page(faye, f"/fni/jackets/{row.pk}/")


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("Asked for Proof of income, phone", "Se pidió por teléfono: Comprobante de ingresos"),
        ("Asked for her visa by text", "Se pidió por mensaje: her visa"),
        (
            "Stip dropped: References (the lender paid without it)",
            "Documento requerido retirado: Referencias (la financiera pagó sin eso)",
        ),
        ("Funded 1 day after the delivery", "Financiado 1 día después de la entrega"),
        ("Funded 12 days after the delivery", "Financiado 12 días después de la entrega"),
        ("OFAC check of every party, cleared: here", "Verificación OFAC de cada parte, sin hallazgos: aquí"),
        ("Contract signed, says the DMS", "Contrato firmado, dice el DMS"),
        ("Put away", "Archivada"),
        ("The moon, phone", "The moon, phone"),
    ],
)
def test_an_act_is_said_in_its_readers_language(stored: str, read: str) -> None:
    assert acts.said(stored) == stored
    with translation.override("es"):
        assert acts.said(stored) == read


def test_what_cannot_be_done_is_said_in_spanish(cast: Cast, faye: Client) -> None:
    row = fill(agreed(cast, tina(cast)))
    answer = faye.post(f"/fni/jackets/{row.pk}/send/")
    assert "ahora no se puede enviar" in plain(answer.content.decode())


def test_a_stip_that_lenders_ask_for_often_is_named_in_spanish(cast: Cast, faye: Client) -> None:
    row = fill(agreed(cast, tina(cast)))
    jackets.take_in(row, by=cast.faye, now=MONDAY_TEN)
    stipulations.issue(row, what="Proof of income", by=cast.faye, now=MONDAY_TEN)
    assert "Comprobante de ingresos" in page(faye, "/fni/stips/")
    assert "1 documento requerido" in page(faye, "/fni/")
