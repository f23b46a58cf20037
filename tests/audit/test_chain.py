"""What was written stays as it was: refused by triggers, and found by the seals where somebody takes the triggers away."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from dealership.audit import chain, entries, upkeep
from dealership.audit.models import Action, Entry, Seal, Unsealed
from tests.cast import MONDAY_TEN, Cast
from tests.owner import as_owner

pytestmark = pytest.mark.django_db


def write(cast: Cast, n: int = 3) -> list[Entry]:
    """So many entries at each store."""
    return [
        entries.record(
            store_id=store.pk, staff_id=1, action=Action.SAW, kind="customer", key=key, now=MONDAY_TEN
        )
        for key in range(1, n + 1)
        for store in (cast.northside, cast.eastside)
    ]


def tampered(sql: str) -> None:
    """What somebody does who owns the tables and takes the triggers away for it."""
    with as_owner(), connection.cursor() as cursor:
        for table in ("audit_entry", "audit_seal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql)
        for table in ("audit_entry", "audit_seal"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def troubles() -> set[str]:
    return {found.trouble for found in chain.broken()}


@pytest.mark.parametrize("table", ["audit_entry", "audit_seal"])
@pytest.mark.parametrize("act", ["UPDATE {} SET store_id = store_id", "DELETE FROM {}", "TRUNCATE {}"])
def test_nothing_that_was_written_is_changed_even_by_the_owner(cast: Cast, table: str, act: str) -> None:
    write(cast)
    chain.seal(now=MONDAY_TEN)
    with (
        as_owner(),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="only added to"),
        transaction.atomic(),
    ):
        cursor.execute(act.format(table))


def test_sealing_twice_is_sealing_once(cast: Cast) -> None:
    write(cast)
    chain.seal(now=MONDAY_TEN)
    assert chain.seal(now=MONDAY_TEN) == 0
    assert Unsealed.objects.across_stores("a test").count() == 0
    sealed = [pk for seal in Seal.objects.across_stores("a test") for pk in seal.ids]
    assert sorted(sealed) == list(
        Entry.objects.across_stores("a test").order_by("pk").values_list("pk", flat=True)
    )
    assert chain.broken() == []


def test_each_store_has_a_chain_of_its_own(cast: Cast) -> None:
    write(cast)
    chain.seal(now=MONDAY_TEN, at_most=4)
    for store in (cast.northside, cast.eastside):
        seals = list(Seal.objects.of_store(store.pk).order_by("number"))
        assert [seal.number for seal in seals] == list(range(1, len(seals) + 1))
        assert [seal.previous for seal in seals] == ["", *(seal.hash for seal in seals[:-1])]
        kept = Entry.objects.across_stores("a test").filter(pk__in=[pk for seal in seals for pk in seal.ids])
        assert {entry.store_id for entry in kept} == {store.pk}


@pytest.mark.parametrize(
    ("sql", "trouble"),
    [
        ("UPDATE audit_entry SET staff_id = 2 WHERE id = {0}", "an entry was changed, or the seal was"),
        ("UPDATE audit_entry SET details = '{{\"x\": 1}}' WHERE id = {0}", "an entry was changed, or the seal was"),
        ("UPDATE audit_entry SET at = at + interval '1 microsecond' WHERE id = {0}", "an entry was changed, or the seal was"),
        ("DELETE FROM audit_entry WHERE id = {0}", "the entry is gone"),
        ("DELETE FROM audit_seal WHERE number = 1", "a seal before this one is missing"),
        ("UPDATE audit_seal SET ids = ids[2:] WHERE number = 1", "the entry has no seal and waits for none"),
        ("UPDATE audit_seal SET hash = repeat('0', 64) WHERE number = 1", "it does not follow from the seal before it"),
        ("INSERT INTO audit_entry (store_id, at, agent, action, kind, key, ref, part, details, session, address, request) "
         "SELECT store_id, at, '', 'saw', 'ro', 1, '', '', '{{}}', '', '', '' FROM audit_entry WHERE id = {0}",
         "the entry has no seal and waits for none"),
    ],
)  # fmt: skip
def test_whoever_edits_as_the_owner_is_found(cast: Cast, sql: str, trouble: str) -> None:
    first = write(cast)[0]
    chain.seal(now=MONDAY_TEN)
    write(cast, 1)
    chain.seal(now=MONDAY_TEN)
    assert chain.broken() == []
    tampered(sql.format(first.pk))
    assert trouble in troubles()


def test_what_waits_for_its_seal_cannot_vanish_either(cast: Cast) -> None:
    first = write(cast)[0]
    tampered(f"DELETE FROM audit_entry WHERE id = {first.pk}")
    assert troubles() == {"an entry that waits for its seal is gone"}


def test_a_chain_whose_end_was_cut_off_is_found_by_its_anchor(cast: Cast, tmp_path: Path) -> None:
    write(cast)
    kept = tmp_path / "anchors.jsonl"
    with kept.open("w") as file:
        call_command("audit_anchor", stdout=file)
    assert {json.loads(line)["number"] for line in kept.read_text().splitlines()} == {1}
    write(cast, 1)
    chain.seal(now=MONDAY_TEN)
    call_command("audit_anchor", check=str(kept))
    tampered("DELETE FROM audit_entry; DELETE FROM audit_seal")
    assert troubles() == set()
    with pytest.raises(CommandError, match="tampered"):
        call_command("audit_anchor", check=str(kept))


def test_an_emptied_database_can_begin_anew(cast: Cast) -> None:
    write(cast)
    with as_owner(), upkeep.unprotected(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE audit_entry, audit_seal, audit_unsealed")
    assert chain.broken() == []
    with (
        as_owner(),
        pytest.raises(DatabaseError, match="only added to"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("TRUNCATE audit_entry")
