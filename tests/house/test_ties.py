"""A row and its parent are of one store, and the database itself refuses anything else."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from dealership.customers.models import ContactPoint, Customer
from dealership.database import ties
from tests.cast import Cast, make_customer

pytestmark = pytest.mark.django_db


def test_every_key_between_rows_of_stores_holds_both_to_one_store() -> None:
    now, wanted = ties.found(), ties.wanted()
    assert len(wanted) > 100
    for one in wanted:
        assert (one.table, ("store_id", one.column), one.parent) in now.keys, one
        assert (one.table, (one.column,), one.parent) not in now.keys, f"{one} is checked twice"
        assert (one.parent, ("store_id", "id")) in now.unique


def test_what_is_up_to_date_is_left_alone() -> None:
    assert ties.tie() == []


def test_no_row_hangs_on_a_row_of_another_store(cast: Cast) -> None:
    theirs = make_customer(cast.eastside, "Ruth Vance", "+13125550123")
    point = ContactPoint.objects.of_store(cast.eastside.pk).get(customer=theirs)
    with pytest.raises(IntegrityError, match="same_store"), transaction.atomic():
        ContactPoint.objects.of_store(cast.eastside.pk).filter(pk=point.pk).update(store=cast.northside)
        connection.check_constraints()
    ours = make_customer(cast.northside, "Tom Okafor", "+19735550123")
    with pytest.raises(IntegrityError, match="same_store"), transaction.atomic():
        Customer.objects.of_store(cast.northside.pk).filter(pk=ours.pk).update(merged_into=theirs)
        connection.check_constraints()


def test_a_row_without_a_parent_is_free(cast: Cast) -> None:
    make_customer(cast.northside, "Tom Okafor", "+19735550123")
    connection.check_constraints()
