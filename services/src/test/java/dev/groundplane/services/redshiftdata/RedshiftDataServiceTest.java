package dev.groundplane.services.redshiftdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.groundplane.platform.event.Events;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.redshiftdata.model.ColumnMetadata;
import software.amazon.awssdk.services.redshiftdata.model.Field;
import software.amazon.awssdk.services.redshiftdata.model.GetStatementResultResponse;
import software.amazon.awssdk.services.redshiftdata.model.ResourceNotFoundException;
import software.amazon.awssdk.services.redshiftdata.model.ResultFormatString;
import software.amazon.awssdk.services.redshiftdata.model.SqlParameter;
import software.amazon.awssdk.services.redshiftdata.model.StatementData;
import software.amazon.awssdk.services.redshiftdata.model.StatementStatusString;
import software.amazon.awssdk.services.redshiftdata.model.StatusString;
import software.amazon.awssdk.services.redshiftdata.model.SubStatementData;
import software.amazon.awssdk.services.redshiftdata.model.ValidationException;

class RedshiftDataServiceTest {
    private static final Instant START = Instant.parse("2026-01-15T12:00:00Z");
    private static final long SMALL = 500_000;

    @TempDir
    private Path directory;

    private DataApi api;

    @BeforeEach
    void open() {
        api = new DataApi(directory, SMALL, START);
        api.data.start();
    }

    @AfterEach
    void close() {
        api.close();
    }

    private List<List<Field>> records(String id) {
        return api.client().getStatementResult(r -> r.id(id)).records();
    }

    @Test
    void aResultHasItsFieldsByType() {
        var done = api.run(
                "SELECT 7::int AS i, 1.5::float8 AS d, true AS b, 'x'::varchar AS s, 1.50::numeric(6,2) AS n,"
                        + " DATE '2024-01-02' AS day, '\\x0aff'::bytea AS raw, NULL::int AS nothing, 'NaN'::float8 AS nan");

        assertThat(done.status()).isEqualTo(StatusString.FINISHED);
        assertThat(done.hasResultSet()).isTrue();
        assertThat(done.resultRows()).isEqualTo(1);
        assertThat(done.resultSize()).isPositive();
        assertThat(done.duration()).isPositive();
        assertThat(done.redshiftPid()).isPositive();
        assertThat(done.dbUser()).isEqualTo("groundplane");
        var result = api.client().getStatementResult(r -> r.id(done.id()));
        assertThat(result.totalNumRows()).isEqualTo(1);
        assertThat(result.nextToken()).isNull();
        assertThat(result.records().getFirst())
                .containsExactly(
                        Field.fromLongValue(7L),
                        Field.fromDoubleValue(1.5),
                        Field.fromBooleanValue(true),
                        Field.fromStringValue("x"),
                        Field.fromStringValue("1.50"),
                        Field.fromStringValue("2024-01-02"),
                        Field.fromBlobValue(SdkBytes.fromByteArray(new byte[] {10, -1})),
                        Field.fromIsNull(true),
                        Field.fromDoubleValue(Double.NaN));
        assertThat(result.columnMetadata())
                .extracting(ColumnMetadata::name, ColumnMetadata::typeName, ColumnMetadata::isSigned)
                .contains(tuple("i", "int4", true), tuple("s", "varchar", false));
        assertThat(result.columnMetadata().get(4).precision()).isEqualTo(6);
        assertThat(result.columnMetadata().get(4).scale()).isEqualTo(2);
    }

    @Test
    void aFailureIsToldAsTheDatabaseToldIt() {
        var done = api.run("SELECT * FROM nowhere");

        assertThat(done.status()).isEqualTo(StatusString.FAILED);
        assertThat(done.error()).startsWith("ERROR: relation \"nowhere\" does not exist");
        assertThat(done.hasResultSet()).isFalse();
        assertThatExceptionOfType(ResourceNotFoundException.class)
                .isThrownBy(() -> records(done.id()))
                .withMessageContaining("Query does not have result");
    }

    @Test
    void resultsComeInPages() {
        String id = api.submit("SELECT i, repeat('x', 100) FROM generate_series(1, 25000) AS i");
        assertThat(api.end(id).resultRows()).isEqualTo(25_000);

        List<Long> seen = new ArrayList<>();
        int pages = 0;
        String token = null;
        do {
            String next = token;
            GetStatementResultResponse page =
                    api.client().getStatementResult(r -> r.id(id).nextToken(next));
            page.records().forEach(row -> seen.add(row.getFirst().longValue()));
            token = page.nextToken();
            pages++;
        } while (token != null);
        assertThat(pages).isGreaterThan(2);
        assertThat(seen).hasSize(25_000).isSorted().doesNotHaveDuplicates();
        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() -> api.client().getStatementResult(r -> r.id(id).nextToken("bm9uc2Vuc2U=")));
    }

    @Test
    void aResultThatIsTooLargeFails() {
        var done = api.run("SELECT md5(random()::text) FROM generate_series(1, 50000)");

        assertThat(done.status()).isEqualTo(StatusString.FAILED);
        assertThat(done.error()).contains("Database response exceeded size limit");
        var wide = api.run("SELECT repeat('x', 70000)");
        assertThat(wide.error()).contains("Packet for query is too large");
    }

    @Test
    void csvIsOnlyForTheSecondVersion() {
        String id = api.client()
                .executeStatement(r -> r.sql("SELECT 1, 'a,\"b', NULL, '' UNION ALL SELECT 2, 'c', 'd', 'e' ORDER BY 1")
                        .workgroupName("risk")
                        .database("postgres")
                        .resultFormat(ResultFormatString.CSV))
                .id();
        api.end(id);

        var result = api.client().getStatementResultV2(r -> r.id(id));
        assertThat(result.resultFormat()).isEqualTo(ResultFormatString.CSV);
        assertThat(result.records().getFirst().csvRecords()).isEqualTo("1,\"a,\"\"b\",,\"\"\r\n2,c,d,e\r\n");
        assertThat(result.columnMetadata()).hasSize(4);
        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() -> records(id))
                .withMessageContaining("GetStatementResultV2");
    }

    @Test
    void parametersTakeTheTypeOfTheirPlace() {
        String id = api.client()
                .executeStatement(r -> r.sql("SELECT i FROM generate_series(1, 9) AS i WHERE i > :least AND ':x' <> :x")
                        .workgroupName("risk")
                        .database("postgres")
                        .parameters(parameter("least", "7"), parameter("x", "it's")))
                .id();

        assertThat(api.end(id).error()).isNull();
        assertThat(records(id)).hasSize(2);
        assertThat(api.client().describeStatement(r -> r.id(id)).queryParameters())
                .hasSize(2);
        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() -> api.client()
                        .executeStatement(r -> r.sql("SELECT 1")
                                .workgroupName("risk")
                                .database("postgres")
                                .parameters(parameter("least", "7"))))
                .withMessageContaining("least");
    }

    private static SqlParameter parameter(String name, String value) {
        return SqlParameter.builder().name(name).value(value).build();
    }

    private String batch(String... sqls) {
        return api.client()
                .batchExecuteStatement(r -> r.sqls(sqls).workgroupName("risk").database("postgres"))
                .id();
    }

    @Test
    void aBatchHasAResultForEachStatement() {
        String id = batch(
                "CREATE TABLE batch_one(i int)", "INSERT INTO batch_one VALUES (1), (2)", "SELECT * FROM batch_one");

        var done = api.end(id);
        assertThat(done.error()).isNull();
        assertThat(done.hasResultSet()).isTrue();
        assertThat(done.resultRows()).isEqualTo(-1);
        assertThat(done.subStatements())
                .extracting(SubStatementData::id)
                .containsExactly(id + ":1", id + ":2", id + ":3");
        assertThat(done.subStatements())
                .extracting(SubStatementData::resultRows)
                .containsExactly(0L, 2L, 2L);
        assertThat(records(id + ":3")).hasSize(2);
        assertThat(api.client().describeStatement(r -> r.id(id + ":2")).queryString())
                .startsWith("INSERT");
        assertThatExceptionOfType(ResourceNotFoundException.class).isThrownBy(() -> records(id));
        assertThatExceptionOfType(ResourceNotFoundException.class)
                .isThrownBy(() -> api.client().describeStatement(r -> r.id(id + ":4")));
    }

    @Test
    void aBatchIsOneTransaction() {
        String id = batch("CREATE TABLE batch_two(i int)", "SELECT 1", "SELECT 1/0", "SELECT 2");

        var done = api.end(id);
        assertThat(done.status()).isEqualTo(StatusString.FAILED);
        assertThat(done.error()).isEqualTo("Query #3 failed with ERROR: division by zero");
        assertThat(done.subStatements())
                .extracting(SubStatementData::status)
                .containsExactly(
                        StatementStatusString.FINISHED,
                        StatementStatusString.FINISHED,
                        StatementStatusString.FAILED,
                        StatementStatusString.ABORTED);
        assertThatExceptionOfType(ResourceNotFoundException.class).isThrownBy(() -> records(id + ":2"));
        assertThat(api.run("SELECT * FROM batch_two").status()).isEqualTo(StatusString.FAILED);
    }

    @Test
    void aStatementThatRunsCanBeCancelled() {
        String id = api.submit("SELECT pg_sleep(600)");
        api.started(id);

        assertThat(api.client().cancelStatement(r -> r.id(id)).status()).isTrue();
        var done = api.end(id);
        assertThat(done.status()).isEqualTo(StatusString.ABORTED);
        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() -> api.client().cancelStatement(r -> r.id(id)))
                .withMessageContaining("already in ABORTED state");
    }

    @Test
    void aTokenMakesOneStatement() {
        String first = tokened("SELECT 1");

        assertThat(tokened("SELECT 1")).isEqualTo(first);
        assertThatExceptionOfType(ValidationException.class).isThrownBy(() -> tokened("SELECT 2"));
        api.now = START.plus(Duration.ofHours(9));
        assertThat(tokened("SELECT 1")).isNotEqualTo(first);
    }

    private String tokened(String sql) {
        return api.client()
                .executeStatement(r ->
                        r.sql(sql).workgroupName("risk").database("postgres").clientToken("once"))
                .id();
    }

    @Test
    void statementsAreListedNewestFirstAndFiltered() {
        for (int i = 1; i <= 5; i++) {
            int number = i;
            api.now = START.plusSeconds(i);
            api.end(api.client()
                    .executeStatement(r -> r.sql("SELECT " + number)
                            .workgroupName("risk")
                            .database("postgres")
                            .statementName((number % 2 == 0 ? "even" : "odd") + number))
                    .id());
        }
        api.run("SELECT 1/0");

        assertThat(api.client().listStatements(r -> r.statementName("odd")).statements())
                .extracting(StatementData::statementName)
                .containsExactly("odd5", "odd3", "odd1");
        assertThat(api.client().listStatements(r -> r.status("FAILED")).statements())
                .hasSize(1);
        var first = api.client().listStatements(r -> r.status("ALL").maxResults(4));
        var second =
                api.client().listStatements(r -> r.status("ALL").maxResults(4).nextToken(first.nextToken()));
        assertThat(first.statements()).hasSize(4);
        assertThat(second.statements()).hasSize(2);
        assertThat(second.nextToken()).isNull();
        assertThat(api.client()
                        .listStatements(r -> r.workgroupName("risk").database("dev"))
                        .statements())
                .isEmpty();
        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() -> api.client().listStatements(r -> r.status("DONE")));
    }

    @Test
    void whatAnEarlierProcessRanHasFailedAndWhatItHadTakenInRuns() {
        api.close();
        api = new DataApi(directory, SMALL, START);
        String waiting = api.submit("SELECT 1"); // not started: it stays as it is
        String lost = api.submit("SELECT 2");
        new StatementStore(api.database, new Events())
                .change(
                        DataApi.SCOPE,
                        lost,
                        stored -> stored.with(stored.value().toBuilder()
                                        .status(StatusString.STARTED)
                                        .build())
                                .withExtra(StatementStore.RUNNER, "a process that is gone"));

        api.data.start();
        assertThat(api.end(waiting).status()).isEqualTo(StatusString.FINISHED);
        assertThat(api.end(lost)).satisfies(failed -> {
            assertThat(failed.status()).isEqualTo(StatusString.FAILED);
            assertThat(failed.error()).isEqualTo(StatementRuns.LOST);
        });
    }

    @Test
    void whatHasNotBegunIsCancelledAtOnce() {
        api.close();
        api = new DataApi(directory, SMALL, START);
        String id = api.submit("SELECT 1");

        api.client().cancelStatement(r -> r.id(id));
        assertThat(api.client().describeStatement(r -> r.id(id)).status()).isEqualTo(StatusString.ABORTED);
    }

    @Test
    void whateverStandsBeforeAStatementItIsRun() {
        String blanks = " \n".repeat(20_000) + "/* why */ -- because\n(SELECT 7)";

        assertThat(api.run(blanks).status()).isEqualTo(StatusString.FINISHED);
    }

    @Test
    void statementsAndResultsAreKeptForADay() {
        var done = api.run("SELECT 1");

        api.now = START.plus(Duration.ofHours(23));
        api.data.sweep();
        assertThat(records(done.id())).hasSize(1);
        api.now = START.plus(Duration.ofHours(25));
        api.data.sweep();
        assertThatExceptionOfType(ResourceNotFoundException.class).isThrownBy(() -> records(done.id()));
    }

    @Test
    void whatCannotRunIsRefused() {
        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() -> api.client()
                        .executeStatement(
                                r -> r.sql("SELECT 1").clusterIdentifier("old").database("postgres")))
                .withMessageContaining("cluster old");
        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() -> api.submit("SELECT 1; SELECT 2"))
                .withMessageContaining("single SQL statement");
        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() -> api.submit("SELECT '" + "x".repeat(100 * 1024) + "'"))
                .withMessageContaining("100 KB");
        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() -> api.client()
                        .executeStatement(r -> r.sql("SELECT 1")
                                .workgroupName("risk")
                                .database("postgres")
                                .withEvent(true)))
                .withMessageContaining("WithEvent is not implemented");
        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() -> api.client()
                        .executeStatement(
                                r -> r.sql("SELECT 1").workgroupName("other").database("postgres")))
                .withMessageContaining("Redshift endpoint doesn't exist in this region");
        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() -> api.client().executeStatement(r -> r.sql("SELECT 1")))
                .withMessageContaining("WorkgroupName");
    }
}
