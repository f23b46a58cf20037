-- What must be true of the whole database, in every store, at every moment. Read by dealership/verify.py, run by `manage.py verify`.
--
-- Each block: its name, a sentence, what is looked at (`of`: the FROM clause that is counted), when it holds, and a query that
-- returns the rows that break it. `when` is one or more of
--   always   true in any copy of the database, also in one restored from last night
--   alive    true while workers run: work that is due is done. Left out with --at-rest
--   minute   cheap enough for every minute
-- Parameters: now, the database's clock; speed, how many times as fast as a real clock it runs (1 but while a demo's day is played).
-- What machines owe one another is given in machine time: `interval '2 minutes' * speed`.

-- name: promise_owner_works_here
-- Every open promise is owed by somebody who works at its store now.
-- of: tasks_promise WHERE state = 'open'
-- when: always minute
SELECT p.id, p.store_id, p.owner_id
FROM tasks_promise p LEFT JOIN staff_staffmember s ON s.id = p.owner_id AND s.store_id = p.store_id
WHERE p.state = 'open' AND s.is_active IS NOT TRUE;

-- name: promise_once
-- The same thing is owed once at a time.
-- of: tasks_promise
-- when: always
SELECT store_id, rule, subject, about, epoch, count(*) AS n
FROM tasks_promise GROUP BY store_id, rule, subject, about, epoch HAVING count(*) > 1;

-- name: promise_closed_has_time
-- An open promise has no time of ending, an ended one has.
-- of: tasks_promise
-- when: always
SELECT id, state, closed_at FROM tasks_promise WHERE (state = 'open') <> (closed_at IS NULL);

-- name: promise_closed_has_proof
-- What is kept or waived names the fact or the person that ended it.
-- of: tasks_promise WHERE state IN ('kept', 'waived')
-- when: always
SELECT id, state FROM tasks_promise WHERE state IN ('kept', 'waived') AND closed_by_event_id IS NULL AND closed_by_id IS NULL;

-- name: promise_broken_at_its_hour
-- A broken promise bears the hour that was promised, not the moment at which it was noticed.
-- of: tasks_promise WHERE broken_at IS NOT NULL
-- when: always
SELECT id, due_at, broken_at FROM tasks_promise WHERE broken_at IS NOT NULL AND broken_at <> due_at;

-- name: promise_kept_or_broken
-- Kept or waived by its hour it is not broken; after its hour it is.
-- of: tasks_promise WHERE state IN ('kept', 'waived')
-- when: always
SELECT id, due_at, closed_at, broken_at FROM tasks_promise
WHERE state IN ('kept', 'waived') AND (closed_at > due_at) <> (broken_at IS NOT NULL);

-- name: promise_broken_on_time
-- An open promise whose hour passed more than a minute ago is marked broken, unless it is parked for a person.
-- of: tasks_promise WHERE state = 'open'
-- when: alive minute
SELECT id, store_id, due_at FROM tasks_promise
WHERE state = 'open' AND broken_at IS NULL AND parked_at IS NULL AND due_at < %(now)s - interval '1 minute' * %(patience)s;

-- name: promise_swept
-- No step of an open promise waits for more than a minute, unless it is parked for a person.
-- of: tasks_promise WHERE state = 'open' AND next_step_at IS NOT NULL
-- when: alive minute
SELECT id, store_id, next_step_at FROM tasks_promise
WHERE state = 'open' AND parked_at IS NULL AND next_step_at < %(now)s - interval '1 minute' * %(patience)s;

-- name: promise_ended_has_no_next_step
-- Nothing more is to be done about a promise that ended.
-- of: tasks_promise WHERE state <> 'open'
-- when: always
SELECT id, state, next_step_at FROM tasks_promise WHERE state <> 'open' AND next_step_at IS NOT NULL;

-- name: promise_parked_says_why
-- A promise that the sweep set aside says why.
-- of: tasks_promise WHERE parked_at IS NOT NULL
-- when: always minute
SELECT id, store_id FROM tasks_promise WHERE parked_at IS NOT NULL AND sweep_error = '';

-- name: promise_story_begins
-- The story of a promise begins with its being promised, once.
-- of: tasks_promise
-- when: always
SELECT p.id, count(t.id) AS n
FROM tasks_promise p LEFT JOIN tasks_transition t ON t.promise_id = p.id AND t.act = 'opened'
GROUP BY p.id HAVING count(t.id) <> 1;

-- name: promise_story_ends
-- The last ending in the story of a promise is the state that it has.
-- of: tasks_promise
-- when: always
SELECT p.id, p.state, last.act
FROM tasks_promise p LEFT JOIN (
    SELECT DISTINCT ON (promise_id) promise_id, act FROM tasks_transition
    WHERE act IN ('kept', 'recovered', 'waived', 'voided', 'reopened') ORDER BY promise_id, id DESC
) last ON last.promise_id = p.id
WHERE CASE p.state
    WHEN 'open' THEN coalesce(last.act, 'reopened') <> 'reopened'
    WHEN 'kept' THEN coalesce(last.act, '') NOT IN ('kept', 'recovered')
    WHEN 'waived' THEN coalesce(last.act, '') <> 'waived'
    ELSE coalesce(last.act, '') <> 'voided' END;

-- name: promise_quiet_once_ended
-- Nobody is warned, and nothing is broken, offered or climbs, once a promise has ended.
-- of: tasks_promise WHERE state <> 'open'
-- when: always
SELECT p.id, p.state, t.act, t.at
FROM tasks_promise p JOIN tasks_transition t ON t.promise_id = p.id AND t.act IN ('warned', 'broken', 'climbed', 'reminded', 'offered')
WHERE p.state <> 'open' AND t.id > (
    SELECT max(e.id) FROM tasks_transition e
    WHERE e.promise_id = p.id AND e.act IN ('kept', 'recovered', 'waived', 'voided'));

-- name: step_of_an_open_promise
-- A step that waits belongs to a promise that is owed.
-- of: tasks_task WHERE state = 'waiting'
-- when: always
SELECT t.id, t.promise_id, p.state
FROM tasks_task t JOIN tasks_promise p ON p.id = t.promise_id WHERE t.state = 'waiting' AND p.state <> 'open';

-- name: step_taken
-- No automatic text of a plan waits for more than ten minutes after its time.
-- of: tasks_task WHERE state = 'waiting' AND kind = 'text'
-- when: alive
SELECT id, store_id, run_at FROM tasks_task
WHERE state = 'waiting' AND kind = 'text' AND parked_at IS NULL
    AND greatest(run_at, next_try_at) < %(now)s - interval '10 minutes' * %(patience)s;

-- name: days_are_counted_right
-- What the seams show of a day is what its promises say, unless the day is marked to be counted again.
-- of: tasks_promiseday
-- when: always
WITH counted AS (
    SELECT store_id, day, sum(on_time) AS on_time, sum(moved) AS moved, sum(recovered) AS recovered, sum(late) AS late,
        sum(waived_late) AS waived_late, sum(waived) AS waived, sum(open) AS open
    FROM tasks_promiseday GROUP BY store_id, day
), fates AS (
    SELECT p.store_id, (p.original_due_at AT TIME ZONE s.zone)::date AS day, CASE
        WHEN p.state = 'kept' AND p.broken_at IS NOT NULL THEN 'recovered'
        WHEN p.state = 'kept' AND p.closed_at > p.original_due_at THEN 'moved'
        WHEN p.state = 'kept' THEN 'on_time'
        WHEN p.state = 'waived' THEN CASE WHEN p.broken_at IS NOT NULL THEN 'waived_late' ELSE 'waived' END
        WHEN p.broken_at IS NOT NULL THEN 'late' ELSE 'open' END AS fate
    FROM tasks_promise p JOIN stores_store s ON s.id = p.store_id WHERE p.state <> 'void'
), again AS (
    SELECT store_id, day, count(*) FILTER (WHERE fate = 'on_time') AS on_time, count(*) FILTER (WHERE fate = 'moved') AS moved,
        count(*) FILTER (WHERE fate = 'recovered') AS recovered, count(*) FILTER (WHERE fate = 'late') AS late,
        count(*) FILTER (WHERE fate = 'waived_late') AS waived_late, count(*) FILTER (WHERE fate = 'waived') AS waived,
        count(*) FILTER (WHERE fate = 'open') AS open
    FROM fates GROUP BY store_id, day
)
SELECT store_id, day, counted.*, again.*
FROM counted FULL JOIN again USING (store_id, day)
WHERE (counted.on_time, counted.moved, counted.recovered, counted.late, counted.waived_late, counted.waived, counted.open)
    IS DISTINCT FROM (again.on_time, again.moved, again.recovered, again.late, again.waived_late, again.waived, again.open)
AND NOT EXISTS (SELECT 1 FROM tasks_staleday d WHERE d.store_id = coalesce(counted.store_id, again.store_id)
    AND d.day = coalesce(counted.day, again.day));

-- name: fact_applied
-- No fact waits to be applied for more than five minutes after its turn.
-- of: events_eventrecord WHERE applied_at IS NULL
-- when: alive minute
SELECT id, store_id, kind, subject FROM events_eventrecord
WHERE applied_at IS NULL AND parked_at IS NULL AND coalesce(next_try_at, told_at) < %(now)s - interval '5 minutes' * %(patience)s;

-- name: fact_unapplied_says_why
-- A fact that could not be applied says why.
-- of: events_eventrecord WHERE applied_at IS NULL
-- when: always minute
SELECT id, store_id, kind, subject FROM events_eventrecord WHERE applied_at IS NULL AND attempts > 0 AND last_error = '';

-- name: fact_names_its_own_store
-- The customer, the car and the person that a fact names belong to its store.
-- of: events_eventrecord
-- when: always
SELECT e.id, e.store_id, e.kind
FROM events_eventrecord e
LEFT JOIN customers_customer c ON c.id = e.customer_id
LEFT JOIN vehicles_vehicle v ON v.id = e.vehicle_id
LEFT JOIN staff_staffmember s ON s.id = e.by
WHERE c.store_id <> e.store_id OR v.store_id <> e.store_id OR s.store_id <> e.store_id;

-- name: text_once
-- Each text has one row under its name of ours, and the carrier's id names one text.
-- of: messaging_message
-- when: always
SELECT 'uuid' AS what, uuid::text AS value, count(*) AS n FROM messaging_message GROUP BY uuid HAVING count(*) > 1
UNION ALL
SELECT 'carrier_sid', carrier_sid, count(*) FROM messaging_message WHERE carrier_sid <> '' GROUP BY carrier_sid HAVING count(*) > 1
UNION ALL
SELECT 'dedupe_key', store_id || ' ' || dedupe_key, count(*) FROM messaging_message GROUP BY store_id, dedupe_key HAVING count(*) > 1;

-- name: text_accepted_once
-- The carrier's side (the phone simulator's) has taken each text once.
-- of: messaging_simulatedtext WHERE NOT is_from_customer AND status_callback <> ''
-- when: always
SELECT status_callback, count(*) AS n FROM messaging_simulatedtext
WHERE NOT is_from_customer AND status_callback <> '' GROUP BY status_callback HAVING count(*) > 1;

-- name: text_taken_has_the_carriers_id
-- What the carrier took has its id.
-- of: messaging_message WHERE NOT is_inbound AND state IN ('accepted', 'sent', 'delivered', 'undelivered')
-- when: always
SELECT id, store_id, state FROM messaging_message
WHERE NOT is_inbound AND state IN ('accepted', 'sent', 'delivered', 'undelivered') AND carrier_sid = '';

-- name: text_called_before_taken
-- What the carrier took was handed to it: the call was written down before it was made.
-- of: messaging_message WHERE NOT is_inbound AND state IN ('accepted', 'sent', 'delivered', 'undelivered', 'unknown')
-- when: always
SELECT id, store_id, state FROM messaging_message
WHERE NOT is_inbound AND state IN ('accepted', 'sent', 'delivered', 'undelivered', 'unknown') AND called_at IS NULL;

-- name: text_not_after_stop
-- No text was taken by the carrier more than a second after its number took consent back, until it gave it again.
-- of: messaging_message WHERE NOT is_inbound AND carrier_sid <> ''
-- when: always
SELECT m.id, m.store_id, m.called_at, r.at AS stopped_at
FROM messaging_message m
JOIN messaging_conversation c ON c.id = m.conversation_id
JOIN messaging_consentevent r ON r.store_id = m.store_id AND r.number = c.their_number AND r.act = 'revoked'
    AND r.purpose IN ('', m.purpose) AND r.at + interval '1 second' < m.called_at
WHERE NOT m.is_inbound AND m.carrier_sid <> '' AND NOT EXISTS (
    SELECT 1 FROM messaging_consentevent g
    WHERE g.store_id = r.store_id AND g.number = r.number AND g.act = 'given' AND g.at > r.at AND g.at <= m.called_at
        AND (g.how = 'text' OR (r.purpose <> '' AND g.how = 'signed form' AND g.purpose IN ('', r.purpose))));

-- name: text_waits_for_nobody_who_stopped
-- No text that waited in the queue when its number took consent back is still there. (What was written later is looked at when it is claimed.)
-- of: messaging_message WHERE NOT is_inbound AND (state = 'queued' OR (state = 'sending' AND called_at IS NULL))
-- when: always minute
SELECT m.id, m.store_id, m.state, r.at AS stopped_at
FROM messaging_message m
JOIN messaging_conversation c ON c.id = m.conversation_id
JOIN messaging_consentevent r ON r.store_id = m.store_id AND r.number = c.their_number AND r.act = 'revoked' AND r.purpose = ''
WHERE NOT m.is_inbound AND (m.state = 'queued' OR (m.state = 'sending' AND m.called_at IS NULL))
    AND m.created_at < r.at AND r.at + interval '1 second' < %(now)s AND NOT EXISTS (
    SELECT 1 FROM messaging_consentevent g
    WHERE g.store_id = r.store_id AND g.number = r.number AND g.act = 'given' AND g.how = 'text' AND g.at > r.at);

-- name: text_marketing_has_written_consent
-- No offer was handed to the carrier without consent in writing that stood by then.
-- of: messaging_message WHERE NOT is_inbound AND purpose = 'marketing' AND called_at IS NOT NULL
-- when: always
SELECT m.id, m.store_id, m.called_at
FROM messaging_message m JOIN messaging_conversation c ON c.id = m.conversation_id
WHERE NOT m.is_inbound AND m.purpose = 'marketing' AND m.called_at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM messaging_consentevent g
    WHERE g.store_id = m.store_id AND g.number = c.their_number AND g.act = 'given' AND g.purpose = 'marketing'
        AND g.how = 'signed form' AND g.at <= m.called_at);

-- name: text_claims_are_alive
-- No text is leaving for longer than a worker may hold it: two minutes, and a round of the reconciler.
-- of: messaging_message WHERE state = 'sending'
-- when: alive minute
SELECT id, store_id, claimed_at FROM messaging_message
WHERE state = 'sending' AND claimed_at < %(now)s - interval '4 minutes' * %(patience)s;

-- name: text_doubt_ends
-- No text is in doubt for more than forty-five minutes.
-- of: messaging_message WHERE state = 'unknown'
-- when: alive minute
SELECT id, store_id, called_at FROM messaging_message
WHERE state = 'unknown' AND called_at < %(now)s - interval '45 minutes' * %(patience)s;

-- name: text_queued_has_a_time
-- What waits to leave says from when on.
-- of: messaging_message WHERE state = 'queued'
-- when: always minute
SELECT id, store_id FROM messaging_message WHERE state = 'queued' AND send_after IS NULL;

-- name: text_leaves
-- No text waits for more than an hour after its time.
-- of: messaging_message WHERE state = 'queued'
-- when: alive minute
SELECT id, store_id, send_after FROM messaging_message
WHERE state = 'queued' AND send_after < %(now)s - interval '1 hour' * %(patience)s;

-- name: text_not_sent_says_why
-- A text that did not leave or did not arrive says why.
-- of: messaging_message WHERE state IN ('suppressed', 'failed', 'undelivered')
-- when: always
SELECT id, store_id, state FROM messaging_message
WHERE state IN ('suppressed', 'failed', 'undelivered') AND reasons = '[]'::jsonb;

-- name: text_status_goes_forward
-- What the carrier said last and finally of a text stands: no status goes backwards.
-- of: messaging_carriercall WHERE kind = 'status' AND settled_at IS NOT NULL
-- when: always
SELECT m.id, m.store_id, m.state, k.payload ->> 'MessageStatus' AS told
FROM messaging_carriercall k
JOIN messaging_message m ON m.carrier_sid = k.payload ->> 'MessageSid' AND m.carrier_sid <> '' AND NOT m.is_inbound
WHERE k.kind = 'status' AND k.settled_at IS NOT NULL AND m.uuid::text = k.payload ->> 'uuid' AND (
    (k.payload ->> 'MessageStatus' IN ('delivered', 'undelivered', 'failed') AND m.state NOT IN ('delivered', 'undelivered', 'failed'))
    OR (k.payload ->> 'MessageStatus' = 'sent' AND m.state NOT IN ('sent', 'delivered', 'undelivered', 'failed')));

-- name: text_received_is_delivered
-- A text has a time of arrival if and only if it arrived.
-- of: messaging_message
-- when: always
SELECT id, store_id, state, received_at FROM messaging_message
WHERE (received_at IS NOT NULL) <> (state IN ('delivered', 'received'));

-- name: text_promise_is_of_its_store
-- A text that is a step of a promise belongs to the promise's store.
-- of: messaging_message WHERE promise_ref IS NOT NULL
-- when: always
SELECT m.id, m.store_id, m.promise_ref
FROM messaging_message m LEFT JOIN tasks_promise p ON p.id = m.promise_ref
WHERE m.promise_ref IS NOT NULL AND p.store_id IS DISTINCT FROM m.store_id;

-- name: carrier_call_has_its_effect
-- A text that came in and was settled is in its conversation.
-- of: messaging_carriercall WHERE kind = 'inbound' AND settled_at IS NOT NULL
-- when: always
SELECT k.id, k.external_id FROM messaging_carriercall k
WHERE k.kind = 'inbound' AND k.settled_at IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM messaging_message m WHERE m.is_inbound AND m.carrier_sid = k.payload ->> 'MessageSid');

-- name: carrier_call_settled
-- What we answered the carrier with 200 is settled, or waits for its turn, or is parked with its error.
-- of: messaging_carriercall
-- when: alive minute
SELECT id, kind, external_id, attempts FROM messaging_carriercall
WHERE settled_at IS NULL AND parked_at IS NULL AND coalesce(next_try_at, received_at) < %(now)s - interval '5 minutes' * %(patience)s;

-- name: line_parked_says_why
-- What a worker has set aside says why, and is not tried by itself any more.
-- of: events_eventrecord WHERE parked_at IS NOT NULL
-- when: always minute
SELECT 'fact' AS what, id FROM events_eventrecord WHERE parked_at IS NOT NULL AND (last_error = '' OR next_try_at IS NOT NULL)
UNION ALL
SELECT 'step', id FROM tasks_task WHERE parked_at IS NOT NULL AND (last_error = '' OR next_try_at IS NOT NULL)
UNION ALL
SELECT 'photo', id FROM messaging_photo WHERE parked_at IS NOT NULL AND (last_error = '' OR next_try_at IS NOT NULL)
UNION ALL
SELECT 'carrier call', id FROM messaging_carriercall WHERE parked_at IS NOT NULL AND (last_error = '' OR next_try_at IS NOT NULL);

-- name: conversation_waits_since_a_text
-- A conversation that waits for an answer waits since a text of the customer.
-- of: messaging_conversation WHERE waiting_since IS NOT NULL
-- when: always
SELECT c.id, c.store_id, c.waiting_since FROM messaging_conversation c
WHERE c.waiting_since IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM messaging_message m WHERE m.conversation_id = c.id AND m.is_inbound);

-- name: consent_has_words
-- Consent that was given stands on words.
-- of: messaging_consentevent WHERE act = 'given'
-- when: always
SELECT id, store_id, number FROM messaging_consentevent WHERE act = 'given' AND words !~ '\S';

-- name: slot_never_overbooked
-- No slot holds more than its capacity.
-- of: appointments_slot
-- when: always minute
SELECT id, store_id, n_booked, capacity FROM appointments_slot WHERE n_booked > capacity;

-- name: slot_counts_its_visits
-- What a slot counts is the visits that hold its places.
-- of: appointments_slot
-- when: always
SELECT s.id, s.store_id, s.n_booked, s.n_over, count(a.id) FILTER (WHERE NOT a.is_overbooked) AS holds,
    count(a.id) FILTER (WHERE a.is_overbooked) AS holds_over
FROM appointments_slot s LEFT JOIN appointments_appointment a ON a.slot_id = s.id
GROUP BY s.id
HAVING s.n_booked <> count(a.id) FILTER (WHERE NOT a.is_overbooked) OR s.n_over <> count(a.id) FILTER (WHERE a.is_overbooked);

-- name: visit_cancelled_holds_no_place
-- A cancelled visit has given its place back.
-- of: appointments_appointment WHERE state = 'cancelled'
-- when: always
SELECT id, store_id, slot_id FROM appointments_appointment WHERE state = 'cancelled' AND slot_id IS NOT NULL;

-- name: visit_states_have_times
-- A visit that was confirmed, met, missed or cancelled says when.
-- of: appointments_appointment
-- when: always
SELECT id, store_id, state FROM appointments_appointment
WHERE (state = 'confirmed' AND confirmed_at IS NULL) OR (state = 'arrived' AND arrived_at IS NULL)
    OR (state = 'missed' AND missed_at IS NULL) OR (state = 'cancelled' AND cancelled_at IS NULL);

-- name: visit_missed_in_time
-- A visit to which nobody came is declared missed within five minutes after its hour of grace, where no feed might know better.
-- of: appointments_appointment WHERE state IN ('booked', 'confirmed')
-- when: alive minute
SELECT id, store_id, starts_at FROM appointments_appointment a
WHERE state IN ('booked', 'confirmed')
    AND NOT (department = 'service' AND EXISTS (SELECT 1 FROM dms_feed f WHERE f.store_id = a.store_id AND f.kind IN ('SV', 'SV_APPT')))
    AND greatest(starts_at + interval '1 hour', created_at) < %(now)s - interval '5 minutes' * %(patience)s;

-- name: contact_point_lives_once
-- A phone or an e-mail belongs to one customer of a store.
-- of: customers_contactpoint WHERE is_living
-- when: always
SELECT store_id, kind, value, count(*) AS n FROM customers_contactpoint
WHERE is_living GROUP BY store_id, kind, value HAVING count(*) > 1;

-- name: merge_is_a_pointer
-- Whoever was merged away points at the winner of a merge that stands, and nobody else points anywhere.
-- of: customers_customer
-- when: always
SELECT c.id, c.store_id, c.merged_into_id
FROM customers_customer c LEFT JOIN customers_merge m ON m.loser_id = c.id AND m.undone_at IS NULL
WHERE c.merged_into_id IS DISTINCT FROM m.winner_id;

-- name: merge_never_circles
-- Following merges one always comes to somebody who lives.
-- of: customers_customer WHERE merged_into_id IS NOT NULL
-- when: always
WITH RECURSIVE way AS (
    SELECT id AS began, merged_into_id AS at, 1 AS n FROM customers_customer WHERE merged_into_id IS NOT NULL
    UNION ALL
    SELECT way.began, c.merged_into_id, way.n + 1 FROM way JOIN customers_customer c ON c.id = way.at
    WHERE c.merged_into_id IS NOT NULL AND way.n < 50
)
SELECT DISTINCT began AS id FROM way WHERE n = 50 OR at = began;

-- name: feed_file_books_balance
-- A file whose books are closed counts its records right, and none of them waits.
-- of: dms_feedfile WHERE state = 'applied'
-- when: always
SELECT f.id, f.store_id, f.n_applied, f.n_same, f.n_older, f.n_parked
FROM dms_feedfile f LEFT JOIN dms_stagedrecord r ON r.file_id = f.id
WHERE f.state = 'applied' GROUP BY f.id
HAVING (f.n_applied, f.n_same, f.n_older, f.n_parked) IS DISTINCT FROM (
    count(r.id) FILTER (WHERE r.state = 'applied'), count(r.id) FILTER (WHERE r.state = 'same'),
    count(r.id) FILTER (WHERE r.state = 'older'), count(r.id) FILTER (WHERE r.state = 'parked'))
    OR count(r.id) FILTER (WHERE r.state = 'staged') > 0;

-- name: feed_refused_says_why
-- A file that was refused says why, and so does a record that is parked.
-- of: dms_stagedrecord WHERE state = 'parked'
-- when: always
SELECT 'file' AS what, id, store_id FROM dms_feedfile WHERE state = 'refused' AND why = ''
UNION ALL
SELECT 'record', id, store_id FROM dms_stagedrecord WHERE state = 'parked' AND why = '';

-- name: feed_read
-- No file waits for more than ten minutes to be read, and none of its records to be applied.
-- of: dms_feedfile WHERE state IN ('received', 'staged')
-- when: alive
SELECT id, store_id, name, state FROM dms_feedfile
WHERE state IN ('received', 'staged') AND received_at < %(now)s - interval '10 minutes' * %(patience)s;

-- name: ro_states_are_legal
-- An open RO has no closing time, a closed one has.
-- of: service_repairorder
-- when: always
SELECT id, store_id, ro_number, state, closed_at FROM service_repairorder
WHERE (state = 'open' AND closed_at IS NOT NULL) OR (state = 'closed' AND closed_at IS NULL);

-- name: ro_is_the_newest_version
-- An RO shows the newest version that the DMS has sent and that was applied.
-- of: service_repairorder
-- when: always
SELECT o.id, o.store_id, o.ro_number, o.stamp FROM service_repairorder o
WHERE EXISTS (SELECT 1 FROM dms_stagedrecord r WHERE r.store_id = o.store_id AND r.kind = 'SV' AND r.key = o.ro_number
    AND r.state = 'applied' AND r.stamp > o.stamp);

-- name: declined_line_is_settled_once
-- Declined work that was booked, bought or closed says when; what is open does not.
-- of: service_declinedline
-- when: always
SELECT id, store_id, state FROM service_declinedline WHERE (state = 'open') <> (settled_at IS NULL);

-- name: estimate_approved_at_a_price
-- Work that was approved was approved at a price.
-- of: service_recommendation WHERE state = 'approved'
-- when: always
SELECT id, store_id FROM service_recommendation WHERE state = 'approved' AND decided_cents IS NULL;

-- name: lead_ended_says_when
-- A lead that ended says when; one that has not does not.
-- of: sales_lead
-- when: always
SELECT id, store_id, state FROM sales_lead WHERE (state IN ('sold', 'lost', 'junk')) <> (closed_at IS NOT NULL);

-- name: lead_arrival_read
-- What was posted as a lead is read within ten minutes, or shown to a person with the reason.
-- of: sales_leadarrival
-- when: alive
SELECT id, store_id, state FROM sales_leadarrival
WHERE (state = 'new' AND received_at < %(now)s - interval '10 minutes' * %(patience)s) OR (state = 'unreadable' AND why = '');

-- name: lead_arrival_became_leads
-- What was read as a lead has become one.
-- of: sales_leadarrival WHERE state = 'read'
-- when: always
SELECT a.id, a.store_id FROM sales_leadarrival a
WHERE a.state = 'read' AND NOT EXISTS (SELECT 1 FROM sales_leadarrival_leads l WHERE l.leadarrival_id = a.id);

-- name: deal_stages_have_times
-- A deal that was contracted, delivered or ended says when.
-- of: sales_deal
-- when: always
SELECT id, store_id, deal_number, stage FROM sales_deal
WHERE (stage = 'delivered' AND delivered_at IS NULL) OR ((stage IN ('lost', 'unwound')) <> (ended_at IS NOT NULL));

-- name: we_owe_settled_once
-- What was promised with a sale is owed, or was delivered or dropped at a time.
-- of: sales_weowe
-- when: always
SELECT id, store_id, state FROM sales_weowe WHERE (state = 'open') <> (settled_at IS NULL);

-- name: stip_ends_once
-- A paper that a lender wants is collected or dropped, not both; what is collected was seen by somebody.
-- of: fni_stipulation
-- when: always
SELECT id, store_id, what FROM fni_stipulation
WHERE (collected_at IS NOT NULL AND dropped_at IS NOT NULL) OR (collected_at IS NOT NULL AND verified_by_id IS NULL);

-- name: part_ended_says_when
-- A part that nobody waits for any more says since when; no more came than was ordered.
-- of: parts_partsrequest
-- when: always
SELECT r.id, r.store_id, r.state
FROM parts_partsrequest r LEFT JOIN parts_specialorderpart s ON s.request_id = r.id
WHERE (r.state IN ('installed', 'returned', 'cancelled')) <> (r.ended_at IS NOT NULL) OR s.n_received > s.n_ordered;

-- name: campaign_person_queued_has_a_text
-- Whoever a campaign has handed to the outbox has a text, to them.
-- of: marketing_campaignperson WHERE state = 'queued'
-- when: always
SELECT p.id, p.store_id
FROM marketing_campaignperson p LEFT JOIN messaging_message m ON m.id = p.message_id
WHERE p.state = 'queued' AND (m.id IS NULL OR m.customer_id <> p.customer_id AND NOT EXISTS (
    SELECT 1 FROM customers_customer c WHERE c.id = p.customer_id AND c.merged_into_id IS NOT NULL));

-- name: survey_asked_says_when
-- A survey that was asked or answered says when, and one that is held back says why.
-- of: marketing_survey
-- when: always
SELECT id, store_id, state FROM marketing_survey
WHERE (state = 'asked' AND asked_at IS NULL) OR (state = 'answered' AND answered_at IS NULL)
    OR (state IN ('held', 'dropped') AND state_why = '');

-- name: hook_call_in_one_place
-- A call to another system was taken, or is parked, or waits for its turn: one of these. What was taken was answered with 2xx.
-- of: hooks_hookcall
-- when: always
SELECT id, store_id, kind FROM hooks_hookcall
WHERE (answered_at IS NOT NULL)::int + (parked_at IS NOT NULL)::int + (next_try_at IS NOT NULL)::int <> 1
    OR (answered_at IS NOT NULL AND status NOT BETWEEN 200 AND 299);

-- name: hook_calls_are_made
-- What another system is to be told is tried within half an hour of its turn: a burst takes a while.
-- of: hooks_hookcall
-- when: alive
SELECT c.id, c.store_id, c.next_try_at FROM hooks_hookcall c JOIN hooks_hook h ON h.id = c.hook_id
WHERE h.is_on AND h.failing_since IS NULL AND c.answered_at IS NULL AND c.parked_at IS NULL
    AND c.next_try_at < %(now)s - interval '30 minutes' * %(patience)s
    AND NOT EXISTS (SELECT 1 FROM hooks_hookcall b WHERE b.hook_id = c.hook_id AND b.subject = c.subject AND b.id < c.id
        AND b.answered_at IS NULL AND b.parked_at IS NULL);

-- name: trail_unbroken
-- Nothing of the trail was changed, taken out or slipped in since it was sealed.
-- of: audit_entry
-- when: always
SELECT store_id, seal, entry, trouble FROM audit_broken() /* reads audit_entry, audit_seal and audit_unsealed */;

-- name: trail_sealed
-- What was done is sealed within five minutes.
-- of: audit_unsealed
-- when: alive minute
SELECT u.id, u.store_id, e.at FROM audit_unsealed u JOIN audit_entry e ON e.id = u.id
WHERE e.at < %(now)s - interval '5 minutes' * %(patience)s;
