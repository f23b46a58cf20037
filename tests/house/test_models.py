"""Rules about rows: whose they are, that nobody reads them without a scope, and that they can be named."""

import pytest
from django.apps import apps
from django.db import models

from dealership.customers.models import Customer
from dealership.scope import ScopedQuerySet, ScopeError, StoreOwned
from tests.cast import Cast, make_customer

OURS = [
    model
    for model in apps.get_models()
    if model.__module__.split(".")[0]
    in {"dealership", "tasks", "sales", "service", "parts", "fni", "marketing"}
    and not model._meta.auto_created
]
#: Rows that belong to no store, and why.
OF_NO_STORE = {
    "Group": "owns stores",
    "Store": "is the store",
    "User": "a sign-in may work at several stores",
    "CarrierCall": "kept before anybody knows whose it is",
    "SimulatedPhone": "a handset of the simulator, which knows numbers and no stores",
    "SimulatedText": "the carrier's side of the simulator",
    "Canary": "workers serve all stores",
    "Heartbeat": "jobs serve all stores",
    "Bucket": "whoever tries a password has no store yet",
    "PlayedDay": "the demo's clock is everybody's",
}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_row_belongs_to_a_store_or_says_why_not(model: type[models.Model]) -> None:
    assert issubclass(model, StoreOwned) != (model.__name__ in OF_NO_STORE)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_row_has_a_name_a_docstring_and_no_default_order(model: type[models.Model]) -> None:
    assert "__str__" in vars(model) or model.__str__ is not models.Model.__str__
    assert model.__doc__
    assert not model.__doc__.startswith(f"{model.__name__}(")
    assert not model._meta.ordering


@pytest.mark.parametrize(
    "model", [m for m in OURS if issubclass(m, StoreOwned)], ids=lambda model: model.__name__
)
@pytest.mark.django_db
def test_a_query_without_a_scope_is_an_error(model: type[StoreOwned]) -> None:
    rows: ScopedQuerySet[StoreOwned] = model.objects.all()
    for touch in (
        list,
        len,
        bool,
        lambda q: q.count(),
        lambda q: q.exists(),
        lambda q: q.first(),
        lambda q: q.delete(),
    ):
        with pytest.raises(ScopeError, match="without a scope"):
            touch(rows.all())
    with pytest.raises(ScopeError):
        model.objects.filter(pk=1).update(store=1)
    with pytest.raises(ScopeError):
        model.objects.get(pk=1)
    with pytest.raises(ScopeError):
        list(model.objects.values_list("pk"))
    with pytest.raises(ScopeError):
        model.objects.filter(pk=1).aggregate(n=models.Count("pk"))


@pytest.mark.django_db
def test_an_unscoped_subquery_is_an_error_too(cast: Cast) -> None:
    with pytest.raises(ScopeError):
        list(
            Customer.objects.of_store(cast.northside.pk).filter(pk__in=Customer.objects.filter(full_name="x"))
        )


@pytest.mark.django_db
def test_a_scope_shows_its_own_store_and_nothing_of_the_other(cast: Cast) -> None:
    ours = make_customer(cast.northside, "Tom Okafor", "+19735550123")
    theirs = make_customer(cast.eastside, "Tom Okafor", "+19735550123")
    assert list(Customer.objects.visible_to(cast.dana)) == [ours]
    assert list(Customer.objects.visible_to(cast.eve)) == [theirs]
    assert Customer.objects.across_stores("a test").count() == 2
    with pytest.raises(ScopeError, match="Say why"):
        Customer.objects.across_stores("")
    assert [point.value for point in ours.contact_points.all()] == ["+19735550123"]
