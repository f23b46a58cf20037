"""Who reads Spanish sees sales' pages in Spanish; what they write down stays as everybody's history has it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client
from django.utils import translation

from dealership.events.models import EventRecord
from dealership.staff.models import StaffMember
from sales.models import Lead, LeadArrival
from tests.cast import MONDAY_TEN, Cast
from tests.flows.sales_world import words as plain
from tests.sales.conftest import Post
from tests.sales.providers import adf
from tests.words import HOUSE

SignIn = Callable[[StaffMember], Client]


@pytest.fixture(autouse=True)
def monday_ten() -> Iterator[time_machine.Traveller]:
    """It is Monday, ten in the morning, and time goes on from there."""
    with time_machine.travel(MONDAY_TEN) as clock:
        yield clock


@pytest.fixture
def dana(cast: Cast, in_spanish: SignIn) -> Client:
    """Dana reads Spanish."""
    return in_spanish(cast.dana)


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return plain(answer.content.decode())


def test_a_lead_is_read_and_closed_in_spanish_and_told_in_english(
    cast: Cast, dana: Client, post: Post
) -> None:
    post(adf(lead_id="C-71"))
    lead = Lead.objects.of_store(cast.northside.pk).get()
    shown = page(dana, f"/sales/leads/{lead.pk}/")
    assert "Lo que preguntaron" in shown
    assert "Primera respuesta automática" in shown
    assert "Sin respuesta" in page(dana, "/sales/")
    answer = dana.post(
        f"/sales/leads/{lead.pk}/close/", {"outcome": "lost", "why": "compró otro"}, follow=True
    )
    assert "Terminado: perdido." in plain(answer.content.decode())
    told = EventRecord.objects.of_store(cast.northside.pk).get(kind="LeadClosed")
    assert told.payload["outcome"] == "lost"


def test_why_something_could_not_be_read_is_said_in_spanish(cast: Cast, dana: Client, post: Post) -> None:
    post(b"Call Nora (973) 555-0155")
    arrival = LeadArrival.objects.of_store(cast.northside.pk).get(state="unreadable")
    assert arrival.why == "There is no ADF in it."
    shown = page(dana, f"/sales/arrivals/{arrival.pk}/")
    assert "No contiene ADF." in shown
    assert "Por envío web" in shown
    with translation.override("es"):
        arrival.why += " No lead: spam"
        assert arrival.why_words == "No contiene ADF. No es un lead: spam"


@pytest.mark.parametrize("path", ["/sales/deals/", "/sales/stock/", "/sales/leads/new/"])
def test_every_page_of_sales_opens_in_spanish(dana: Client, path: str) -> None:
    assert '<html lang="es">' in dana.get(path).content.decode()


@pytest.mark.parametrize("book", ["sales/playbook.py", "fni/playbook.py"])
def test_every_promise_that_pages_name_is_marked(book: str) -> None:
    tree = ast.parse((HOUSE / book).read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    titles = {
        ast.literal_eval(node.args[1])
        for node in calls
        if isinstance(node.func, ast.Attribute) and node.func.attr == "promise"
    }
    marked = {
        ast.literal_eval(node.args[0])
        for node in calls
        if isinstance(node.func, ast.Name) and node.func.id == "later"
    }
    assert titles
    assert titles <= marked
