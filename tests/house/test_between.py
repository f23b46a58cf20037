"""A database that was made before migrations became one an app gets what it lacks, and is then as a new one is."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from dealership.database import between, policies, ties
from tests.owner import as_owner

pytestmark = pytest.mark.django_db

#: Takes back what the migrations did that are now part of another.
BEFORE_THEM = """
    DROP TABLE dealership_bucket, dealership_canary, messaging_carriercheck, messaging_sender;
    ALTER TABLE events_eventrecord DROP parked_at;
    ALTER TABLE stores_store DROP idle_minutes, DROP needs_second_factor;
    ALTER TABLE staff_user DROP sessions_epoch;
    ALTER TABLE messaging_message DROP steps;
    ALTER TABLE messaging_carriercall DROP parked_at;
    ALTER TABLE messaging_conversation DROP put_away_by_id, DROP put_away_until, DROP unhappy_since;
    ALTER TABLE dms_feedfile DROP decided_by_id;
    ALTER TABLE tasks_task DROP last_error, DROP next_try_at, DROP parked_at;
    ALTER TABLE parts_stockpart DROP make, ADD CONSTRAINT stock_part_once UNIQUE (store_id, part_key);
    DROP INDEX customer_by_name, message_offer_to_send, message_to_send;
    DROP INDEX conversation_held, conversation_department, conversation_unowned;
    CREATE INDEX message_to_send ON messaging_message (send_after) WHERE state = 'queued';
"""
SHAPE = """
    SELECT table_name || '.' || column_name, data_type || is_nullable || coalesce(column_default, '') || is_identity
      FROM information_schema.columns WHERE table_schema = 'public'
    UNION SELECT tablename || ' ' || indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION SELECT conrelid::regclass || ' ' || conname, pg_get_constraintdef(oid) FROM pg_constraint
     WHERE connamespace = 'public'::regnamespace
"""


def shape() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(SHAPE)
        return dict(cursor.fetchall())


def test_what_a_database_of_an_earlier_day_lacks_is_done_and_it_is_as_a_new_one() -> None:
    new, names = shape(), [f"{app}.{name}" for app, name, _ in between.steps()]
    recorder = MigrationRecorder(connection)
    with as_owner():
        with connection.cursor() as cursor:
            cursor.execute(BEFORE_THEM)
        for app, name, _ in between.steps():
            recorder.record_unapplied(app, name)
        assert between.catch_up() == names
        ties.tie()
        policies.enforce()
        assert shape() == new
        assert between.catch_up() == []


def test_each_step_is_one_that_a_migration_replaces() -> None:
    replaced = {name for one in MigrationLoader(None).disk_migrations.values() for name in one.replaces}
    assert {step[:2] for step in between.steps()} <= replaced


def test_a_database_without_tables_has_missed_nothing() -> None:
    with as_owner():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations")
        assert between.catch_up() == []
