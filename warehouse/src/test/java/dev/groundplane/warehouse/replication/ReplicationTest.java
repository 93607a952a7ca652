package dev.groundplane.warehouse.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A database that follows one of a real PostgreSQL. */
final class ReplicationTest extends ReplicationFixture {
    @Test
    void rows_that_are_there_and_those_that_come_are_in_the_target() throws Exception {
        source(
                "CREATE TABLE trade(id int PRIMARY KEY, symbol text, amount numeric(12,2))",
                "INSERT INTO trade SELECT n, 'S' || n % 7, n / 3.0 FROM generate_series(1, 1000) n");
        follow();
        awaitEqual("trade", "id");

        source(
                "INSERT INTO trade VALUES (1001, NULL, 1), (1002, '', 2)",
                "UPDATE trade SET amount = amount * 2 WHERE id % 10 = 0",
                "UPDATE trade SET id = id + 5000 WHERE id < 20",
                "DELETE FROM trade WHERE id BETWEEN 100 AND 200");
        awaitEqual("trade", "id");

        source("BEGIN; TRUNCATE trade; INSERT INTO trade VALUES (1, 'again', 0); COMMIT");
        awaitEqual("trade", "id");
        assertThat(target("SELECT symbol FROM public.trade")).containsExactly(List.of("again"));
    }

    @Test
    void how_late_changes_come_is_told_of_transactions_alone() throws Exception {
        source("CREATE TABLE t(id int PRIMARY KEY)");
        follow();
        awaitState("t", "Synced");
        var told = lags.size();
        refresh("t"); // nothing was committed at the source since it is followed
        await(() -> assertThat(lags).hasSizeGreaterThan(told));
        assertThat(lags).containsOnly(0L);
        var before = lags.size();
        source("INSERT INTO t VALUES (1)");
        await(() -> assertThat(lags).hasSizeGreaterThan(before));
        assertThat(lags.getLast()).isLessThan(60_000);
    }

    @Test
    void tables_that_are_made_altered_renamed_and_dropped_are_so_in_the_target() throws Exception {
        source("CREATE TABLE one(id int PRIMARY KEY, a text)", "INSERT INTO one VALUES (1, 'x'), (2, 'y')");
        follow();
        awaitEqual("one", "id");

        source(
                "CREATE SCHEMA other",
                "CREATE TABLE other.two(k text PRIMARY KEY, v int)",
                "INSERT INTO other.two VALUES ('a', 1)",
                "ALTER TABLE one ADD COLUMN b int DEFAULT 7",
                "INSERT INTO one VALUES (3, 'z', 8)",
                "ALTER TABLE one RENAME COLUMN a TO name",
                "UPDATE one SET name = 'w' WHERE id = 1",
                "ALTER TABLE one DROP COLUMN b",
                "INSERT INTO one VALUES (4, 'v')");
        awaitEqual("one", "id");
        awaitEqual("other.two", "k");

        source("ALTER TABLE one RENAME TO first", "INSERT INTO first VALUES (5, 'u')", "DROP TABLE other.two");
        awaitEqual("first", "id");
        awaitRows(
                "SELECT table_name FROM duckdb_tables() WHERE database_name = 'sales' AND schema_name <> 'groundplane'",
                "first");

        source("ALTER TABLE first ALTER COLUMN id TYPE bigint", "INSERT INTO first VALUES (5000000000, 't')");
        awaitEqual("first", "id");
        source(
                "CREATE TABLE made AS SELECT 1 AS id",
                "ALTER TABLE made ADD PRIMARY KEY (id)",
                "INSERT INTO made VALUES (2)");
        awaitEqual("made", "id");
    }

    @Test
    void large_values_that_the_source_does_not_send_again_stay() throws Exception {
        source(
                "CREATE TABLE document(id int PRIMARY KEY, body text, version int)",
                "ALTER TABLE document ALTER COLUMN body SET STORAGE EXTERNAL",
                "INSERT INTO document SELECT n, repeat(chr(64 + n), 10000), 1 FROM generate_series(1, 5) n");
        follow();
        awaitEqual("document", "id");
        source(
                "UPDATE document SET version = 2 WHERE id = 1",
                "BEGIN; UPDATE document SET version = 3 WHERE id = 2; UPDATE document SET id = 12 WHERE id = 2; COMMIT",
                "BEGIN; INSERT INTO document VALUES (6, repeat('n', 9000), 1); UPDATE document SET version = 2 WHERE id = 6; COMMIT",
                "UPDATE document SET id = 13 WHERE id = 3");
        awaitEqual("document", "id");
    }

    @Test
    void every_type_keeps_its_values() throws Exception {
        source("CREATE TYPE mood AS ENUM ('sad', 'ok')", "CREATE DOMAIN positive AS int CHECK (VALUE > 0)", """
                CREATE TABLE typed(id int PRIMARY KEY, b bool, i2 smallint, i8 bigint, f4 real, f8 double precision,
                    n numeric(38,10), nn numeric, t text, v varchar(10), c char(5), by bytea, d date, ti time, ts timestamp,
                    tz timestamptz, iv interval, j json, jb jsonb, u uuid, m mood, p positive, a int[], ta text[], na numeric[][],
                    r int4range, ip inet, bi bit(3), x xml, g int GENERATED ALWAYS AS (id * 2) STORED)""");
        var rows = """
                INSERT INTO typed VALUES
                (1, true, -32768, 9223372036854775807, 1.5, 'NaN', 1234567890123456789012345678.0123456789, 1e50, E'q"\\'\\n\\\\,', 'v', 'c',
                 '\\xdeadbeef00', '2022-11-29', '23:59:59.999999', '2022-11-29 01:02:03.456', '2022-11-29 01:02:03+05', '1 year 2 mons -3 days 04:05:06.7',
                 '{"a": [1, null]}', '{"b": "\\u00e9"}', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'ok', 5, '{1,NULL,3}', E'{"a,b","q\\\\"x",NULL,"NULL",""}', '{{1.5,2},{3,NaN}}',
                 '[1,5)', '10.0.0.0/8', B'101', '<a/>'),
                (2, false, NULL, NULL, 'Infinity', '-Infinity', NULL, 'NaN', '', '', '', '', '0044-03-15 BC', '00:00', 'infinity', '-infinity', '-01:00:00',
                 NULL, '[]', NULL, 'sad', 1, '{}', '{}', '{}', 'empty', '::1', B'000', NULL),
                (3, NULL, 0, 0, 0, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'null', 'null', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)""";
        source(rows);
        follow();
        awaitCount("typed", 3);
        var copied = target("SELECT * FROM public.typed ORDER BY id");
        source("UPDATE typed SET id = id + 10", "DELETE FROM typed WHERE id = 0");
        source(rows);
        awaitCount("typed", 6);
        var streamed = target("SELECT * FROM public.typed WHERE id < 10 ORDER BY id");
        assertThat(streamed).isEqualTo(copied);
        assertThat(copied.getFirst())
                .containsExactly(
                        """
                1|true|-32768|9223372036854775807|1.5|NaN|1234567890123456789012345678.0123456789
                100000000000000000000000000000000000000000000000000|q"'~\\,|v|c    |\\xDE\\xAD\\xBE\\xEF\\x00|2022-11-29
                23:59:59.999999|2022-11-29 01:02:03.456|2022-11-28T20:02:03Z|1 year 2 mons -3 days +04:05:06.7
                {"a": [1, null]}|{"b": "é"}|a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11|ok|5|[1,null,3]
                ["a,b","q\\"x",null,"NULL",""]|[[1.5,2],[3,"NaN"]]|[1,5)|10.0.0.0/8|101|<a/>
                """.strip().replace("\n", "|").replace('~', '\n').split("\\|"));
    }

    @Test
    void a_transaction_of_many_rows_is_seen_as_a_whole() throws Exception {
        source("CREATE TABLE counted(id int PRIMARY KEY, n int)");
        follow();
        awaitEqual("counted", "id");
        source("INSERT INTO counted SELECT n, 0 FROM generate_series(1, 70000) n");
        awaitEqual("counted", "id");
        source("UPDATE counted SET n = n + 1");
        var seen = new java.util.HashSet<List<String>>();
        while (!seen.contains(List.of("1"))) {
            var now = target("SELECT DISTINCT n FROM public.counted");
            assertThat(now).hasSize(1);
            seen.addAll(now);
        }
        awaitEqual("counted", "id");
    }

    @Test
    void a_table_without_a_key_is_told_and_does_not_hinder_the_source() throws Exception {
        source("CREATE TABLE keyless(a int)", "CREATE TABLE keyed(id int PRIMARY KEY)");
        follow();
        awaitEqual("keyed", "id");
        source(
                "INSERT INTO keyless VALUES (1)",
                "UPDATE keyless SET a = 2",
                "DELETE FROM keyless",
                "INSERT INTO keyless VALUES (3)");
        assertThat(target("SELECT state, reason FROM groundplane.replicated_table WHERE table_name = 'keyless'"))
                .containsExactly(List.of("Failed", "it has no primary key"));
        source("ALTER TABLE keyless ADD PRIMARY KEY (a)", "INSERT INTO keyless VALUES (4)");
        awaitEqual("keyless", "a");
        source("ALTER TABLE keyless DROP CONSTRAINT keyless_pkey", "UPDATE keyless SET a = 5");
    }

    @Test
    void what_happens_while_nobody_follows_is_applied_later() throws Exception {
        source("CREATE TABLE t(id int PRIMARY KEY, v text)", "INSERT INTO t VALUES (1, 'a')");
        follow();
        awaitEqual("t", "id");
        stop();
        source(
                "INSERT INTO t VALUES (2, 'b')",
                "ALTER TABLE t ADD COLUMN w int",
                "UPDATE t SET w = id",
                "CREATE TABLE n(id int PRIMARY KEY)",
                "INSERT INTO n VALUES (1)");
        follow();
        awaitEqual("t", "id");
        awaitEqual("n", "id");
    }

    @Test
    void a_slot_that_was_dropped_or_made_anew_makes_all_be_copied_again() throws Exception {
        source("CREATE TABLE t(id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        follow();
        awaitEqual("t", "id");
        stop();
        source(
                "SELECT pg_drop_replication_slot('groundplane_test')",
                "INSERT INTO t VALUES (2)",
                "SELECT pg_create_logical_replication_slot('groundplane_test', 'pgoutput')",
                "INSERT INTO t VALUES (3)");
        follow();
        awaitEqual("t", "id");
    }

    @Test
    void names_that_pass_from_one_table_to_another_while_nobody_follows_are_followed() throws Exception {
        source(
                "CREATE TABLE t(id int PRIMARY KEY)",
                "CREATE TABLE log(id int PRIMARY KEY)",
                "INSERT INTO t VALUES (1)",
                "INSERT INTO log VALUES (1)");
        follow();
        awaitEqual("t", "id");
        awaitEqual("log", "id");
        stop();
        source(
                "DROP TABLE t",
                "CREATE TABLE t(id int PRIMARY KEY, v text)",
                "INSERT INTO t VALUES (2, 'anew')",
                "ALTER TABLE log RENAME TO log_1",
                "CREATE TABLE log(id int PRIMARY KEY, v text)",
                "INSERT INTO log VALUES (3, 'next')");
        follow();
        awaitEqual("t", "id");
        awaitEqual("log", "id");
        awaitEqual("log_1", "id");
    }

    @Test
    void messages_that_are_none_of_ours_are_passed_over() throws Exception {
        source("CREATE TABLE t(id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        follow();
        awaitEqual("t", "id");
        source(
                "SELECT pg_logical_emit_message(true, 'groundplane', 'x')",
                "SELECT pg_logical_emit_message(true, 'groundplane', '{\"changed\": 5}')",
                "INSERT INTO t VALUES (2)");
        awaitEqual("t", "id");
    }

    @Test
    void partitions_are_one_table_whatever_becomes_of_them() throws Exception {
        source(
                "CREATE TABLE p(id int, day date, PRIMARY KEY (id, day)) PARTITION BY RANGE (day)",
                "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2022-01-01') TO ('2022-02-01')",
                "INSERT INTO p VALUES (1, '2022-01-05')");
        follow();
        awaitEqual("p", "id, day");
        source(
                "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM ('2022-02-01') TO ('2022-03-01')",
                "INSERT INTO p VALUES (2, '2022-02-05')",
                "UPDATE p SET day = '2022-02-06' WHERE id = 1");
        awaitEqual("p", "id, day");
        source(
                "CREATE TABLE p3(day date NOT NULL, id int NOT NULL, PRIMARY KEY (id, day))",
                "INSERT INTO p3 VALUES ('2022-03-01', 7)",
                "ALTER TABLE p ATTACH PARTITION p3 FOR VALUES FROM ('2022-03-01') TO ('2022-04-01')",
                "INSERT INTO p VALUES (8, '2022-03-02'), (9, '2022-01-01')");
        awaitEqual("p", "id, day");
        source("TRUNCATE p1", "INSERT INTO p VALUES (10, '2022-01-02')");
        awaitEqual("p", "id, day");
        source("ALTER TABLE p DETACH PARTITION p3", "INSERT INTO p VALUES (11, '2022-01-03')");
        awaitEqual("p", "id, day");
        awaitEqual("p3", "id");
        source("DROP TABLE p2", "INSERT INTO p VALUES (12, '2022-01-03')");
        awaitEqual("p", "id, day");
        source("TRUNCATE p", "INSERT INTO p VALUES (13, '2022-01-03')");
        awaitEqual("p", "id, day");
    }

    @Test
    void a_value_that_cannot_be_ends_its_table_alone() throws Exception {
        source(
                "CREATE TABLE copied(id int PRIMARY KEY, n numeric(5,2))",
                "INSERT INTO copied VALUES (1, 'NaN')",
                "CREATE TABLE streamed(id int PRIMARY KEY, n numeric(5,2))",
                "CREATE TABLE whole(id int PRIMARY KEY)");
        follow();
        awaitEqual("whole", "id");
        source("INSERT INTO streamed VALUES (1, 1)");
        awaitEqual("streamed", "id");
        source("INSERT INTO streamed VALUES (2, 'NaN')", "INSERT INTO whole VALUES (1)");
        awaitEqual("whole", "id");
        awaitRows(
                "SELECT table_name FROM groundplane.replicated_table WHERE state = 'Failed' AND reason LIKE '%NaN%' ORDER BY 1",
                "copied", "streamed");
        source("INSERT INTO whole VALUES (2)");
        awaitEqual("whole", "id");
    }

    @Test
    void a_source_that_crashes_is_followed_again() throws Exception {
        source("CREATE TABLE t(id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        follow();
        awaitEqual("t", "id");
        crashSource();
        source("INSERT INTO t VALUES (2)");
        awaitEqual("t", "id");
    }

    @Test
    void names_that_are_one_here_or_the_warehouses_own_touch_nothing_else() throws Exception {
        source(
                "CREATE TABLE trade(id int PRIMARY KEY, v text)",
                "INSERT INTO trade VALUES (1, 'right')",
                "CREATE TABLE \"Trade\"(id int PRIMARY KEY, v text)",
                "INSERT INTO \"Trade\" VALUES (1, 'wrong')",
                "CREATE SCHEMA groundplane",
                "CREATE TABLE groundplane.object_owner(id int PRIMARY KEY)",
                "CREATE TABLE public.twice(id int PRIMARY KEY, a int, \"A\" int)");
        follow();
        awaitEqual("trade", "id");
        source("UPDATE \"Trade\" SET v = 'still wrong'", "INSERT INTO trade VALUES (2, 'right')");
        awaitEqual("trade", "id");
        awaitRows(
                "SELECT schema_name || '.' || table_name FROM groundplane.replicated_table WHERE state = 'Failed' ORDER BY 1",
                "groundplane.object_owner",
                "public.Trade",
                "public.twice");
        source("DROP TABLE \"Trade\"", "DROP TABLE groundplane.object_owner", "INSERT INTO trade VALUES (3, 'right')");
        awaitEqual("trade", "id");
        awaitRows(
                "SELECT count(*) FROM duckdb_columns() WHERE database_name = 'sales' AND table_name = 'object_owner'",
                "4");
        source(
                "CREATE TABLE public.\"TRADE\"(id int PRIMARY KEY)",
                "ALTER TABLE trade RENAME TO deal",
                "INSERT INTO deal VALUES (4, 'x')");
        awaitEqual("deal", "id");
    }

    @Test
    void names_of_the_databases_owner_are_not_used_with_the_rights_of_the_superuser() throws Exception {
        source(
                "CREATE TABLE t(id int PRIMARY KEY)",
                "CREATE SCHEMA evil",
                "CREATE TABLE evil.done(what text PRIMARY KEY)",
                """
                CREATE FUNCTION evil.pg_logical_emit_message(boolean, text, text) RETURNS pg_lsn LANGUAGE plpgsql AS
                $$ BEGIN INSERT INTO evil.done VALUES (clock_timestamp()::text); RETURN '0/0'; END $$""",
                "CREATE VIEW evil.pg_class AS SELECT c.*, evil.pg_logical_emit_message(true, '', '') FROM pg_catalog.pg_class c",
                "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = evil, pg_catalog, public', current_database());"
                        + " EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$");
        follow();
        awaitEqual("t", "id");
        source(
                "SET search_path = evil, pg_catalog, public",
                "CREATE TEMP VIEW pg_publication AS SELECT evil.pg_logical_emit_message(true, '', '')::text AS pubname",
                "CREATE TABLE public.later(id int PRIMARY KEY)",
                "INSERT INTO public.later VALUES (1)",
                "RESET search_path");
        awaitEqual("later", "id");
        awaitRows("SELECT count(*) FROM evil.done", "0");
        stop();
        source(
                "DROP SCHEMA groundplane_replication CASCADE",
                "CREATE ROLE boss",
                "CREATE SCHEMA groundplane_replication AUTHORIZATION boss");
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(this::setUpSource)
                .withMessageContaining("schema groundplane_replication is somebody else's");
        source("DROP SCHEMA groundplane_replication", "DROP ROLE boss");
        setUpSource();
    }
}
