"""A row and its parent are of one store, and the database itself refuses anything else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection

from dealership.customers.models import ContactPoint, Customer
from dealership.database import policies, role, ties
from tests.cast import Cast, make_customer
from tests.owner import as_owner

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


def test_where_tables_are_gone_the_others_are_kept_in_order() -> None:
    """A migration that goes back leaves models without tables."""
    with as_owner():
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE marketing_recovery, audit_seal, sales_weowe CASCADE")
        assert ties.tie() == []
        assert policies.enforce() == []
        role.provide()


def move_away(cast: Cast, ours: Customer, theirs: Customer) -> None:
    ContactPoint.objects.of_store(ours.store_id).filter(customer=ours).update(store=cast.eastside)


def merge_with_theirs(cast: Cast, ours: Customer, theirs: Customer) -> None:
    Customer.objects.of_store(ours.store_id).filter(pk=ours.pk).update(merged_into=theirs)


@pytest.mark.parametrize("mix", [move_away, merge_with_theirs])
def test_no_row_hangs_on_a_row_of_another_store(
    cast: Cast, mix: Callable[[Cast, Customer, Customer], None]
) -> None:
    ours = make_customer(cast.northside, "Tom Okafor", "+19735550123")
    theirs = make_customer(cast.eastside, "Ruth Vance", "+13125550123")
    connection.check_constraints()
    mix(cast, ours, theirs)
    with pytest.raises(IntegrityError, match="same_store"):
        connection.check_constraints()


def test_a_database_in_which_stores_are_mixed_is_not_tied_and_the_rows_are_named(cast: Cast) -> None:
    ours = make_customer(cast.northside, "Tom Okafor", "+19735550123")
    theirs = make_customer(cast.eastside, "Ruth Vance", "+13125550123")
    name = next(one.name for one in ties.wanted() if one.column == "merged_into_id")
    with as_owner():
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE customers_customer DROP CONSTRAINT {name}")
        merge_with_theirs(cast, ours, theirs)
        with pytest.raises(
            ties.StoresMixed, match=f"customers_customer.merged_into_id .* rows {ours.pk}. Mend"
        ):
            ties.tie()
        Customer.objects.of_store(ours.store_id).filter(pk=ours.pk).update(merged_into=None)
        assert len(ties.tie()) == 1
