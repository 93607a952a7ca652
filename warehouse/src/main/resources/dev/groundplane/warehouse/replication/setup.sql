-- What the source needs once for all that follow its changes. definition.sql is put where it is named. Can be run again.
CREATE SCHEMA IF NOT EXISTS groundplane_replication;
-- What is in there runs as a superuser.
DO $owner$
BEGIN
    IF (SELECT n.nspowner::regrole::text <> quote_ident(current_user)
        FROM pg_namespace n WHERE n.nspname = 'groundplane_replication') THEN
        RAISE EXCEPTION 'schema groundplane_replication is somebody else''s; drop it, so that it can be made';
    END IF;
END $owner$;
REVOKE ALL ON SCHEMA groundplane_replication FROM PUBLIC;

CREATE OR REPLACE FUNCTION groundplane_replication.is_followed(relation oid) RETURNS boolean LANGUAGE sql STABLE
AS $followed$
    SELECT EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.oid = relation AND c.relkind IN ('r', 'p') AND c.relpersistence = 'p' AND NOT c.relispartition
            AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'groundplane_replication') AND n.nspname NOT LIKE 'pg\_toast%')
$followed$;

CREATE OR REPLACE FUNCTION groundplane_replication.table_definition(relation oid) RETURNS jsonb LANGUAGE sql STABLE
AS $definition$ ${definition} WHERE c.oid = relation $definition$;

-- Only tables with a key are published: PostgreSQL refuses to change rows of a published table that has none.
-- What a partition is emptied of alone is not in the stream of the whole table.
CREATE OR REPLACE FUNCTION groundplane_replication.tell_truncated() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $tell$
BEGIN
    PERFORM pg_logical_emit_message(true, 'groundplane',
        jsonb_build_object('rewritten', pg_partition_root(TG_RELID)::oid::bigint)::text);
    RETURN NULL;
END $tell$;

CREATE OR REPLACE FUNCTION groundplane_replication.publish(relation oid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $publish$
DECLARE
    has_key boolean := jsonb_array_length(groundplane_replication.table_definition(relation)->'key') > 0;
    publication name;
    is_published boolean;
    partition regclass;
BEGIN
    FOR partition IN
        SELECT p.relid FROM pg_partition_tree(relation) p WHERE p.isleaf AND p.relid <> relation
            AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = p.relid AND t.tgname = 'groundplane_truncated')
    LOOP
        EXECUTE format('CREATE TRIGGER groundplane_truncated AFTER TRUNCATE ON %s'
            ' EXECUTE FUNCTION groundplane_replication.tell_truncated()', partition);
    END LOOP;
    FOR publication, is_published IN
        SELECT p.pubname, EXISTS (SELECT FROM pg_publication_rel r WHERE r.prpubid = p.oid AND r.prrelid = relation)
        FROM pg_publication p WHERE p.pubname LIKE 'groundplane\_%'
    LOOP
        IF has_key <> is_published THEN
            EXECUTE format('ALTER PUBLICATION %I %s TABLE %s', publication,
                CASE WHEN has_key THEN 'ADD' ELSE 'DROP' END, relation::regclass);
        END IF;
    END LOOP;
END $publish$;

CREATE OR REPLACE FUNCTION groundplane_replication.tell_changed() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $tell$
DECLARE
    relation oid;
BEGIN
    FOR relation IN
        SELECT DISTINCT r.oid FROM (
            SELECT coalesce(pg_partition_root(c.oid)::oid, c.oid) FROM pg_event_trigger_ddl_commands() e JOIN pg_class c
                ON (e.classid = 'pg_class'::regclass AND c.oid = e.objid)
                OR (e.classid = 'pg_namespace'::regclass AND c.relnamespace = e.objid)) r(oid)
        WHERE groundplane_replication.is_followed(r.oid)
    LOOP
        PERFORM groundplane_replication.publish(relation);
        PERFORM pg_logical_emit_message(true, 'groundplane',
            jsonb_build_object('changed', groundplane_replication.table_definition(relation), 'by', tg_tag)::text);
    END LOOP;
END $tell$;

CREATE OR REPLACE FUNCTION groundplane_replication.tell_dropped() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $tell$
DECLARE
    relation oid;
BEGIN
    FOR relation IN SELECT o.objid FROM pg_event_trigger_dropped_objects() o WHERE o.object_type = 'table' LOOP
        PERFORM pg_logical_emit_message(true, 'groundplane', jsonb_build_object('dropped', relation::bigint)::text);
    END LOOP;
END $tell$;

-- Rows that are written anew by ALTER TABLE are not in the stream.
CREATE OR REPLACE FUNCTION groundplane_replication.tell_rewritten() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $tell$
BEGIN
    PERFORM pg_logical_emit_message(true, 'groundplane',
        jsonb_build_object('rewritten', pg_event_trigger_table_rewrite_oid()::bigint)::text);
END $tell$;

DO $triggers$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_event_trigger WHERE evtname = 'groundplane_changed') THEN
        CREATE EVENT TRIGGER groundplane_changed ON ddl_command_end
            WHEN TAG IN ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO', 'ALTER TABLE', 'ALTER SCHEMA')
            EXECUTE FUNCTION groundplane_replication.tell_changed();
    END IF;
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_event_trigger WHERE evtname = 'groundplane_dropped') THEN
        CREATE EVENT TRIGGER groundplane_dropped ON sql_drop EXECUTE FUNCTION groundplane_replication.tell_dropped();
    END IF;
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_event_trigger WHERE evtname = 'groundplane_rewritten') THEN
        CREATE EVENT TRIGGER groundplane_rewritten ON table_rewrite EXECUTE FUNCTION groundplane_replication.tell_rewritten();
    END IF;
END $triggers$;

-- Event triggers run for whoever alters a table; nobody has to call what they do.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA groundplane_replication FROM PUBLIC;
