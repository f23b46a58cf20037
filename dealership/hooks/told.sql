-- What becomes true is noted for every hook that asked for its kind, in the transaction that makes it true. Run by upkeep.py after each
-- migrate; every statement may run again. Bulk writes and raw SQL are seen as well, and where no hook is there it costs one look.

-- An hour as all bodies say it.
CREATE OR REPLACE FUNCTION hooks_hour(at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

-- The first argument: of each kind that is told at all, the fields of its payload that are.
CREATE OR REPLACE FUNCTION hooks_told_facts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE named CONSTANT jsonb := TG_ARGV[0]::jsonb;
BEGIN
    INSERT INTO hooks_hookcall (store_id, hook_id, source, source_id, kind, subject, body, at, attempts, next_try_at, last_error)
    SELECT n.store_id, h.id, 'fact', n.id, n.kind, n.subject, jsonb_build_object(
            'version', 1, 'id', 'fact-' || n.id, 'kind', n.kind, 'at', hooks_hour(n.at), 'store', s.slug, 'subject', n.subject,
            'about', n.about, 'customer', n.customer_id, 'vehicle', n.vehicle_id, 'by', n.by,
            'more', coalesce((SELECT jsonb_object_agg(f, n.payload -> f) FROM jsonb_array_elements_text(named -> n.kind) f), '{}')
        ), n.at, 0, least(n.at, now()), ''
    FROM new_rows n
        JOIN hooks_hook h ON h.store_id = n.store_id AND h.is_on AND n.kind = ANY (h.kinds)
        JOIN stores_store s ON s.id = n.store_id
    WHERE named ? n.kind AND NOT coalesce((n.payload ->> 'backfill')::boolean, false)
    ORDER BY n.id
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

-- The first argument: what each act is called outside. What else may have changed with it is said as it stands then.
CREATE OR REPLACE FUNCTION hooks_told_acts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE named CONSTANT jsonb := TG_ARGV[0]::jsonb;
BEGIN
    INSERT INTO hooks_hookcall (store_id, hook_id, source, source_id, kind, subject, body, at, attempts, next_try_at, last_error)
    SELECT n.store_id, h.id, 'promise', n.id, k.kind, p.subject, jsonb_build_object(
            'version', 1, 'id', 'promise-' || n.id, 'kind', k.kind, 'at', hooks_hour(n.at), 'store', s.slug, 'subject', p.subject,
            'about', p.about, 'customer', p.customer_id, 'vehicle', p.vehicle_id, 'by', n.by_id,
            'more', jsonb_build_object(
                'promise_id', p.id, 'rule', p.rule, 'department', p.department, 'state', p.state, 'owner_id', p.owner_id,
                'owner_before_id', n.owner_before_id, 'due_at', hooks_hour(p.due_at),
                'original_due_at', hooks_hour(p.original_due_at), 'broken_at', hooks_hour(p.broken_at),
                'closed_at', hooks_hour(p.closed_at)
            )
        ), n.at, 0, least(n.at, now()), ''
    FROM new_rows n
        JOIN hooks_hook h ON h.store_id = n.store_id AND h.is_on
        JOIN tasks_promise p ON p.id = n.promise_id
        JOIN stores_store s ON s.id = n.store_id
        CROSS JOIN LATERAL (SELECT CASE
            WHEN named ? n.act THEN named ->> n.act
            WHEN n.owner_before_id <> coalesce(n.owner_after_id, p.owner_id) THEN TG_ARGV[1]
        END AS kind) k
    WHERE k.kind = ANY (h.kinds)
    ORDER BY n.id
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
