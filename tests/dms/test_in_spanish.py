"""Pages of imports, of the trail and of hooks, read in Spanish."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from dealership import clock
from dealership.dms import feeds, files
from dealership.dms.models import Feed
from dealership.staff.models import StaffMember
from dealership.stores.models import StoreChange
from tests.cast import Cast

SignIn = Callable[[StaffMember], Client]
SPANISH = {"accept-language": "es"}


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("dms:imports", "Todavía no ha llegado ningún archivo"),
        ("dms:feeds", "Iniciar esta fuente"),
        ("audit:trail", "Quién hizo qué"),
        ("audit:affected", "Elija una persona"),
        ("hooks:overview", "Sistemas que reciben lo que pasa aquí"),
        ("hooks:hook_new", "Promesa cumplida: Se cumplió a tiempo."),
    ],
)
def test_a_page_is_said_in_spanish(cast: Cast, signed_in: SignIn, page: str, said: str) -> None:
    answer = signed_in(cast.gus).get(reverse(page), headers=SPANISH)
    assert answer.status_code == 200
    assert said in answer.content.decode()


def test_what_a_reader_of_spanish_sets_is_written_down_in_english(cast: Cast, signed_in: SignIn) -> None:
    signed_in(cast.gus).post(reverse("dms:feeds"), {"kind": Feed.Kind.DEALS}, headers=SPANISH)
    assert StoreChange.objects.of_store(cast.northside.pk).get().what == "DMS feed deals"


def test_a_file_that_nobody_sends_is_refused_in_spanish(cast: Cast, signed_in: SignIn) -> None:
    feeds.begin(store_id=cast.northside.pk, kind=Feed.Kind.REPAIR_ORDERS, by=None, now=clock.now())
    kept = files.turn_away(
        store_id=cast.northside.pk, name="x.txt", data=b"x", why="The file is empty.", now=clock.now()
    )
    page = signed_in(cast.gus).get(reverse("dms:file_detail", args=[kept.pk]), headers=SPANISH)
    assert "El archivo está vacío." in page.content.decode()
