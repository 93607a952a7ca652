-- What a table looks like, for SourceTable. Values of generated columns are not in the stream, so those columns are left out.
SELECT jsonb_build_object(
    'id', c.oid::bigint,
    'schema', n.nspname,
    'name', c.relname,
    'columns', (
        SELECT jsonb_agg(jsonb_build_object(
            'number', a.attnum, 'name', a.attname, 'type', t.type::bigint, 'modifier', t.modifier, 'element', t.element::bigint,
            -- What rows have that were there before the column was, and have not been written since.
            'initial', CASE WHEN a.atthasmissing THEN (a.attmissingval::text::text[])[1] END) ORDER BY a.attnum)
        FROM pg_catalog.pg_attribute a CROSS JOIN LATERAL (
            WITH RECURSIVE base(type, modifier, kind, element, next, next_modifier) AS (
                SELECT p.oid, a.atttypmod, p.typtype, p.typelem, p.typbasetype, p.typtypmod
                FROM pg_catalog.pg_type p WHERE p.oid = a.atttypid
                UNION ALL
                SELECT p.oid, b.next_modifier, p.typtype, p.typelem, p.typbasetype, p.typtypmod
                FROM base b JOIN pg_catalog.pg_type p ON p.oid = b.next WHERE b.kind = 'd')
            SELECT type, modifier,
                CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.typarray = type) THEN element ELSE 0 END AS element
            FROM base WHERE kind <> 'd') t
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''),
    'partitions', (
        SELECT coalesce(jsonb_agg(p.relid::oid::bigint ORDER BY p.relid::oid), '[]')
        FROM pg_catalog.pg_partition_tree(c.oid) p WHERE p.isleaf AND p.relid <> c.oid),
    'key', coalesce((
        SELECT jsonb_agg(a.attname ORDER BY k.place)
        FROM pg_catalog.pg_index i
        CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY k(number, place)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
        WHERE i.indrelid = c.oid AND i.indisvalid AND k.place <= i.indnkeyatts
            AND CASE c.relreplident WHEN 'd' THEN i.indisprimary AND i.indimmediate WHEN 'i' THEN i.indisreplident END), '[]'))
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
