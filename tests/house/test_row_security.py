"""The database shows and takes rows of the stores that are seen, and of no other, whatever a query forgets to ask."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, ProgrammingError, connection, connections, transaction
from django.db.models import F
from django.test import Client
from django.utils.module_loading import import_string

from dealership import doorbell, sight
from dealership.customers.models import Customer, SearchEntry
from dealership.database import policies, watch
from dealership.scope import ScopeError, StoreOwned
from dealership.staff.models import StaffMember
from dealership.ticker import TURNS
from sales.models import Lead, LeadArrival
from tests import saboteurs
from tests.cast import MONDAY_TEN, Cast, make_customer
from tests.owner import as_owner
from tests.promises import promise

pytestmark = pytest.mark.django_db

#: Tables without row security, and why.
OPEN_TO_ALL = {
    "stores_group": "a group's name, and which stores are its",
    "staff_user": "a sign-in may work at several stores, and is looked up before any is known",
    "staff_user_groups": "not used: what somebody may do hangs on their role at a store",
    "staff_user_user_permissions": "not used, as above",
    "messaging_carriercall": "what the carrier sent, kept before anybody knows whose it is; no page shows it",
    "messaging_simulatedphone": "a handset of the simulator, which knows numbers and no stores",
    "messaging_simulatedtext": "the carrier's side of the simulator",
    "dealership_bucket": "how often somebody tried, by a hash of who and what",
    "dealership_canary": "a row that proves that a worker lives; it holds a time and nothing of a store",
    "dealership_heartbeat": "jobs serve all stores",
    "dealership_playedday": "the demo's clock is everybody's",
}
#: Tables of Django and of the sign-in's library: sessions, permissions, e-mail addresses and second factors of sign-ins.
OF_LIBRARIES = ("django_", "auth_", "account_", "mfa_", "usersessions_")


def rows(sql: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def test_every_table_is_secured_or_says_why_not() -> None:
    now, wanted = policies.found(), policies.wanted()
    for table, condition in wanted.items():
        assert now[table] == (True, [policies.policy_name(condition)]), table
    left = {table for table in now if table not in wanted and not table.startswith(OF_LIBRARIES)}
    assert left == set(OPEN_TO_ALL), "A new table is StoreOwned, or says in OPEN_TO_ALL why not."
    assert all(model._meta.db_table in wanted for model in apps.get_models() if issubclass(model, StoreOwned))
    assert policies.enforce() == []


def test_the_product_speaks_as_a_role_that_cannot_pass_it_by() -> None:
    assert watch.trouble() == ""
    assert rows(
        "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user"
    ) == [(False, False, False)]
    with pytest.raises(ProgrammingError, match="must be owner"), transaction.atomic():
        rows("ALTER TABLE customers_customer DISABLE ROW LEVEL SECURITY")


@promise("P26", saboteur=saboteurs.only_the_query_keeps_stores_apart)
def test_a_query_that_asks_for_everything_gets_what_is_seen(cast: Cast) -> None:
    make_customer(cast.northside, "Tom Okafor", "+19735550123")
    make_customer(cast.eastside, "Ruth Vance", "+13125550123")
    everybody = "SELECT full_name FROM customers_customer ORDER BY 1"
    assert rows(everybody) == [("Ruth Vance",), ("Tom Okafor",)]
    with sight.one_store(cast.northside.pk):
        assert rows(everybody) == [("Tom Okafor",)]
        assert rows("SELECT name FROM stores_store") == [("Northside Honda",)]
        assert list(Customer.objects.of_store(cast.eastside.pk)) == []
        with sight.beyond_the_store("a test"):
            assert len(rows(everybody)) == 2
        assert rows(everybody) == [("Tom Okafor",)]
    with sight.nothing():
        assert rows(everybody) == []
    assert len(rows(everybody)) == 2


def test_nothing_is_written_into_a_store_that_is_not_seen(cast: Cast) -> None:
    theirs = make_customer(cast.eastside, "Ruth Vance", "+13125550123")
    for seen in (sight.nothing(), sight.one_store(cast.northside.pk)):
        with seen:
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                Customer.objects.create(store=cast.eastside, full_name="Smuggled")
            theirs.full_name = "Overwritten"
            with pytest.raises(DatabaseError, match="did not affect any rows"), transaction.atomic():
                theirs.save(update_fields=["full_name"])
    with sight.one_store(cast.eastside.pk):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Customer.objects.of_store(cast.eastside.pk).filter(pk=theirs.pk).update(store=cast.northside)
        assert Customer.objects.of_store(cast.eastside.pk).get(pk=theirs.pk).full_name == "Ruth Vance"


def test_a_link_of_two_rows_is_of_one_store(cast: Cast) -> None:
    arrivals, leads = {}, {}
    for store in (cast.northside, cast.eastside):
        arrivals[store] = LeadArrival.objects.create(
            store=store, received_at=MONDAY_TEN, raw=b"x", sha256="x"
        )
        leads[store] = Lead.objects.create(
            store=store, customer=make_customer(store, "Tom Okafor", "+19735550123"), received_at=MONDAY_TEN
        )
    arrivals[cast.northside].leads.add(leads[cast.northside])
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        arrivals[cast.northside].leads.add(leads[cast.eastside])
    with sight.one_store(cast.eastside.pk):
        assert rows("SELECT * FROM sales_leadarrival_leads") == []


def test_who_forgot_to_say_what_is_seen_is_told_so_instead_of_nothing(cast: Cast) -> None:
    with sight.nothing(), pytest.raises(ScopeError, match="where no store is seen"):
        Customer.objects.across_stores("a test").count()
    with sight.nothing(), pytest.raises(ScopeError, match="where no store is seen"):
        list(Customer.objects.visible_to(cast.dana))
    with pytest.raises(ValueError, match="Say why"), sight.all_stores(""):
        pass


def test_work_for_all_stores_serves_the_one_within_which_it_was_called(cast: Cast) -> None:
    with sight.one_store(cast.eastside.pk), sight.all_stores("a job"):
        assert rows("SELECT count(*) FROM stores_store") == [(1,)]
    with sight.nothing(), sight.all_stores("a job"):
        assert rows("SELECT count(*) FROM stores_store") == [(2,)]


def test_what_a_rollback_takes_back_is_told_again(cast: Cast) -> None:
    count = "SELECT count(*) FROM stores_store"
    with sight.one_store(cast.northside.pk):
        with transaction.atomic():
            with sight.beyond_the_store("a test"):
                assert rows(count) == [(2,)]
            transaction.set_rollback(True)
        assert rows(count) == [(1,)]
        with pytest.raises(DatabaseError), transaction.atomic():
            rows("SELECT 1 / 0")
        assert rows(count) == [(1,)]


def test_pages_leave_nothing_behind_on_the_connection(
    cast: Cast, signed_in: Callable[[StaffMember], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each request sees its own person's store, one after another over the same connection; the sign-in page sees none."""
    seen: list[tuple[object, ...]] = []
    wrapper: Any = connections["default"]
    original = wrapper.tell

    def note() -> None:
        original()
        seen.append((sight.now(),))

    monkeypatch.setattr(wrapper, "tell", note)
    for who, store in ((cast.gus, cast.northside), (cast.eve, cast.eastside)):
        browser = signed_in(who)
        browser.get("/")
        seen.clear()
        assert browser.get("/").status_code == 200
        assert set(seen) == {(sight.Sight(frozenset({store.pk})),)}
    seen.clear()
    assert Client().get("/account/login/").status_code == 200
    assert {what for (what,) in seen} <= {sight.NOTHING}


def test_a_superuser_is_told_that_this_layer_is_off(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with as_owner():
        assert "superuser" in watch.trouble()
        assert watch.check() == []  # whoever asks for no database
        (warning,) = watch.check(databases=["default"])
        assert warning.id == "kept.W001"
        with caplog.at_level(logging.ERROR):
            monkeypatch.setattr(watch, "_looked", False)
            watch.look_once(connections["default"])
        assert "Row security is OFF" in caplog.text


def test_what_begins_with_something_is_still_found_by_its_index(cast: Cast) -> None:
    with sight.one_store(cast.northside.pk):
        found = SearchEntry.objects.visible_to(cast.dana).filter(term__startswith="1_0%")
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        plan = found.explain()
    assert "search_prefix" in plan
    assert "~>=~ '1_0%'" in plan.split("Filter")[0]
    assert "InitPlan" in plan, "The setting is read once a statement, not once a row."


def test_startswith_takes_its_words_as_they_are(cast: Cast) -> None:
    for n, name in enumerate(("100% sure", "1000 sure", "back\\slash")):
        make_customer(cast.northside, name, f"+1973555012{n}")
    rows = Customer.objects.visible_to(cast.dana)
    for begins, n in (("100%", 1), ("100", 2), ("back\\", 1), ("100_", 0), ("", 3), ("ack", 0)):
        assert rows.filter(full_name__startswith=begins).count() == n, begins
    assert rows.filter(full_name__startswith=F("first_name")).count() == 3


def test_what_is_only_added_to_is_not_changed_by_the_product() -> None:
    tables = [model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False)]
    assert "audit_entry" in tables
    for table in tables:
        for act in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                rows(act)


def test_every_job_says_by_itself_what_it_sees(db: None) -> None:
    """A worker sees no store before a job says so; one that forgot would find nothing to do, and nobody would notice."""
    blind = set()
    for name in {*TURNS, *doorbell.BELLS.values()}:
        seen: list[sight.Sight] = []

        def note(
            execute: Any, sql: str, params: Any, many: bool, context: Any, into: list[sight.Sight] = seen
        ) -> Any:
            into.append(sight.now())
            return execute(sql, params, many, context)

        with sight.nothing(), connection.execute_wrapper(note):
            import_string(name)()
        if not any(seen):
            blind.add(name)
    assert blind == set()
