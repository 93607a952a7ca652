package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** COPY through PostgreSQL's driver, with a bucket in memory. */
class CopyTest extends StorageFixture {
    @Test
    void filesWithOnePrefixBecomeRows() throws Exception {
        run(
                "CREATE TABLE trade(id INTEGER, name VARCHAR, amount DECIMAL(10,2), day DATE, moment TIMESTAMP, ok BOOLEAN)");
        server.s3().put("in/a", "1|first|1.50|2024-01-02|2024-01-02 10:00:00|t\n2||-7|2024-01-03|2024-01-03|0\n");
        server.s3().put("in/b", "3|\\N||||\n");
        server.s3().put("in/empty", "");
        server.s3().put("other", "x");

        assertThat(run("COPY trade FROM 's3://bucket/in/'" + AS_ROLE))
                .containsExactly("Load into table 'trade' completed, 3 record(s) loaded successfully.");

        assertThat(rows("SELECT * FROM trade ORDER BY id"))
                .containsExactly(
                        List.of("1", "first", "1.50", "2024-01-02", "2024-01-02 10:00:00", "t"),
                        List.of("2", "", "-7.00", "2024-01-03", "2024-01-03 00:00:00", "f"),
                        Arrays.asList("3", null, null, null, null, null));
        assertThat(rows("SELECT pg_last_copy_count()")).containsExactly(List.of("3"));
        assertThat(rows("SELECT status, loaded_rows, source_file_count FROM sys_load_history"
                        + " WHERE query_id = pg_last_copy_id()"))
                .containsExactly(List.of("completed", "3", "3"));
        assertThat(rows("SELECT trim(filename) FROM stl_load_commits WHERE query = pg_last_copy_id() ORDER BY 1"))
                .containsExactly(
                        List.of("s3://bucket/in/a"), List.of("s3://bucket/in/b"), List.of("s3://bucket/in/empty"));
        assertThat(server.staging()).isEmptyDirectory();
    }

    /** What both ways of reading must make of a file; NOLOAD's check is the one row by row, and so is that of MAXERROR. */
    @ParameterizedTest
    @ValueSource(strings = {"", " MAXERROR 1"})
    void bothReadersMakeTheSameOfFields(String row) throws Exception {
        run(
                "CREATE TABLE t(i INTEGER, b BIGINT, d DECIMAL(6,2), f DOUBLE PRECISION, o BOOLEAN, day DATE, moment TIMESTAMP,"
                        + " zoned TIMESTAMPTZ, s VARCHAR)");
        server.s3().put("f.csv", """
                h,e,a,d,e,r,x,y,z
                007,-9000000000,1.999,1e3,YES,2024/02/29,2024-02-29T01:02:03,2024-02-29 01:02:03+02,"a ""b"", c"
                +5,,,,,,,,
                " 12 ",0,-0.019,-2.5,n,2024-12-31,2024-12-31 23:59:59.123456,2024-12-31,"line
                two\\n é"
                ,,  ,,,,,,\\N
                """);

        run("COPY t FROM 's3://bucket/f.csv'" + AS_ROLE + "CSV IGNOREHEADER 1" + row);

        assertThat(rows("SELECT * FROM t ORDER BY i NULLS LAST"))
                .containsExactly(
                        Arrays.asList("5", null, null, null, null, null, null, null, ""),
                        List.of(
                                "7",
                                "-9000000000",
                                "1.99",
                                "1000",
                                "t",
                                "2024-02-29",
                                "2024-02-29 01:02:03",
                                "2024-02-28 23:02:03+00",
                                "a \"b\", c"),
                        List.of(
                                "12",
                                "0",
                                "-0.01",
                                "-2.5",
                                "f",
                                "2024-12-31",
                                "2024-12-31 23:59:59.123456",
                                "2024-12-31 00:00:00+00",
                                "line\ntwo\\n é"),
                        Arrays.asList(null, null, null, null, null, null, null, null, null));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            1|x|y       ; 1202 ; Extra column(s) found                 ; ''
            1           ; 1201 ; Delimiter not found                   ; ''
            1.5|x       ; 1207 ; Invalid digit, Value '.', Pos 1       ; i
            1e2|x       ; 1207 ; Invalid digit, Value 'e', Pos 1       ; i
            1_0|x       ; 1207 ; Invalid digit, Value '_', Pos 1       ; i
            99999999999|x ; 1204 ; Overflow                            ; i
            |x          ; 1213 ; Missing data for not-null field       ; i
            1|abcd      ; 1204 ; String length exceeds DDL length      ; s
            1|a|1e400   ; 1204 ; Overflow for value 1e400              ; f
            1|a|0x1p3   ; 1208 ; Invalid digit, Value '0x1p3'          ; f
            1|a|1f      ; 1208 ; Invalid digit, Value '1f'             ; f
            """)
    void aBadRowIsToldAndNothingIsLoaded(String line, int code, String reason, String column) throws Exception {
        var numbers = column.equals("f");
        run("CREATE TABLE t(i INTEGER NOT NULL, s VARCHAR(3)%s)".formatted(numbers ? ", f DOUBLE PRECISION" : ""));
        var good = "1|ok%s\n".formatted(numbers ? "|1.5e-3" : "");
        server.s3().put("f", good + line + "\n" + good);
        run("BEGIN; INSERT INTO t(i, s) VALUES (0, '-')");

        assertFails(
                "COPY t FROM 's3://bucket/f'" + AS_ROLE,
                "XX000",
                "Load into table 't' failed.  Check 'stl_load_errors' system table for details.");
        assertFails("SELECT 1", "25P02", "aborted");
        run("ROLLBACK");
        assertFails("COPY t FROM 's3://bucket/f'" + AS_ROLE, "XX000", "Load into table 't' failed");

        assertThat(rows("SELECT count(*) FROM t")).containsExactly(List.of("0"));
        assertThat(rows("SELECT trim(filename), line_number, trim(colname), raw_line, err_code FROM stl_load_errors"))
                .containsExactly(
                        List.of("s3://bucket/f", "2", column, line, Integer.toString(code)),
                        List.of("s3://bucket/f", "2", column, line, Integer.toString(code)));
        assertThat(rows("SELECT error_message FROM sys_load_error_detail")
                        .getFirst()
                        .getFirst())
                .contains(reason);
        assertThat(rows("SELECT status, error_count FROM sys_load_history"))
                .containsExactly(List.of("aborted", "1"), List.of("aborted", "1"));
        assertThat(server.staging()).isEmptyDirectory();
    }

    @Test
    void asManyBadRowsAsAllowedAreLeftOut() throws Exception {
        run("CREATE TABLE t(i INTEGER)");
        server.s3().put("f", "1\nx\n3\n\n");

        assertThat(run("COPY t FROM 's3://bucket/f'" + AS_ROLE + "MAXERROR 2 IGNOREBLANKLINES"))
                .containsExactly(
                        "Load into table 't' completed, 1 record(s) could not be loaded.  Check 'stl_load_errors' system table for details.",
                        "Load into table 't' completed, 2 record(s) loaded successfully.");
        assertThat(rows("SELECT * FROM t ORDER BY 1")).containsExactly(List.of("1"), List.of("3"));
        server.s3().put("f", "x\ny\nz\n");
        assertFails("COPY t FROM 's3://bucket/f'" + AS_ROLE + "MAXERROR 2", "XX000", "Load into table 't' failed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " MAXERROR 1"})
    void numbersThatAreNoneAreLoadedInATransactionToo(String row) throws Exception {
        run("CREATE TABLE t(f DOUBLE PRECISION)");
        server.s3().put("f", "NaN\n-inf\nInfinity\n-2.5E+3\n\n");
        run("BEGIN; INSERT INTO t VALUES (1)");
        run("COPY t FROM 's3://bucket/f'" + AS_ROLE + "IGNOREBLANKLINES" + row);
        run("COMMIT");
        assertThat(rows("SELECT f FROM t"))
                .containsExactlyInAnyOrder(
                        List.of("1"), List.of("NaN"), List.of("-Infinity"), List.of("Infinity"), List.of("-2500"));
    }

    @Test
    void aRowThatIsTooLongIsToldWithItsFileAndLine() throws Exception {
        run("CREATE TABLE t(i INTEGER, s VARCHAR(MAX))");
        server.s3().put("f", "1,one\n2,\"" + "two\n".repeat(1_500_000));
        assertFails(
                "COPY t FROM 's3://bucket/f'" + AS_ROLE + "CSV MAXERROR 100",
                "XX000",
                "s3://bucket/f: the row that begins in line 2 is longer than the 4 MB");
        assertThat(rows("SELECT count(*) FROM t")).containsExactly(List.of("0"));
    }

    /** They go through a file of the warehouse's own. */
    @Test
    void goodRowsAmongBadOnesKeepTheirTexts() throws Exception {
        run("CREATE TABLE t(s VARCHAR)");
        var texts = List.of("a \"quote\"", "", "two\nlines", "comma, and \\", "é", " blanks ", "'", "\r");
        server.s3()
                .put(
                        "f",
                        texts.stream()
                                .map(text -> "\"" + text.replace("\"", "\"\"") + "\"\n")
                                .collect(Collectors.joining("bad,row\n")));
        run("COPY t FROM 's3://bucket/f'" + AS_ROLE + "CSV MAXERROR 100");
        assertThat(rows("SELECT s FROM t"))
                .containsExactlyInAnyOrderElementsOf(
                        texts.stream().map(List::of).toList());
        server.s3().put("f", "@\nbad,row\n");
        run("COPY t FROM 's3://bucket/f'" + AS_ROLE + "CSV MAXERROR 100 NULL AS '@'");
        assertThat(rows("SELECT count(*), count(s) FROM t")).containsExactly(List.of("9", "8"));
        assertThat(server.staging()).isEmptyDirectory();
    }

    @Test
    void manyBadRowsAreKept() throws Exception {
        run("CREATE TABLE t(i INTEGER)");
        server.s3().put("f", "x\n".repeat(3000) + "1\n");
        run("COPY t FROM 's3://bucket/f'" + AS_ROLE + "MAXERROR 3000");
        assertThat(rows("SELECT count(*), max(line_number) FROM stl_load_errors"))
                .containsExactly(List.of("3000", "3000"));
    }

    @Test
    void anotherTransactionSeesRowsWhenTheyAreCommitted() throws Exception {
        run("CREATE TABLE t(i INTEGER)");
        server.s3().put("f", "1\n2\n");
        run("BEGIN");
        run("COPY t FROM 's3://bucket/f'" + AS_ROLE);
        run("COPY t FROM 's3://bucket/f'" + AS_ROLE + "MAXERROR 5");
        assertThat(rows("SELECT count(*) FROM t")).containsExactly(List.of("4"));
        run("ROLLBACK");
        assertThat(rows("SELECT count(*) FROM t")).containsExactly(List.of("0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GZIP", "BZIP2", "ZSTD"})
    void compressedFilesAreRead(String compression) throws Exception {
        run("CREATE TABLE t(i INTEGER)");
        var content = "1\n2\n".getBytes(StandardCharsets.UTF_8);
        server.s3()
                .objects
                .put(
                        "f",
                        switch (compression) {
                            case "GZIP" -> compressed(content, GZIPOutputStream::new);
                            case "BZIP2" -> compressed(content, BZip2CompressorOutputStream::new);
                            default -> Zstd.compress(content);
                        });

        run("COPY t FROM 's3://bucket/f'" + AS_ROLE + compression);

        assertThat(rows("SELECT sum(i) FROM t")).containsExactly(List.of("3"));
        server.s3().put("f", "no such file");
        assertFails("COPY t FROM 's3://bucket/f'" + AS_ROLE + compression, "XX000", "cannot read s3://bucket/f");
        assertThat(server.s3().openStreams).hasValue(0);
    }

    private interface Compressor {
        OutputStream to(OutputStream output) throws IOException;
    }

    private static byte[] compressed(byte[] content, Compressor compressor) throws IOException {
        var output = new ByteArrayOutputStream();
        try (var stream = compressor.to(output)) {
            stream.write(content);
        }
        return output.toByteArray();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            DELIMITER ',' NULL AS 'nil' ; 1,nil,2024-01-02 ; 1 null 2024-01-02
            DELIMITER '\\t' ; `1\tx\t2024-01-02` ; 1 x 2024-01-02
            ESCAPE ; 1|a\\|b|2024-01-02 ; 1 a|b 2024-01-02
            REMOVEQUOTES ; "1"|"a|b"|2024-01-02 ; 1 a|b 2024-01-02
            FIXEDWIDTH 'i:3,s:2,d:10' ; `  1ab2024-01-02` ; 1 ab 2024-01-02
            EMPTYASNULL ; 1||2024-01-02 ; 1 null 2024-01-02
            BLANKSASNULL ; `1|  |2024-01-02` ; 1 null 2024-01-02
            TRIMBLANKS ; `1|a  |2024-01-02` ; 1 a 2024-01-02
            TRUNCATECOLUMNS ; 1|abcdefgh|2024-01-02 ; 1 abcde 2024-01-02
            FILLRECORD ; 1|a ; 1 a null
            DATEFORMAT 'DD.MM.YYYY' ; 1|a|31.12.2024 ; 1 a 2024-12-31
            DATEFORMAT AS 'auto' ; 1|a|Jan-08-1999 ; 1 a 1999-01-08
            COMPUPDATE OFF STATUPDATE ON ; 1|a|2024-01-02 ; 1 a 2024-01-02
            CSV QUOTE AS '%' ; 1,%a,b%,2024-01-02 ; 1 a,b 2024-01-02
            ENCODING UTF8 REGION 'us-east-1' ; 1|é|2024-01-02 ; 1 é 2024-01-02
            """)
    void optionsDoAsTheyAreDocumented(String options, String line, String expected) throws Exception {
        run("CREATE TABLE t(i INTEGER, s VARCHAR(5), d DATE)");
        server.s3().put("f", line + "\n");

        run("COPY t FROM 's3://bucket/f'" + AS_ROLE + options);

        assertThat(String.join(
                        " ",
                        rows("SELECT i::varchar, coalesce(s, 'null'), coalesce(d::varchar, 'null') FROM t")
                                .getFirst()))
                .isEqualTo(expected);
    }

    @Test
    void bytesThatAreNoTextAreRefusedOrReplaced() throws Exception {
        run("CREATE TABLE t(i INTEGER, s VARCHAR)");
        server.s3().objects.put("f", new byte[] {'1', '|', 'a', (byte) 0xff, 'b', '\n'});

        assertFails("COPY t FROM 's3://bucket/f'" + AS_ROLE, "XX000", "Load into table 't' failed");
        assertThat(rows("SELECT err_reason FROM stl_load_errors").getFirst().getFirst())
                .contains("Bad UTF8 hex sequence: ff");
        run("COPY t FROM 's3://bucket/f'" + AS_ROLE + "ACCEPTINVCHARS AS '^'");
        assertThat(rows("SELECT s FROM t")).containsExactly(List.of("a^b"));
    }

    @Test
    void jsonIsFoundByNamesOrPaths() throws Exception {
        run("CREATE TABLE t(id INTEGER, name VARCHAR, tags SUPER)");
        server.s3().put("f", "{\"id\": 1, \"name\": \"a\", \"tags\": [1, {\"x\": 2}], \"more\": 0}\n{\"id\": 2}");
        run("COPY t FROM 's3://bucket/f'" + AS_ROLE + "FORMAT AS JSON 'auto'");
        server.s3().put("g", "{\"ID\": 3, \"Name\": \"c\"}");
        run("COPY t FROM 's3://bucket/g'" + AS_ROLE + "JSON 'auto ignorecase'");
        server.s3().put("paths", "{\"jsonpaths\": [\"$.o['id']\", \"$.o.list[1]\", \"$.o\"]}");
        server.s3().put("h", "{\"o\": {\"id\": 4, \"list\": [true, 1.5]}}");
        run("COPY t FROM 's3://bucket/h'" + AS_ROLE + "JSON 's3://bucket/paths'");

        assertThat(rows("SELECT id, name, tags FROM t ORDER BY id"))
                .containsExactly(
                        List.of("1", "a", "[1,{\"x\":2}]"),
                        Arrays.asList("2", null, null),
                        Arrays.asList("3", "c", null),
                        List.of("4", "1.5", "{\"id\":4,\"list\":[true,1.5]}"));
        run("CREATE TABLE whole(value SUPER)");
        run("COPY whole FROM 's3://bucket/f'" + AS_ROLE + "JSON 'noshred'");
        assertThat(rows("SELECT count(*) FROM whole")).containsExactly(List.of("2"));
        server.s3().put("f", "{\"id\": 1}\n{\"id\": ");
        assertFails("COPY t FROM 's3://bucket/f'" + AS_ROLE + "JSON 'auto'", "XX000", "Load into table 't' failed");
    }

    @Test
    void aManifestListsFiles() throws Exception {
        run("CREATE TABLE t(i INTEGER)");
        server.s3().put("a", "1\n");
        server.s3().put("b", "2\n");
        server.s3().put("manifest", """
                {"entries": [{"url": "s3://bucket/b", "mandatory": true}, {"url": "s3://bucket/c", "mandatory": false}]}""");
        run("COPY t FROM 's3://bucket/manifest'" + AS_ROLE + "MANIFEST");
        assertThat(rows("SELECT i FROM t")).containsExactly(List.of("2"));
        server.s3().put("manifest", "{\"entries\": [{\"url\": \"s3://bucket/c\", \"mandatory\": true}]}");
        assertFails("COPY t FROM 's3://bucket/manifest'" + AS_ROLE + "MANIFEST", "XX000", "s3://bucket/c");
    }

    @Test
    void columnsAreNamedAndOthersHaveTheirDefaults() throws Exception {
        run("CREATE TABLE t(i INTEGER, s VARCHAR DEFAULT 'none', f REAL)");
        server.s3().put("f", "0.5|1\n");
        run("COPY t(f, i) FROM 's3://bucket/f'" + AS_ROLE);
        assertThat(rows("SELECT i, s, f FROM t")).containsExactly(List.of("1", "none", "0.5"));
        assertFails("COPY t(nothing) FROM 's3://bucket/f'" + AS_ROLE, "42703", "column \"nothing\"");
        assertFails("COPY nowhere FROM 's3://bucket/f'" + AS_ROLE, "42P01", "nowhere");
    }

    /** UPSERT of S3ToRedshiftOperator, of Airflow's Amazon provider. */
    @Test
    void aTemporaryTableIsLoadedAsAirflowDoes() throws Exception {
        run("CREATE TABLE t(id INTEGER, s VARCHAR)");
        run("INSERT INTO t VALUES (1, 'old'), (3, 'c')");
        server.s3().put("f", "1|new\n2|b\n");
        run("CREATE TEMP TABLE #t AS SELECT * FROM t WHERE false");
        run("""

                COPY #t\s
                FROM 's3://bucket/f'
                credentials
                'aws_access_key_id=owner;aws_secret_access_key=s'
                delimiter '|'
                region 'us-east-1';
                """);
        run("BEGIN");
        run("DELETE FROM t USING #t WHERE t.id = #t.id");
        run("INSERT INTO t SELECT * FROM #t");
        run("COMMIT");
        assertThat(rows("SELECT id, s FROM t ORDER BY id"))
                .containsExactly(List.of("1", "new"), List.of("2", "b"), List.of("3", "c"));
    }

    @Test
    void noloadChecksOnly() throws Exception {
        run("CREATE TABLE t(i INTEGER)");
        server.s3().put("f", "1\n");
        run("COPY t FROM 's3://bucket/f'" + AS_ROLE + "NOLOAD");
        assertThat(rows("SELECT count(*) FROM t")).containsExactly(List.of("0"));
        server.s3().put("f", "x\n");
        assertFails("COPY t FROM 's3://bucket/f'" + AS_ROLE + "NOLOAD", "XX000", "Load into table 't' failed");
    }

    @Test
    void whoMayNotReadIsRefused() throws Exception {
        run("CREATE TABLE t(i INTEGER)");
        server.s3().put("f", "1\n");
        assertFails(
                "COPY t FROM 's3://bucket/f' ACCESS_KEY_ID 'other' SECRET_ACCESS_KEY 's'", "42501", "Access Denied");
        assertFails(
                "COPY t FROM 's3://bucket/f' IAM_ROLE 'arn:aws:iam::123456789012:role/x'", "XX000", "not associated");
        assertFails("COPY t FROM 's3://bucket/f'", "XX000", "No authorization was given");
        assertFails(
                "COPY t FROM 's3://bucket/none' IAM_ROLE default",
                "XX000",
                "The specified S3 prefix 'none' does not exist");
        run("COPY t FROM 's3://bucket/f' IAM_ROLE default");
        run("COPY t FROM 's3://bucket/f' CREDENTIALS 'aws_iam_role=" + ROLE + "'");
        run(
                "COPY t FROM 's3://bucket/f' WITH CREDENTIALS AS 'aws_access_key_id=owner;aws_secret_access_key=s;token=t'");
        run("COPY t FROM 's3://bucket/f' ACCESS_KEY_ID AS 'owner' SECRET_ACCESS_KEY AS 's' SESSION_TOKEN 't'");
        run("COPY t FROM 's3://bucket/f' IAM_ROLE '" + ROLE + ",arn:aws:iam::210987654321:role/next'");
        assertThat(rows("SELECT count(*) FROM t")).containsExactly(List.of("5"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            COPY t FROM 's3://bucket/f' IAM_ROLE default FORMAT AS AVRO 'auto' | 0A000 | AVRO
            COPY t FROM 's3://bucket/f' IAM_ROLE default ORC                   | 0A000 | ORC
            COPY t FROM 's3://bucket/f' IAM_ROLE default LZOP                  | 0A000 | LZOP
            COPY t FROM 's3://bucket/f' IAM_ROLE default ENCODING UTF16        | 0A000 | ENCODING utf16
            COPY t FROM 'emr://cluster/f' IAM_ROLE default                     | 0A000 | emr://cluster/f
            COPY t FROM STDIN                                                  | 0A000 | STDIN
            COPY t FROM 's3://bucket/f' IAM_ROLE default CSV ESCAPE            | 42601 | CSV and ESCAPE
            COPY t FROM 's3://bucket/f' IAM_ROLE default NONSENSE              | 42601 | NONSENSE
            COPY t FROM 's3://bucket/f' IAM_ROLE default PARQUET MAXERROR 3    | 42601 | PARQUET and MAXERROR
            SELECT * FROM read_csv('/x')                                       | 42501 | read_csv
            SELECT * FROM system.main."read_parquet"('/x')                     | 42501 | read_parquet
            SELECT * FROM glob('/*')                                           | 42501 | glob
            SELECT * FROM query('SELECT 1')                                    | 42501 | query
            SELECT * FROM t, '/groundplane-staging/*/[0.csv?]'                 | 42501 | groundplane-staging
            SELECT * FROM '/staging/x.csv'                                     | 42601 | '/staging/x.csv'
            SELECT * FROM "/staging/x.parquet"                                 | 42601 | cannot be the name of a table
            """)
    void whatIsNotSupportedIsRefusedByName(String sql, String state, String words) throws Exception {
        run("CREATE TABLE t(i INTEGER)");
        assertFails(sql, state, words);
    }
}
