-- Notes what a statement did to a watched table: one entry a record, however many of its rows were touched. upkeep.py makes
-- three of these (made, changed, removed); $name and $rows differ. Triggers are told the rule of their table (watched.py).
CREATE OR REPLACE FUNCTION $name() RETURNS trigger LANGUAGE plpgsql
-- The plan is kept from the first call, mostly of one row: a nested loop, which thousands of rows would have to walk squared.
SET enable_nestloop = off AS $audit$
DECLARE
    told jsonb := audit_told();
    rule jsonb := TG_ARGV[0]::jsonb;
    plain jsonb := rule -> 'plain';
    ignored jsonb := rule -> 'ignored';
    -- Left to the machine's own records, but for rows that name the person.
    only_by text := CASE WHEN (rule ->> 'by_hand')::boolean AND told ? 'machine' AND told ->> 'staff' IS NULL THEN rule ->> 'by' END;
BEGIN
    IF only_by = '' THEN
        RETURN NULL;
    END IF;
    INSERT INTO audit_entry (
        store_id, at, staff_id, agent, action, kind, key, ref, part, customer_id, details, ip, session, address, request
    )
    SELECT row.store_id, coalesce((told ->> 'at')::timestamptz, clock_timestamp()), row.staff_id, told ->> 'agent', row.action,
           rule ->> 'kind', row.key, row.ref, rule ->> 'part', row.customer_id,
           CASE WHEN count(*) > 20 THEN jsonb_build_object('n', count(*))
                ELSE jsonb_build_object('rows', jsonb_agg(row.said ORDER BY row.id)) END,
           (told ->> 'ip')::inet, coalesce(told ->> 'session', ''), coalesce(told ->> 'address', ''), coalesce(told ->> 'request', '')
    FROM (
        SELECT (it ->> (rule ->> 'store'))::bigint AS store_id,
               coalesce(told ->> 'staff', it ->> (rule ->> 'by'))::bigint AS staff_id,
               (it ->> (rule ->> 'key'))::bigint AS key,
               coalesce(left(it ->> (rule ->> 'ref'), 60), '') AS ref,
               (it ->> (rule ->> 'customer'))::bigint AS customer_id,
               coalesce((
                   SELECT turn.value ->> (said -> turn.key ->> 1) FROM jsonb_each(rule -> 'turns') turn
                   WHERE said ? turn.key AND turn.value ? (said -> turn.key ->> 1) LIMIT 1
               ), rule ->> 'action') AS action,
               said, (it ->> 'id')::bigint AS id
        -- OFFSET 0: what differs is found once a row, not again for each place that names it.
        FROM ($rows OFFSET 0) changes
        WHERE said IS NOT NULL
          AND (only_by IS NULL OR it ->> only_by IS NOT NULL)
          AND (rule ->> 'only' = '' OR it ->> (rule ->> 'only') IS NOT NULL)
    ) row
    GROUP BY row.store_id, row.staff_id, row.key, row.ref, row.customer_id, row.action
    ORDER BY row.store_id, row.key;
    RETURN NULL;
END $audit$;
