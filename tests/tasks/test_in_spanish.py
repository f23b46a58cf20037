"""The pages of promises and of visits speak Spanish to whoever reads it; what they write down stays in the code's own language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from openpyxl import load_workbook

from dealership.appointments.models import Appointment
from dealership.staff.models import StaffMember
from tasks.models import Promise, Transition
from tests.cast import Cast, make_customer
from tests.tasks.promised import closed, promise
from tests.tasks.telling import Telling

SignedIn = Callable[[StaffMember], Client]


@pytest.fixture
def reader(cast: Cast, in_spanish: SignedIn) -> Client:
    """Gus, who reads Spanish."""
    return in_spanish(cast.gus)


def _page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_day_and_a_promise_are_told_in_spanish(cast: Cast, reader: Client) -> None:
    maria = make_customer(cast.northside, "Maria Lopez", "+19735554417")
    owed = promise(
        cast.gus,
        customer=maria,
        why={
            "exists": "Sales promises it: a lead came in.",
            "owner": ["Gus is the next in turn as BDC agent.", "Not Bea: off shift."],
            "due": "Counted Mon 23 Nov 5:52 pm – 5:57 pm: 5 open minutes",
            "counted": [["2026-11-23T22:52:00+00:00", "2026-11-23T22:57:00+00:00", 5]],
        },
    )
    assert "promesa es suya" in _page(reader, "/")
    html = _page(reader, reverse("tasks:promise_detail", args=[owed.pk]))
    for said in (
        "Por qué yo",
        "A Gus le toca el turno como agente de BDC.",
        "No Bea: fuera de turno.",
        "5 minutos de apertura",
        "Registrar una llamada",
    ):
        assert said in html
    for act in ("hand_off", "waive", "renegotiate", "log_call"):
        assert "Dejarlo" in _page(reader, reverse(f"tasks:{act}", args=[owed.pk]))
    assert "Promesa nueva" in _page(reader, reverse("tasks:make"))
    assert "Reservar una visita para" in _page(
        reader, f"{reverse('tasks:commands')}?at={reverse('tasks:promise_detail', args=[owed.pk])}"
    )


def test_lists_figures_and_rules_are_told_in_spanish(cast: Cast, reader: Client) -> None:
    promise(cast.dana, due=timedelta(minutes=-22), seam=1)
    closed(cast.dana, "kept", late=True, seam=1)
    closed(cast.dana, "waived", seam=1)
    assert "cumplida con retraso" in _page(
        reader, f"{reverse('tasks:promise_list')}?of=store&state=recovered"
    )
    assert "Promesas cumplidas a tiempo" in _page(reader, reverse("tasks:seams"))
    assert "con retraso y todavía pendiente" in _page(reader, f"{reverse('tasks:seam_list')}?part=late")
    assert "Números de este concesionario" in _page(reader, "/playbook/answer_lead/")
    assert "Manual" in _page(reader, "/playbook/")
    assert "Hechos fallidos" in _page(reader, "/facts/")


@pytest.mark.parametrize("table", ["grid", "people", "teams"])
def test_files_are_headed_in_spanish(cast: Cast, reader: Client, table: str) -> None:
    promise(cast.dana, due=timedelta(minutes=-22), seam=1)
    address = f"{reverse('tasks:seam_export')}?table={table}"
    head = b"".join(reader.get(address)).decode().splitlines()[0]  # type: ignore[call-overload]
    assert "% a tiempo" in head
    book = load_workbook(BytesIO(b"".join(reader.get(f"{address}&as=xlsx"))))  # type: ignore[call-overload]
    assert str(next(book.active.values)[0]) in ("De", "Persona", "Equipo")


def test_the_file_of_promises_is_told_in_spanish(cast: Cast, reader: Client) -> None:
    promise(cast.gus)
    for extra in ("", "&as=xlsx"):
        answer = reader.get(f"{reverse('tasks:promise_export')}?state=open{extra}")
        assert answer.status_code == 200
        told = b"".join(answer)  # type: ignore[call-overload]
        assert extra or "Promesa,Sobre,Cliente" in told.decode()
        assert extra or "abierta" in told.decode()


def test_what_is_written_while_spanish_is_read_stays_english(cast: Cast, reader: Client) -> None:
    telling = Telling(cast)
    with translation.override("es"):
        telling.publish(telling.lead())
    made = Promise.objects.of_store(cast.northside.pk).get(rule="answer_lead")
    assert made.why["exists"].startswith("Sales promises it: ")
    assert made.seam_to == "BDC"
    owed = promise(cast.gus)
    reader.post(reverse("tasks:hand_off", args=[owed.pk]), {"to": cast.dana.pk, "why": "I leave at 5"})
    reader.post(reverse("tasks:take_back", args=[owed.pk]))
    last = Transition.objects.of_store(cast.northside.pk).filter(promise=owed).order_by("-pk").first()
    assert last is not None
    assert last.why == "Taken back."
    assert "Recuperada." in _page(reader, reverse("tasks:promise_detail", args=[owed.pk]))


def test_visits_are_told_in_spanish(cast: Cast, reader: Client) -> None:
    maria = make_customer(cast.northside, "Maria Lopez", "+19735554417")
    visit = Appointment.objects.create(
        store=cast.northside,
        department="service",
        customer=maria,
        starts_at=timezone.now() + timedelta(hours=2),
        created_at=timezone.now(),
    )
    day = reverse("appointments:day")
    today = (timezone.now() + timedelta(hours=2)).astimezone(cast.northside.tz).date()
    assert "Sin confirmar" in _page(reader, f"{day}?department=service&day={today}")
    assert "Semana por persona" in _page(reader, f"{day}?department=service&view=week&day={today}")
    assert "quien esté libre" in _page(reader, f"{day}?department=service&by=person&day={today}").lower()
    assert "Mover y avisar al cliente" in _page(
        reader, reverse("appointments:appointment_detail", args=[visit.pk])
    )
    assert "Reservar y avisar al cliente" in _page(
        reader, f"{reverse('appointments:book')}?customer={maria.pk}"
    )
    assert "Lugares para visitas" in _page(reader, reverse("appointments:plans"))
    past = {"day": "2020-01-06", "time": "10:00"}
    refused = reader.post(reverse("appointments:move", args=[visit.pk]), past)
    assert "Esa hora ya pasó" in refused.content.decode()
