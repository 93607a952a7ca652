package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** UNLOAD through PostgreSQL's driver, with a bucket in memory. */
class UnloadTest extends StorageFixture {
    @BeforeEach
    void fill() throws Exception {
        run("CREATE TABLE t(i INTEGER, s VARCHAR, o BOOLEAN, f DOUBLE PRECISION, moment TIMESTAMP)");
        run("INSERT INTO t VALUES (1, 'a|\"b', true, 2, '2024-01-02 03:04:05'), (2, NULL, false, 0.5, NULL)");
    }

    private void unload(String options) throws Exception {
        run("UNLOAD ('SELECT * FROM t WHERE s IS NULL OR s <> ''x'' ORDER BY i') TO 's3://bucket/out/t_'" + AS_ROLE
                + "PARALLEL OFF " + options);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            ``                     ; `1|a|"b|t|2|2024-01-02 03:04:05/2||f|0.5|/`
            HEADER DELIMITER ','   ; `i,s,o,f,moment/1,a|"b,t,2,2024-01-02 03:04:05/2,,f,0.5,/`
            ADDQUOTES NULL AS 'nil'; `"1"|"a|"b"|"t"|"2"|"2024-01-02 03:04:05"/"2"|nil|"f"|"0.5"|nil/`
            ESCAPE                 ; `1|a\\|\\"b|t|2|2024-01-02 03:04:05/2||f|0.5|/`
            CSV HEADER             ; `i,s,o,f,moment/1,"a|""b",t,2,2024-01-02 03:04:05/2,,f,0.5,/`
            FORMAT AS JSON         ; `{"i":1,"s":"a|\\"b","o":true,"f":2.0,"moment":"2024-01-02 03:04:05"}/{"i":2,"s":null,"o":false,"f":0.5,"moment":null}/`
            """)
    void textIsWrittenAsRedshiftDoes(String options, String expected) throws Exception {
        unload(options);
        assertThat(server.s3().keys()).containsExactly("out/t_000");
        assertThat(server.s3().text("out/t_000").replace('\n', '/')).isEqualTo(expected);
        assertThat(server.staging()).isEmptyDirectory();
        assertThat(rows("SELECT pg_last_unload_count()")).containsExactly(List.of("2"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"CSV", "PARQUET", "ESCAPE", "FORMAT JSON", "CSV GZIP", "ADDQUOTES ESCAPE"})
    void whatIsUnloadedIsLoadedAgain(String options) throws Exception {
        run("UNLOAD ('SELECT * FROM t') TO 's3://bucket/out/' IAM_ROLE default MANIFEST VERBOSE NULL AS '@' "
                        .replace("NULL AS '@'", options.matches(".*(JSON|PARQUET).*") ? "" : "NULL AS '@'")
                + options);
        run("CREATE TABLE again(i INTEGER, s VARCHAR, o BOOLEAN, f DOUBLE PRECISION, moment TIMESTAMP)");
        run("COPY again FROM 's3://bucket/out/manifest' IAM_ROLE default MANIFEST "
                + (options.matches(".*(JSON|PARQUET).*") ? "" : "NULL AS '@' ")
                + options.replace("JSON", "JSON 'auto'").replace("ADDQUOTES", "REMOVEQUOTES"));
        assertThat(rows("SELECT * FROM again ORDER BY i")).isEqualTo(rows("SELECT * FROM t ORDER BY i"));
        var manifest = new ObjectMapper().readTree(server.s3().text("out/manifest"));
        var key = manifest.path("entries").path(0).path("url").asText().substring("s3://bucket/".length());
        assertThat(key).startsWith("out/0000_part_00");
        assertThat(manifest.path("entries")
                        .path(0)
                        .path("meta")
                        .path("content_length")
                        .asInt())
                .isEqualTo(server.s3().objects.get(key).length);
        assertThat(manifest.path("meta").path("record_count").asInt()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"GZIP,.gz", "ZSTD,.zst", "BZIP2,.bz2"})
    void filesAreCompressed(String compression, String extension) throws Exception {
        unload(compression);
        var content = new ByteArrayInputStream(server.s3().objects.get("out/t_000" + extension));
        InputStream plain = switch (compression) {
            case "GZIP" -> new GZIPInputStream(content);
            case "ZSTD" -> new ZstdInputStream(content);
            default -> new BZip2CompressorInputStream(content);
        };
        assertThat(new String(plain.readAllBytes(), StandardCharsets.UTF_8)).startsWith("1|a|");
        unload("ALLOWOVERWRITE EXTENSION 'txt'");
        assertThat(server.s3().keys()).contains("out/t_000.txt");
    }

    @Test
    void partitionsAreFolders() throws Exception {
        run("UNLOAD ('SELECT i, s, o FROM t') TO 's3://bucket/lake' IAM_ROLE default PARTITION BY (o) CSV");
        assertThat(server.s3().keys()).containsExactly("lake/o=f/0000_part_00", "lake/o=t/0001_part_00");
        assertThat(server.s3().text("lake/o=f/0000_part_00")).isEqualTo("2,\n");
        run("UNLOAD ('SELECT i, s, o FROM t') TO 's3://bucket/two/' IAM_ROLE default PARTITION BY (i) INCLUDE");
        assertThat(server.s3().text("two/i=2/0001_part_00")).isEqualTo("2||f\n");
        assertFails(
                "UNLOAD ('SELECT i FROM t') TO 's3://bucket/three/' IAM_ROLE default PARTITION BY (z)",
                "42703",
                "\"z\"");
    }

    @Test
    void whatIsThereStaysUnlessSaidOtherwise() throws Exception {
        server.s3().put("out/t_999", "mine");
        assertFails(
                "UNLOAD ('SELECT 1') TO 's3://bucket/out/' IAM_ROLE default",
                "XX000",
                "Specified unload destination on S3 is not empty");
        unload("ALLOWOVERWRITE");
        assertThat(server.s3().keys()).containsExactly("out/t_000", "out/t_999");
        unload("CLEANPATH");
        assertThat(server.s3().keys()).containsExactly("out/t_000");
    }

    @Test
    void whatFailsLeavesNothing() throws Exception {
        run("CREATE TABLE wide AS SELECT range AS i, repeat(md5(range::varchar), 10) AS s FROM range(60000)");
        for (var writes = 0; writes < 4; writes++) { // each file: create an upload, two parts or three, complete
            server.s3().writesLeft.set(writes);
            assertFails(
                    "UNLOAD ('SELECT * FROM wide') TO 's3://bucket/out/' IAM_ROLE default PARALLEL OFF",
                    "XX000",
                    "We encountered an internal error");
            assertThat(server.s3().keys()).isEmpty();
            assertThat(server.s3().uploads).isEmpty();
        }
        server.s3().writesLeft.set(2);
        assertFails(
                "UNLOAD ('SELECT i, i % 3 AS p FROM t, range(3)') TO 's3://bucket/out/' IAM_ROLE default PARTITION BY (i)"
                        + " MANIFEST",
                "XX000", "internal error");
        assertThat(server.s3().keys()).isEmpty();
        server.s3().writesLeft.set(100);
        run("UNLOAD ('SELECT * FROM wide') TO 's3://bucket/out/' IAM_ROLE default PARALLEL OFF");
        assertThat(server.s3().text("out/000").lines()).hasSize(60000);
        assertThat(server.staging()).isEmptyDirectory();
    }

    @Test
    void filesThatBecomeTooLargeEndTheStatement() throws Exception {
        assertFails(
                "UNLOAD ('SELECT repeat(md5(range::varchar), 30) FROM range(100000000)') TO 's3://bucket/out/'"
                        + " IAM_ROLE default PARALLEL OFF",
                "53100",
                "do not fit into the 64 MiB for staging");
        assertThat(server.s3().keys()).isEmpty();
        assertThat(server.staging()).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            UNLOAD ('SELECT 1') TO 's3://b/o' IAM_ROLE default ENCRYPTED        | 0A000 | ENCRYPTED
            UNLOAD ('SELECT 1') TO 's3://b/o' IAM_ROLE default KMS_KEY_ID 'x'   | 0A000 | KMS_KEY_ID
            UNLOAD ('SELECT 1') TO 's3://b/o' IAM_ROLE default FIXEDWIDTH '1:1' | 0A000 | FIXEDWIDTH
            UNLOAD ('SELECT 1') TO 's3://b/o' IAM_ROLE default PARQUET GZIP     | 42601 | PARQUET and GZIP
            UNLOAD ('SELECT 1') TO 's3://b/o' IAM_ROLE default PARALLEL OFF MAXFILESIZE 5 MB | 0A000 | MAXFILESIZE
            UNLOAD ('SELECT 1') TO 's3://b/o' IAM_ROLE default MAXFILESIZE 1 MB | XX000 | MAXFILESIZE
            UNLOAD ('DELETE FROM t') TO 's3://b/o' IAM_ROLE default             | 42601 | one query
            UNLOAD ('SELECT * FROM nowhere') TO 's3://b/o' IAM_ROLE default     | 42P01 | nowhere
            UNLOAD ('SELECT * FROM glob(''/*'')') TO 's3://b/o' IAM_ROLE default | 42501 | glob
            UNLOAD ('SELECT 1') TO '/tmp/o' IAM_ROLE default                    | 0A000 | /tmp/o
            """)
    void whatIsNotSupportedIsRefusedByName(String sql, String state, String words) {
        assertFails(sql, state, words);
    }

    @Test
    void whatPoliciesHideIsNotUnloaded() throws Exception {
        run("CREATE USER bob PASSWORD 'Password1'");
        run("GRANT SELECT ON t TO bob");
        run("CREATE RLS POLICY second WITH (i INTEGER) USING (i = 2)");
        run("ATTACH RLS POLICY second ON t TO PUBLIC");
        run("ALTER TABLE t ROW LEVEL SECURITY ON");
        run("CREATE MASKING POLICY half WITH (f DOUBLE PRECISION) USING (f / 2)");
        run("ATTACH MASKING POLICY half ON t(f) TO bob");
        run("SET SESSION AUTHORIZATION bob");
        run("UNLOAD ('SELECT i, f FROM t') TO 's3://bucket/out/t_'" + AS_ROLE + "PARALLEL OFF");
        assertThat(server.s3().text("out/t_000")).isEqualTo("2|0.25\n");
    }
}
