"""The page of places for visits: set, lifted, refused, and with its history."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from dealership.appointments.models import CapacityPlan
from dealership.stores.models import StoreChange
from tests.cast import Cast

PLANS = reverse("appointments:plans")
LIFT = reverse("appointments:lift_plan")
THREE = {"department": "service", "slot_minutes": "30", "per_slot": "3"}


def plans_of(cast: Cast) -> list[tuple[str, int, int]]:
    rows = CapacityPlan.objects.of_store(cast.northside.pk)
    return list(rows.values_list("department", "slot_minutes", "per_slot"))


def test_only_who_manages_staff_sets_places(cast: Cast, signed_in: Any) -> None:
    assert "/account/login" in Client().get(PLANS).url
    for page in (PLANS, LIFT):
        assert signed_in(cast.rosa).post(page, THREE).status_code == 403
    assert plans_of(cast) == []


def test_places_are_set_changed_and_lifted_with_who_did_it(
    cast: Cast, signed_in: Any, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    gus, eve = signed_in(cast.gus), signed_in(cast.eve)
    eve.post(PLANS, THREE | {"per_slot": "9"})
    gus.post(PLANS, THREE)
    gus.post(PLANS, THREE)
    gus.post(PLANS, THREE | {"slot_minutes": "20"})
    assert plans_of(cast) == [("service", 20, 3)]
    gus.get("/")
    with django_assert_max_num_queries(12):
        page = gus.get(PLANS).content.decode()
    assert "3 per 20 min" in page
    assert "9 per 30 min" not in page
    gus.post(LIFT, {"department": "service"})
    assert plans_of(cast) == []
    rows = StoreChange.objects.of_store(cast.northside.pk).order_by("pk")
    assert [(row.was, row.became, row.by_name) for row in rows] == [
        ("no limit", "3 per 30 min", "Gus Ortega"),
        ("3 per 30 min", "3 per 20 min", "Gus Ortega"),
        ("3 per 20 min", "no limit", "Gus Ortega"),
    ]
    assert CapacityPlan.objects.of_store(cast.eastside.pk).get().per_slot == 9


def test_numbers_that_make_no_sense_are_refused_with_what_was_typed(cast: Cast, signed_in: Any) -> None:
    gus = signed_in(cast.gus)
    for wrong in ({"per_slot": "0"}, {"slot_minutes": "4"}, {"per_slot": "many"}, {"slot_minutes": ""}):
        response = gus.post(PLANS, THREE | {"per_slot": "7"} | wrong)
        assert response.status_code == 422
        assert 'role="alert"' in response.content.decode()
        assert 'value="' + (wrong.get("per_slot") or "7") in response.content.decode()
    for page in (PLANS, LIFT):
        assert gus.post(page, THREE | {"department": "marketing"}).status_code == 404
    assert plans_of(cast) == []
