"""The judge: what must be true holds in a world that the product made, and each sentence turns red when it alone is broken."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from dealership import clock, verify
from dealership.audit import chain
from dealership.dms import jobs as dms_jobs
from dealership.dms import staging
from dealership.dms.models import FeedFile
from dealership.verify import Invariant, Verdict
from tasks import rollups, steps, sweep
from tests.house import world as the_world
from tests.house.world import World
from tests.owner import as_owner

_HOURS = timedelta(hours=3)

#: For each invariant the least that breaks it, and nothing else. `{now}` is the judge's clock, `{ago}` three hours before.
#: What the database itself would refuse is dropped first, within the test's transaction.
BREAKS: dict[str, str] = {
    "promise_owner_works_here": """UPDATE staff_staffmember SET is_active = false
        WHERE id = (SELECT min(owner_id) FROM tasks_promise WHERE state = 'open')""",
    "promise_once": """ALTER TABLE tasks_promise DROP CONSTRAINT promise_once;
        ALTER TABLE tasks_promise DROP CONSTRAINT promise_once_per_fact;
        UPDATE tasks_promise p SET rule = o.rule, subject = o.subject, about = o.about, epoch = o.epoch
        FROM tasks_promise o WHERE o.id = (SELECT min(id) FROM tasks_promise)
        AND p.id = (SELECT max(id) FROM tasks_promise WHERE store_id = o.store_id)""",
    "promise_closed_has_time": """ALTER TABLE tasks_promise DROP CONSTRAINT promise_closed_has_time;
        UPDATE tasks_promise SET closed_at = '{now}' WHERE id = (SELECT min(id) FROM tasks_promise WHERE state = 'open')""",
    "promise_closed_has_proof": """UPDATE tasks_promise SET closed_by_id = NULL, closed_by_event_id = NULL
        WHERE id = (SELECT min(id) FROM tasks_promise WHERE state = 'kept')""",
    "promise_broken_at_its_hour": """UPDATE tasks_promise SET broken_at = broken_at + interval '1 minute'
        WHERE id = (SELECT min(id) FROM tasks_promise WHERE broken_at IS NOT NULL AND state = 'open')""",
    "promise_kept_or_broken": """UPDATE tasks_promise SET broken_at = due_at
        WHERE id = (SELECT min(id) FROM tasks_promise WHERE state = 'kept' AND closed_at < due_at);
        INSERT INTO tasks_staleday (store_id, day) SELECT DISTINCT store_id, day FROM tasks_promiseday""",
    "promise_broken_on_time": """UPDATE tasks_promise SET broken_at = NULL, next_step_at = NULL
        WHERE id = (SELECT min(id) FROM tasks_promise WHERE broken_at < '{now}'::timestamptz - interval '2 minutes' AND state = 'open');
        INSERT INTO tasks_staleday (store_id, day) SELECT DISTINCT store_id, day FROM tasks_promiseday""",
    "promise_swept": """UPDATE tasks_promise SET next_step_at = '{ago}'
        WHERE id = (SELECT min(id) FROM tasks_promise WHERE state = 'open')""",
    "promise_ended_has_no_next_step": """UPDATE tasks_promise SET next_step_at = '{now}'
        WHERE id = (SELECT min(id) FROM tasks_promise WHERE state = 'kept')""",
    "promise_parked_says_why": """UPDATE tasks_promise SET parked_at = '{now}'
        WHERE id = (SELECT min(id) FROM tasks_promise WHERE state = 'open')""",
    "promise_story_begins": """DELETE FROM tasks_transition WHERE id = (SELECT min(id) FROM tasks_transition WHERE act = 'opened')""",
    "promise_story_ends": """DELETE FROM tasks_transition WHERE id = (SELECT min(id) FROM tasks_transition WHERE act = 'waived')""",
    "promise_quiet_once_ended": """INSERT INTO tasks_transition (store_id, promise_id, act, at, why)
        SELECT store_id, id, 'climbed', '{now}', '' FROM tasks_promise WHERE state = 'kept' ORDER BY id LIMIT 1""",
    "step_of_an_open_promise": """UPDATE tasks_task SET promise_id = (SELECT min(id) FROM tasks_promise WHERE state = 'kept'), n = 99
        WHERE id = (SELECT min(id) FROM tasks_task WHERE state = 'waiting'
        AND store_id = (SELECT store_id FROM tasks_promise WHERE state = 'kept' ORDER BY id LIMIT 1))""",
    "step_taken": """UPDATE tasks_task SET run_at = '{ago}'
        WHERE id = (SELECT min(id) FROM tasks_task WHERE state = 'waiting' AND kind = 'text')""",
    "days_are_counted_right": """UPDATE tasks_promiseday SET on_time = on_time + 1 WHERE id = (SELECT min(id) FROM tasks_promiseday)""",
    "fact_applied": """UPDATE events_eventrecord SET next_try_at = '{ago}' WHERE applied_at IS NULL AND parked_at IS NULL""",
    "fact_unapplied_says_why": """UPDATE events_eventrecord SET last_error = '' WHERE applied_at IS NULL AND parked_at IS NULL""",
    "fact_names_its_own_store": """UPDATE events_eventrecord e
        SET customer_id = (SELECT max(id) FROM customers_customer WHERE store_id <> e.store_id)
        WHERE id = (SELECT min(id) FROM events_eventrecord)""",
    "text_once": """DROP INDEX message_sid_once; UPDATE messaging_message SET carrier_sid = (
        SELECT min(carrier_sid) FROM messaging_message WHERE carrier_sid <> '' AND NOT is_inbound)
        WHERE id = (SELECT max(id) FROM messaging_message WHERE carrier_sid <> '' AND NOT is_inbound)""",
    "text_accepted_once": """INSERT INTO messaging_simulatedtext (sid, from_number, to_number, body, status, error_code, status_callback,
        is_from_customer, media, at, calls_due)
        SELECT 'S' || n, '+1', '+2', '', 'sent', '', 'http://here/status/1/', false, '[]', '{now}', '[]'
        FROM generate_series(1, 2) AS n""",
    "text_taken_has_the_carriers_id": """UPDATE messaging_message SET carrier_sid = ''
        WHERE id = (SELECT min(id) FROM messaging_message WHERE state = 'accepted')""",
    "text_called_before_taken": """UPDATE messaging_message SET called_at = NULL
        WHERE id = (SELECT min(id) FROM messaging_message WHERE state = 'accepted')""",
    "text_not_after_stop": """INSERT INTO messaging_consentevent (store_id, number, act, purpose, how, words, at)
        SELECT m.store_id, c.their_number, 'revoked', m.purpose, 'text', 'stop', m.called_at - interval '2 seconds'
        FROM messaging_message m JOIN messaging_conversation c ON c.id = m.conversation_id
        WHERE m.called_at IS NOT NULL AND m.purpose <> '' ORDER BY m.id LIMIT 1""",
    "text_waits_for_nobody_who_stopped": """INSERT INTO messaging_consentevent (store_id, number, act, purpose, how, words, at)
        SELECT m.store_id, c.their_number, 'revoked', '', 'text', 'stop', '{now}'::timestamptz - interval '2 seconds'
        FROM messaging_message m JOIN messaging_conversation c ON c.id = m.conversation_id WHERE m.state = 'queued' ORDER BY m.id LIMIT 1""",
    "text_marketing_has_written_consent": """DELETE FROM messaging_consentevent WHERE how = 'signed form';
        UPDATE messaging_message SET purpose = 'marketing' WHERE id = (SELECT min(id) FROM messaging_message WHERE called_at IS NOT NULL)""",
    "text_claims_are_alive": """UPDATE messaging_message SET state = 'sending', claimed_at = '{ago}'
        WHERE id = (SELECT min(id) FROM messaging_message WHERE state = 'queued')""",
    "text_doubt_ends": """UPDATE messaging_message SET state = 'unknown', called_at = '{ago}'
        WHERE id = (SELECT min(id) FROM messaging_message WHERE state = 'accepted')""",
    "text_queued_has_a_time": """UPDATE messaging_message SET send_after = NULL
        WHERE id = (SELECT min(id) FROM messaging_message WHERE state = 'queued')""",
    "text_leaves": """UPDATE messaging_message SET send_after = '{ago}'
        WHERE id = (SELECT min(id) FROM messaging_message WHERE state = 'queued')""",
    "text_not_sent_says_why": """UPDATE messaging_message SET state = 'failed', reasons = '[]'
        WHERE id = (SELECT min(id) FROM messaging_message WHERE state = 'queued')""",
    "text_status_goes_forward": """INSERT INTO messaging_carriercall (kind, external_id, payload, received_at, settled_at, attempts, last_error)
        SELECT 'status', 'x', jsonb_build_object('uuid', uuid, 'MessageSid', carrier_sid, 'MessageStatus', 'delivered'), '{now}', '{now}', 1, ''
        FROM messaging_message WHERE state = 'accepted' ORDER BY id LIMIT 1""",
    "text_received_is_delivered": """UPDATE messaging_message SET received_at = '{now}'
        WHERE id = (SELECT min(id) FROM messaging_message WHERE state = 'accepted')""",
    "text_promise_is_of_its_store": """UPDATE messaging_message m
        SET promise_ref = (SELECT max(id) FROM tasks_promise WHERE store_id <> m.store_id)
        WHERE id = (SELECT min(id) FROM messaging_message)""",
    "carrier_call_has_its_effect": """INSERT INTO messaging_carriercall (kind, external_id, payload, received_at, settled_at, attempts, last_error)
        VALUES ('inbound', 'x', '{{"MessageSid": "x"}}', '{now}', '{now}', 1, '')""",
    "carrier_call_settled": """INSERT INTO messaging_carriercall (kind, external_id, payload, received_at, next_try_at, attempts, last_error)
        VALUES ('inbound', 'x', '{{"MessageSid": "x"}}', '{ago}', '{ago}', 0, '')""",
    "line_parked_says_why": """INSERT INTO messaging_carriercall (kind, external_id, payload, received_at, parked_at, attempts, last_error)
        VALUES ('inbound', 'x', '{{"MessageSid": "x"}}', '{ago}', '{ago}', 8, '')""",
    "conversation_waits_since_a_text": """INSERT INTO messaging_conversation (store_id, customer_id, our_number, their_number, department,
        asked, asked_about, last_body, waiting_since, version)
        SELECT store_id, id, '+1', '+2', 'sales', 'none', '', '', '{now}', 0 FROM customers_customer ORDER BY id LIMIT 1""",
    "consent_has_words": """UPDATE messaging_consentevent SET words = ' '
        WHERE id = (SELECT min(id) FROM messaging_consentevent WHERE act = 'given')""",
    "slot_never_overbooked": """ALTER TABLE appointments_slot DROP CONSTRAINT slot_never_overbooked;
        UPDATE appointments_slot SET capacity = 0 WHERE id = (SELECT min(id) FROM appointments_slot WHERE n_booked > 0)""",
    "slot_counts_its_visits": """UPDATE appointments_slot SET n_booked = n_booked + 1
        WHERE id = (SELECT min(id) FROM appointments_slot WHERE n_booked < capacity)""",
    "visit_cancelled_holds_no_place": """UPDATE appointments_appointment SET state = 'cancelled', cancelled_at = '{now}'
        WHERE id = (SELECT min(id) FROM appointments_appointment WHERE slot_id IS NOT NULL)""",
    "visit_states_have_times": """UPDATE appointments_appointment SET cancelled_at = NULL WHERE state = 'cancelled'""",
    "visit_missed_in_time": """UPDATE appointments_appointment SET starts_at = '{ago}', created_at = '{ago}'
        WHERE id = (SELECT min(id) FROM appointments_appointment WHERE state = 'booked' AND department = 'sales')""",
    "contact_point_lives_once": """DROP INDEX contact_point_once; UPDATE customers_contactpoint p SET kind = o.kind, value = o.value
        FROM customers_contactpoint o WHERE o.id = (SELECT min(id) FROM customers_contactpoint WHERE is_living)
        AND p.id = (SELECT max(id) FROM customers_contactpoint WHERE is_living AND store_id = o.store_id)""",
    "merge_is_a_pointer": """UPDATE customers_customer SET merged_into_id = NULL
        WHERE id = (SELECT min(id) FROM customers_customer WHERE merged_into_id IS NOT NULL)""",
    "merge_never_circles": """UPDATE customers_customer c SET merged_into_id = c.id FROM customers_merge m WHERE m.loser_id = c.id;
        UPDATE customers_merge SET winner_id = loser_id""",
    "feed_file_books_balance": """UPDATE dms_feedfile SET n_applied = n_applied + 1
        WHERE id = (SELECT min(id) FROM dms_feedfile WHERE state = 'applied')""",
    "feed_refused_says_why": """UPDATE dms_stagedrecord SET why = '' WHERE state = 'parked'""",
    "feed_read": """UPDATE dms_feedfile SET state = 'received', received_at = '{ago}' WHERE id = (SELECT min(id) FROM dms_feedfile)""",
    "ro_states_are_legal": """UPDATE service_repairorder SET closed_at = NULL WHERE state = 'closed'""",
    "ro_is_the_newest_version": """UPDATE service_repairorder SET stamp = stamp - interval '1 day'
        WHERE id = (SELECT min(id) FROM service_repairorder)""",
    "declined_line_is_settled_once": """UPDATE service_declinedline SET settled_at = '{now}'
        WHERE id = (SELECT min(id) FROM service_declinedline WHERE state = 'open')""",
    "estimate_approved_at_a_price": """ALTER TABLE service_recommendation DROP CONSTRAINT approved_at_a_price;
        UPDATE service_recommendation SET state = 'approved' WHERE id = (SELECT min(id) FROM service_recommendation)""",
    "lead_ended_says_when": """UPDATE sales_lead SET closed_at = NULL WHERE state = 'lost'""",
    "lead_arrival_read": """UPDATE sales_leadarrival SET why = '' WHERE state = 'unreadable'""",
    "lead_arrival_became_leads": """DELETE FROM sales_leadarrival_leads""",
    "deal_stages_have_times": """UPDATE sales_deal SET delivered_at = NULL WHERE stage = 'delivered'""",
    "we_owe_settled_once": """UPDATE sales_weowe SET settled_at = '{now}' WHERE state = 'open'""",
    "stip_ends_once": """UPDATE fni_stipulation SET collected_at = '{now}', verified_by_id = NULL WHERE id = (SELECT min(id) FROM fni_stipulation)""",
    "part_ended_says_when": """UPDATE parts_partsrequest SET ended_at = '{now}'
        WHERE id = (SELECT min(id) FROM parts_partsrequest WHERE ended_at IS NULL)""",
    "campaign_person_queued_has_a_text": """UPDATE marketing_campaignperson SET state = 'queued'
        WHERE id = (SELECT min(id) FROM marketing_campaignperson WHERE message_id IS NULL)""",
    "survey_asked_says_when": """UPDATE marketing_survey SET asked_at = NULL, answered_at = NULL WHERE id = (
        SELECT min(id) FROM marketing_survey WHERE state IN ('asked', 'answered'))""",
    "hook_call_in_one_place": """UPDATE hooks_hookcall SET parked_at = '{now}' WHERE id = (
        SELECT min(id) FROM hooks_hookcall WHERE next_try_at IS NOT NULL)""",
    "hook_calls_are_made": """UPDATE hooks_hookcall SET next_try_at = '{ago}' WHERE id = (
        SELECT min(id) FROM hooks_hookcall WHERE next_try_at IS NOT NULL)""",
    "trail_unbroken": """ALTER TABLE audit_entry DISABLE TRIGGER audit_only_added;
        UPDATE audit_entry SET staff_id = 0 WHERE id = (SELECT min(id) FROM audit_entry)""",
    "trail_sealed": """INSERT INTO audit_entry (store_id, at, agent, action, kind, key, ref, part, details, session, address, request)
        SELECT store_id, '{ago}', '', action, kind, key, '', '', details, '', '', '' FROM audit_entry ORDER BY id LIMIT 1""",
}

_MOVE = "UPDATE {table} SET store_id = 0 WHERE id = (SELECT min(id) FROM {of})"


@pytest.fixture
def quiet(world: World) -> Iterator[World]:
    """The world at twenty past ten, with everything done that is due."""
    now = the_world.LOOKED_AT
    with clock.at(now):
        sweep.run(now)
        steps.take_due(now)
        dms_jobs.stage_waiting(now=now)
        for file in FeedFile.objects.across_stores("a test").filter(state=FeedFile.State.APPLIED):
            staging.recount(file)
        rollups.settle_all()
        chain.seal(now=now)
        yield world


def _broken(found: list[Verdict]) -> dict[str, list[dict[str, object]]]:
    return {one.name: one.rows for one in found if not one.holds}


def test_everything_holds_in_a_world_that_the_product_made(quiet: World) -> None:
    assert _broken(verify.verify()) == {}
    assert _broken(verify.verify(minute=True)) == {}


def test_each_invariant_is_broken_here_once() -> None:
    assert BREAKS.keys() == {one.name for one in verify.book()}


def test_each_turns_red_alone_when_it_is_broken(quiet: World) -> None:
    now = the_world.LOOKED_AT
    names = {"now": now.isoformat(), "ago": (now - _HOURS).isoformat()}
    seen = {}
    for name, break_it in BREAKS.items():
        with as_owner():
            with connection.cursor() as cursor:
                cursor.execute(break_it.format(**names))
            seen[name] = sorted(_broken(verify.judge(_that_look_at(break_it))))
            transaction.set_rollback(True)
    assert seen == {name: [name] for name in BREAKS}


def _that_look_at(statements: str) -> list[Invariant]:
    """Those that read a table which these statements write: the others see nothing of it."""
    written = set(re.findall(r"(?:UPDATE|INTO|DELETE FROM) (\w+)", statements))
    return [one for one in verify.book() if written & set(re.findall(r"\w+", one.query))]


def test_a_row_that_hangs_on_another_stores_row_is_found_by_its_key(quiet: World) -> None:
    tried, found = set(), set()
    for one in verify.one_store():
        with as_owner():
            with connection.cursor() as cursor:
                # As if nothing in the database stood against it.
                cursor.execute("SET LOCAL session_replication_role = replica")
                cursor.execute(_MOVE.format(of=one.of, table=one.of.split()[0]))
                if cursor.rowcount:
                    tried.add(one.name)
            found |= _broken(verify.judge([one])).keys()
            transaction.set_rollback(True)
    assert found == tried
    assert len(tried) > len(verify.one_store()) * 0.7


def test_what_other_parts_add_is_judged_too(quiet: World, settings: Any) -> None:
    settings.INVARIANT_CHECKS = [f"{__name__}._one_more"]
    assert _broken(verify.verify()) == {"one_more": [{"id": 7}]}


def _one_more() -> list[Verdict]:
    return [Verdict("one_more", "What another part judges.", 3, 1, [{"id": 7}])]


def test_the_command_says_what_is_broken_and_ends_with_one(quiet: World) -> None:
    out = StringIO()
    call_command("verify", stdout=out)
    assert "0 broken" in out.getvalue()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sales_lead SET closed_at = NULL WHERE state = 'lost'")
    with pytest.raises(CommandError, match="1 of"):
        call_command("verify", stdout=out)
    assert "BROKEN lead_ended_says_when" in out.getvalue()
    lines = StringIO()
    with pytest.raises(CommandError):
        call_command("verify", json=True, stdout=lines)
    rows = {row["name"]: row for row in map(json.loads, lines.getvalue().splitlines())}
    assert rows["lead_ended_says_when"]["violations"] == 2
    assert rows["promise_once"]["violations"] == 0 < rows["promise_once"]["checked"]


def test_on_a_copy_at_rest_what_waits_may_wait(quiet: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tasks_promise SET next_step_at = now() - interval '1 year' WHERE state = 'open'"
        )
    assert "promise_swept" in _broken(verify.verify())
    assert _broken(verify.verify(at_rest=True)) == {}


@pytest.mark.django_db(transaction=True)
def test_it_judges_as_of_one_moment_and_leaves_the_connection_as_it_was() -> None:
    with verify.one_moment(), connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        assert cursor.fetchone() == ("repeatable read",)
    assert _broken(verify.verify()) == {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        assert cursor.fetchone() == ("read committed",)
