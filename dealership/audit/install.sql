-- What the audit needs of the database itself. Run by upkeep.py after each migrate; every statement may run again.

-- Nothing that was written is changed: not by the product, and not by the owner of the tables.
CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is only added to: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE OR REPLACE TRIGGER audit_only_added BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE OR REPLACE TRIGGER audit_not_emptied BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE OR REPLACE TRIGGER audit_only_added BEFORE UPDATE OR DELETE ON audit_seal
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE OR REPLACE TRIGGER audit_not_emptied BEFORE TRUNCATE ON audit_seal
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();

-- What has been written waits for its seal.
CREATE OR REPLACE FUNCTION audit_wait() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_unsealed (id, store_id) SELECT id, store_id FROM new_rows;
    -- Whether this request has left anything yet (entries.note_done); undone with the transaction, as the entries are.
    PERFORM set_config('kept.noted', max(request), false) FROM new_rows HAVING count(*) > 0;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER audit_waits AFTER INSERT ON audit_entry
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION audit_wait();

-- An entry as the bytes that are hashed: these columns, in this order, for ever. A later column needs a later function.
CREATE OR REPLACE FUNCTION audit_said(e audit_entry) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_array(
        e.id, e.store_id, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), e.staff_id, e.agent, e.action, e.kind,
        e.key, e.ref, e.part, e.customer_id, e.details, host(e.ip), e.session, e.address, e.request, e.hour
    )::text
$$;
CREATE OR REPLACE FUNCTION audit_hash(previous text, number bigint, said text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(sha256(convert_to(previous || E'\n' || number || E'\n' || said, 'UTF8')), 'hex')
$$;

-- Seals what waits, at most so many entries; one sealer at a time. Returns how many entries were sealed.
CREATE OR REPLACE FUNCTION audit_seal_waiting(sealed_at timestamptz, at_most integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    n bigint;
BEGIN
    WITH taken AS (
        DELETE FROM audit_unsealed WHERE id IN (SELECT id FROM audit_unsealed ORDER BY id LIMIT at_most) RETURNING id
    ), gathered AS (
        SELECT e.store_id, array_agg(e.id ORDER BY e.id) AS ids, string_agg(audit_said(e), E'\n' ORDER BY e.id) AS said
        FROM taken JOIN audit_entry e ON e.id = taken.id GROUP BY e.store_id
    ), made AS (
        INSERT INTO audit_seal (store_id, number, at, ids, previous, hash)
        SELECT g.store_id, coalesce(last.number, 0) + 1, sealed_at, g.ids, coalesce(last.hash, ''),
               audit_hash(coalesce(last.hash, ''), coalesce(last.number, 0) + 1, g.said)
        FROM gathered g LEFT JOIN LATERAL (
            SELECT s.number, s.hash FROM audit_seal s WHERE s.store_id = g.store_id ORDER BY s.number DESC LIMIT 1
        ) last ON true
        RETURNING cardinality(ids) AS n
    )
    SELECT coalesce(sum(made.n), 0) INTO n FROM made;
    RETURN n;
END $$;

-- What does not hold of the chain: no rows while all is well. The end of a chain may be cut off with all its entries and leave no
-- trace here: for that its head is kept elsewhere (manage.py audit_anchor).
CREATE OR REPLACE FUNCTION audit_broken() RETURNS TABLE (store_id bigint, seal bigint, entry bigint, trouble text)
LANGUAGE sql STABLE AS $$
    WITH chain AS (
        SELECT s.store_id, s.number, s.previous, s.hash, s.ids,
               lag(s.number, 1, 0::bigint) OVER w AS number_before, lag(s.hash, 1, ''::varchar) OVER w AS hash_before
        FROM audit_seal s WINDOW w AS (PARTITION BY s.store_id ORDER BY s.number)
    ), covered AS (
        SELECT c.store_id, c.number, one.id, e.id AS found, e.store_id AS found_store
        FROM chain c CROSS JOIN LATERAL unnest(c.ids) AS one(id) LEFT JOIN audit_entry e ON e.id = one.id
    ), again AS (
        SELECT c.store_id, c.number, c.hash,
               audit_hash(c.previous, c.number, (
                   SELECT string_agg(audit_said(e), E'\n' ORDER BY e.id) FROM audit_entry e WHERE e.id = ANY(c.ids)
               )) AS recounted
        FROM chain c
    )
    SELECT c.store_id, c.number, NULL::bigint, 'a seal before this one is missing' FROM chain c WHERE c.number <> c.number_before + 1
    UNION ALL
    SELECT c.store_id, c.number, NULL, 'it does not follow from the seal before it' FROM chain c
        WHERE c.number = c.number_before + 1 AND c.previous <> c.hash_before
    UNION ALL
    SELECT a.store_id, a.number, NULL, 'an entry was changed, or the seal was' FROM again a WHERE a.recounted IS DISTINCT FROM a.hash
    UNION ALL
    SELECT c.store_id, c.number, c.id, 'the entry is gone' FROM covered c WHERE c.found IS NULL
    UNION ALL
    SELECT c.store_id, c.number, c.id, 'the entry is of another store' FROM covered c WHERE c.found_store <> c.store_id
    UNION ALL
    SELECT c.store_id, min(c.number), c.id, 'the entry is sealed twice' FROM covered c GROUP BY c.store_id, c.id HAVING count(*) > 1
    UNION ALL
    SELECT e.store_id, NULL, e.id, 'the entry has no seal and waits for none' FROM audit_entry e
        WHERE NOT EXISTS (SELECT 1 FROM audit_unsealed u WHERE u.id = e.id)
          AND NOT EXISTS (SELECT 1 FROM covered c WHERE c.id = e.id)
    UNION ALL
    SELECT u.store_id, NULL, u.id, 'an entry that waits for its seal is gone' FROM audit_unsealed u
        WHERE NOT EXISTS (SELECT 1 FROM audit_entry e WHERE e.id = u.id)
$$;

-- Whoever writes, as the statement says (dealership/audit/telling.py); nothing said: somebody who came past the product.
CREATE OR REPLACE FUNCTION audit_told() RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(current_setting('kept.acting', true), '')::jsonb, jsonb_build_object('agent', 'database'))
$$;

-- The part of a row that may be copied.
CREATE OR REPLACE FUNCTION audit_plain(it jsonb, plain jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(jsonb_object_agg(name, it -> name), '{}') FROM jsonb_array_elements_text(plain) AS name
$$;

-- What differs: {column: [was, became]}, null in place of the pair where the values are personal; null if nothing does.
CREATE OR REPLACE FUNCTION audit_differs(was jsonb, became jsonb, plain jsonb, ignored jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_object_agg(b.key, CASE WHEN plain ? b.key THEN jsonb_build_array(was -> b.key, b.value) ELSE 'null'::jsonb END)
    FROM jsonb_each(became) b WHERE b.value IS DISTINCT FROM was -> b.key AND NOT ignored ? b.key
$$;

-- A sign-in (staff_user) belongs to no store: its changes are told at each place that it opens.
-- Also at those that whoever changes it does not see, hence the setting.
CREATE OR REPLACE FUNCTION audit_watch_sign_in() RETURNS trigger LANGUAGE plpgsql SET app.across = 'on' AS $$
DECLARE
    told jsonb := audit_told();
BEGIN
    INSERT INTO audit_entry (
        store_id, at, staff_id, agent, action, kind, key, ref, part, details, ip, session, address, request
    )
    SELECT place.store_id, coalesce((told ->> 'at')::timestamptz, clock_timestamp()), (told ->> 'staff')::bigint, told ->> 'agent',
           'changed', 'staff', place.id, '', 'sign-in', jsonb_build_object('rows', jsonb_build_array(changes.said)),
           (told ->> 'ip')::inet, coalesce(told ->> 'session', ''), coalesce(told ->> 'address', ''), coalesce(told ->> 'request', '')
    FROM (
        SELECT n.id, audit_differs(to_jsonb(o), to_jsonb(n), '["is_active", "is_staff", "is_superuser"]', '["last_login"]') AS said
        FROM new_rows n JOIN old_rows o USING (id)
    ) changes JOIN staff_staffmember place ON place.user_id = changes.id
    WHERE changes.said IS NOT NULL;
    RETURN NULL;
END $$;
