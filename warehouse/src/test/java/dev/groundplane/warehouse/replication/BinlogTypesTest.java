package dev.groundplane.warehouse.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Values of all types, as they are copied and as the log has them. */
@ParameterizedClass
@EnumSource(BinlogSource.Engine.class)
final class BinlogTypesTest extends BinlogFixture {
    @Test
    void every_type_keeps_its_values() throws Exception {
        var own = kind == BinlogSource.Engine.MARIADB
                ? "uu uuid, i6 inet6, ip inet4"
                : "uu char(36), i6 char(39), ip char(15)";
        source("""
                CREATE TABLE typed(id int PRIMARY KEY, i1 tinyint, u1 tinyint unsigned, i2 smallint, u2 smallint unsigned,
                    i3 mediumint, u3 mediumint unsigned, i4 int, u4 int unsigned, i8 bigint, u8 bigint unsigned zerofill,
                    n decimal(38,10), nn decimal(50,5), f4 float, f8 double, f2 double(12,2), b1 bit(1), b9 bit(9), b64 bit(64),
                    c char(5), v varchar(300), t text, l longtext, by_ binary(4), vb varbinary(300), bl blob,
                    d date, dt datetime, dt6 datetime(6), ts timestamp NULL, ts3 timestamp(3) NULL, ti time, ti6 time(6), ti1 time(1),
                    y year, e enum('a','it''s','é'), s set('x','y','z'), j json, %s, g point,
                    gv int GENERATED ALWAYS AS (id * 2) VIRTUAL, gs int GENERATED ALWAYS AS (id * 3) STORED,
                    inv int INVISIBLE DEFAULT 5)""".formatted(own));
        var rows = """
                INSERT INTO typed(id, i1, u1, i2, u2, i3, u3, i4, u4, i8, u8, n, nn, f4, f8, f2, b1, b9, b64, c, v, t, l, by_, vb, bl,
                    d, dt, dt6, ts, ts3, ti, ti6, ti1, y, e, s, j, uu, i6, ip, g) VALUES
                (1, -128, 255, -32768, 65535, -8388608, 16777215, -2147483648, 4294967295, -9223372036854775808, 18446744073709551615,
                 '1234567890123456789012345678.0123456789', '-123456789012345678901234567890.12345', 1.1, 1e300, 12345.67, 1, 257,
                 18446744073709551615, 'é ', 'ü"€\\n,😀', '', 'x', 0x0100, 0x00ff00, 0x00, '2022-01-02', '2022-01-02 03:04:05',
                 '1001-12-31 23:59:59.999999', '2022-03-27 01:30:00', '2038-01-19 03:14:07.999', '838:59:59', '-12:34:56.780001',
                 '-00:00:00.5', 1999, 'it''s', 'x,z', '{"a": [1, null]}', '123e4567-e89b-12d3-a456-426655440000', '::1', '10.0.0.1',
                 ST_GeomFromText('POINT(1 2)')),
                (2, 127, 0, 32767, 0, 8388607, 0, 2147483647, 0, 9223372036854775807, 0, '-0.0000000001', 0, -3.4e38, -0.1, -0.01, 0, 0, 0,
                 '', '', 'ß', '', 0x00000000, '', '', '9999-12-31', '1970-01-01 00:00:00', '2022-06-15 12:00:00.000001',
                 '1970-01-01 00:00:01', '2022-10-30 00:30:00.120', '00:00:00', '00:00:00.000001', '100:00:00.1', 0, 'é', '', '[]',
                 'ffffffff-ffff-4fff-bfff-ffffffffff00', 'fe80::1:0', '255.255.255.0', NULL),
                (3, 0, NULL, 0, NULL, 0, NULL, 0, NULL, 0, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                 NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)""";
        source(rows);
        follow();
        awaitRows("SELECT count(*) FROM @typed", "3");
        var copied = target("SELECT * FROM @typed ORDER BY id");
        source("UPDATE typed SET id = id + 10");
        source(rows);
        awaitRows("SELECT count(*) FROM @typed", "6");
        assertThat(target("SELECT * FROM @typed WHERE id < 10 ORDER BY id")).isEqualTo(copied);
        assertThat(target("SELECT * EXCLUDE (id, gv, gs) FROM @typed WHERE id > 10 ORDER BY id"))
                .isEqualTo(target("SELECT * EXCLUDE (id, gv, gs) FROM @typed WHERE id < 10 ORDER BY id"));
        assertThat(target("SELECT gv, gs FROM @typed WHERE id > 10 ORDER BY id").getFirst())
                .containsExactly("22", "33");
        assertThat(copied.getFirst())
                .containsExactly(
                        """
                1|-128|255|-32768|65535|-8388608|16777215|-2147483648|4294967295|-9223372036854775808|18446744073709551615
                1234567890123456789012345678.0123456789|-123456789012345678901234567890.12345|1.1|1.0E300|12345.67|true|100000001
                1111111111111111111111111111111111111111111111111111111111111111|é|ü"€~,😀||x|\\x01\\x00\\x00\\x00|\\x00\\xFF\\x00|\\x00
                2022-01-02|2022-01-02 03:04:05.0|1001-12-31 23:59:59.999999|2022-03-27T01:30Z|2038-01-19T03:14:07.999Z|838:59:59
                -12:34:56.780001|-00:00:00.5|1999|it's|x,z|{"a": [1, null]}|123e4567-e89b-12d3-a456-426655440000|::1|10.0.0.1
                \\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\xF0?\\x00\\x00\\x00\\x00\\x00\\x00\\x00@|2|3|5
                """.strip().replace("\n", "|").replace('~', '\n').split("\\|"));
    }

    @Test
    void texts_of_each_character_set_are_read() throws Exception {
        var sets = List.of(
                "ascii", "latin1", "latin2", "cp1250", "cp1251", "cp1257", "greek", "hebrew", "koi8r", "cp850",
                "latin7", "utf8mb3", "utf8mb4", "ucs2", "utf16", "utf16le", "utf32");
        var columns = new ArrayList<String>();
        var values = new ArrayList<String>();
        for (var set : sets) {
            columns.add(
                    "%1$s varchar(300) CHARACTER SET %1$s, t_%1$s text CHARACTER SET %1$s, c_%1$s char(9) CHARACTER SET %1$s"
                            .formatted(set));
            values.add("'é€ßŁяλש\u0081\u00a0ž', 'é€ßŁяλש', ' é ß '");
        }
        // Every byte, also those that Java's character set of the same name has not.
        var all = new StringBuilder();
        for (var i = 1; i < 256; i++) {
            all.append("%02X".formatted(i));
        }
        source(
                "CREATE TABLE t(id int PRIMARY KEY, every varchar(300) CHARACTER SET latin1, %s)"
                        .formatted(String.join(", ", columns)),
                "INSERT INTO t VALUES (1, _latin1 X'%s', %s)".formatted(all, String.join(", ", values)));
        follow();
        awaitEqual("t");
        source("UPDATE t SET id = 2");
        awaitEqual("t");
        awaitCopies("t", 1);
    }

    @Test
    void keys_are_found_whatever_they_are_of() throws Exception {
        source(
                "CREATE TABLE texts(k varchar(20), l char(3), n decimal(9,3), v int, PRIMARY KEY (k, l, n))",
                "CREATE TABLE bytes(k binary(4), d datetime(3), v int, PRIMARY KEY (k, d))",
                "CREATE TABLE odd(e enum('a','b'), f double, u bigint unsigned, v int, PRIMARY KEY (e, f, u))",
                "INSERT INTO texts VALUES ('a', 'b', 1.5, 0), ('É', '', -2, 0)",
                "INSERT INTO bytes VALUES (0x0100, '2022-01-02 03:04:05.678', 0), (0x00, '2022-01-02', 0)",
                "INSERT INTO odd VALUES ('a', 0.1, 18446744073709551615, 0), ('b', -1e-7, 0, 0)");
        follow();
        awaitRows("SELECT count(*) FROM @odd", "2");
        awaitState("bytes", "Synced");
        source(
                "UPDATE texts SET v = 1, k = upper(k)",
                "UPDATE bytes SET v = 1",
                "UPDATE odd SET v = 1",
                "DELETE FROM texts WHERE n < 0",
                "DELETE FROM bytes WHERE k = 0x00000000",
                "DELETE FROM odd WHERE e = 'b'");
        awaitRows("SELECT k || l || n || v FROM @texts", "Ab1.5001");
        awaitRows("SELECT hex(k) || v FROM @bytes", "010000001");
        awaitRows("SELECT e || u || v FROM @odd", "a184467440737095516151");
    }

    @Test
    void dates_that_are_none_are_empty_and_fail_in_a_key() throws Exception {
        var rows =
                "('0000-00-00', '0000-00-00 00:00:00', '0000-00-00 00:00:00'), ('2022-02-00', '2022-00-00 01:02:03', NULL)";
        source(
                "CREATE TABLE t(id int AUTO_INCREMENT PRIMARY KEY, d date, dt datetime, ts timestamp NULL)",
                "INSERT INTO t(d, dt, ts) VALUES " + rows,
                "CREATE TABLE keyed(d date PRIMARY KEY)",
                "INSERT INTO keyed VALUES ('0000-00-00')",
                "CREATE TABLE z(id int PRIMARY KEY)",
                "INSERT INTO z VALUES (1)",
                "CREATE TABLE later(d date PRIMARY KEY)");
        follow();
        awaitEqual("z");
        awaitState("keyed", "Failed");
        source("INSERT INTO t(d, dt, ts) VALUES " + rows);
        awaitRows("SELECT count(*) FROM @t WHERE d IS NULL AND dt IS NULL AND ts IS NULL", "4");
        source("INSERT INTO later VALUES ('0000-00-00')");
        awaitState("later", "Failed");
        source("INSERT INTO z VALUES (2)");
        awaitEqual("z");
    }
}
