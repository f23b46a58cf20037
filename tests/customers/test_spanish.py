"""A customer's page, the list and its file for whoever reads Spanish; what is kept stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from django.test import Client
from django.utils import translation
from openpyxl import load_workbook

from dealership.customers import matching
from dealership.customers.models import ContactPoint, Customer
from dealership.customers.retold import retold
from dealership.lists.models import BulkAct
from dealership.vehicles import garage
from dealership.vehicles.retold import retold as of_a_car
from tests.cast import MONDAY_TEN as NOW
from tests.cast import Cast

SignIn = Callable[..., Client]
SPANISH = {"accept-language": "es"}


def ana(cast: Cast) -> Customer:
    customer, _ = matching.find_or_create(
        store_id=cast.northside.pk, full="Ana Ruiz", phones=[("cell", "+19735550117")], language="es", now=NOW
    )
    return customer


def test_a_customer_is_shown_in_spanish(cast: Cast, signed_in: SignIn) -> None:
    customer, browser = ana(cast), signed_in(cast.dana)
    car = garage.find_or_create(
        store_id=cast.northside.pk, vin="1HGCM82633A004353", year=2003, model="Accord", seen_at=NOW, now=NOW
    )
    assert car is not None
    garage.record_owner(car, customer, since=NOW.date(), how="told")
    ContactPoint.objects.of_store(cast.northside.pk).update(trouble="landline")
    page = browser.get(f"/customers/{customer.pk}/", headers=SPANISH).content.decode()
    for words in (
        "Dirección",
        "Garaje",
        "celular",
        "teléfono fijo",
        "habla español",
        "dígito verificador es",
    ):
        assert words in page, words
    assert "Somebody" not in page
    answer = browser.post(
        f"/customers/{customer.pk}/about/", {"edit": "contact", "text": "no phone"}, headers=SPANISH
    )
    assert "Esto no es un número de teléfono" in answer.content.decode()


def test_the_list_and_its_file_are_in_spanish_and_what_is_noted_of_it_is_not(
    cast: Cast, signed_in: SignIn
) -> None:
    customer, browser = ana(cast), signed_in(cast.gus)
    page = browser.get("/customers/", headers=SPANISH).content.decode()
    assert "Todos los que este concesionario conoce" in page
    assert "1 cliente" in page
    answer = browser.get("/customers/export/?as=xlsx&columns=full_name,language", headers=SPANISH)
    rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[0][0] == "Cliente"
    given = {"n": "1", "department": "sales", "to": str(cast.dana.pk)}
    browser.post(f"/customers/give/?row={customer.pk}", given, headers=SPANISH)
    assert BulkAct.objects.of_store(cast.northside.pk).get().says == "1 customer given to Dana Ruiz in Sales"


def test_what_is_kept_of_a_phone_and_of_a_car_is_said() -> None:
    with translation.override("es"):
        assert retold("shared with Ana Ruiz") == "compartido con Ana Ruiz"
        assert of_a_car("check digit is 3, computed X") == "el dígito verificador es 3, calculado X"
