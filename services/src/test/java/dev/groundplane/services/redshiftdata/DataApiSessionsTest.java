package dev.groundplane.services.redshiftdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.groundplane.platform.identity.Caller;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.redshiftdata.model.DescribeStatementResponse;
import software.amazon.awssdk.services.redshiftdata.model.Field;
import software.amazon.awssdk.services.redshiftdata.model.ResourceNotFoundException;
import software.amazon.awssdk.services.redshiftdata.model.StatementData;
import software.amazon.awssdk.services.redshiftdata.model.StatusString;
import software.amazon.awssdk.services.redshiftdata.model.ValidationException;

/** Who statements and sessions belong to, and where they run. */
class DataApiSessionsTest {
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

    @Test
    void aLoginThatFailsIsToldAsTheDatabaseToldIt() {
        String id = api.client()
                .executeStatement(r -> r.sql("SELECT 1").workgroupName("risk").database("nodatabase"))
                .id();

        assertThat(api.end(id).error()).isEqualTo("FATAL: database \"nodatabase\" does not exist");
    }

    @Test
    void statementsAreTheirOwnersAlone() {
        String id = api.submit("SELECT 1");
        api.end(id);
        Caller other = Caller.user(DataApi.ACCOUNT, "arn:aws:iam::123456789012:user/other", "AIDAOTHER", "");

        assertThatExceptionOfType(ResourceNotFoundException.class)
                .isThrownBy(() -> api.client(other).describeStatement(r -> r.id(id)))
                .withMessageContaining("Query does not exist.");
        assertThatExceptionOfType(ResourceNotFoundException.class)
                .isThrownBy(() -> api.client(other).getStatementResult(r -> r.id(id)));
        assertThatExceptionOfType(ResourceNotFoundException.class)
                .isThrownBy(() -> api.client(other).cancelStatement(r -> r.id(id)));
        assertThat(api.client(other)
                        .listStatements(r -> r.status(StatusString.ALL))
                        .statements())
                .isEmpty();
    }

    @Test
    void sessionsOfARoleSeeEachOther() {
        Caller one = Caller.session(DataApi.ACCOUNT, "analyst", "AROA1", "monday", "");
        Caller next = Caller.session(DataApi.ACCOUNT, "analyst", "AROA1", "tuesday", "");
        String id = api.client(one)
                .executeStatement(r -> r.sql("SELECT 1").workgroupName("risk").database("postgres"))
                .id();

        assertThat(api.client(next).describeStatement(r -> r.id(id)).id()).isEqualTo(id);
        assertThat(api.client(next)
                        .listStatements(r -> r.status(StatusString.ALL))
                        .statements())
                .hasSize(1);
        assertThat(api.client(next)
                        .listStatements(r -> r.status(StatusString.ALL).roleLevel(false))
                        .statements())
                .isEmpty();
    }

    private DescribeStatementResponse inSession(String session, String sql) {
        return api.end(api.client()
                .executeStatement(r -> r.sql(sql).sessionId(session))
                .id());
    }

    @Test
    void aSessionKeepsWhatIsItsOwn() {
        var begun = api.client()
                .executeStatement(r -> r.sql("CREATE TEMP TABLE mine(i int)")
                        .workgroupName("risk")
                        .database("postgres")
                        .sessionKeepAliveSeconds(600));
        String session = begun.sessionId();
        api.end(begun.id());

        assertThat(inSession(session, "INSERT INTO mine VALUES (1)").error()).isNull();
        assertThat(inSession(session, "BEGIN").error()).isNull();
        assertThat(inSession(session, "INSERT INTO mine VALUES (2)").resultRows())
                .isEqualTo(1);
        assertThat(inSession(session, "SELECT * FROM mine").resultRows()).isEqualTo(2);
        assertThat(inSession(session, "ROLLBACK").error()).isNull();
        assertThat(inSession(session, "SELECT * FROM mine").resultRows()).isEqualTo(1);

        String slow = api.client()
                .executeStatement(r -> r.sql("SELECT pg_sleep(600)").sessionId(session))
                .id();
        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() ->
                        api.client().executeStatement(r -> r.sql("SELECT 1").sessionId(session)))
                .withMessageContaining("busy");
        api.client().cancelStatement(r -> r.id(slow));
        api.end(slow);
        assertThat(inSession(session, "SELECT * FROM mine").resultRows())
                .as("the session outlives a cancelled statement")
                .isEqualTo(1);
        Caller other = Caller.user(DataApi.ACCOUNT, "arn:aws:iam::123456789012:user/other", "AIDAOTHER", "");
        assertThatExceptionOfType(ResourceNotFoundException.class)
                .isThrownBy(() -> api.client(other)
                        .executeStatement(r -> r.sql("SELECT 1").sessionId(session)));
    }

    @Test
    void aSessionThatNeverBeganIsForgotten() {
        api.close();
        api = new DataApi(directory, SMALL, START);
        var statement = api.client()
                .executeStatement(r -> r.sql("SELECT 1")
                        .workgroupName("risk")
                        .database("postgres")
                        .sessionKeepAliveSeconds(60));

        api.client().cancelStatement(r -> r.id(statement.id()));
        assertThatExceptionOfType(ResourceNotFoundException.class)
                .isThrownBy(() ->
                        api.client().executeStatement(r -> r.sql("SELECT 1").sessionId(statement.sessionId())))
                .withMessageContaining("Session does not exist.");
    }

    @Test
    void aSessionsWorkgroupMayBeNamedByItsArn() {
        var first = api.client()
                .executeStatement(r -> r.sql("SELECT 1")
                        .workgroupName("risk")
                        .database("postgres")
                        .sessionKeepAliveSeconds(60));
        api.end(first.id());
        String second = api.client()
                .executeStatement(r -> r.sql("SELECT 2")
                        .sessionId(first.sessionId())
                        .workgroupName(DataApi.SCOPE.arn("redshift-serverless", "workgroup/1")))
                .id();

        assertThat(api.end(second).status()).isEqualTo(StatusString.FINISHED);
    }

    @Test
    void aSecretNamesTheUser() {
        String id = api.client()
                .executeStatement(r -> r.sql("SELECT current_user")
                        .workgroupName("risk")
                        .database("postgres")
                        .secretArn("good"))
                .id();
        assertThat(api.end(id).secretArn()).isEqualTo("good");
        assertThat(api.client().getStatementResult(r -> r.id(id)).records())
                .containsExactly(List.of(Field.fromStringValue("groundplane")));
        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() -> api.client()
                        .executeStatement(r -> r.sql("SELECT 1")
                                .workgroupName("risk")
                                .database("postgres")
                                .secretArn("bad")))
                .withMessageContaining("username and password");
    }

    @Test
    void aClustersStatementsAreItsOwn() {
        var named = api.client()
                .executeStatement(r -> r.sql("SELECT 1")
                        .clusterIdentifier("risk")
                        .database("postgres")
                        .dbUser("groundplane")
                        .sessionKeepAliveSeconds(60));
        assertThat(api.end(named.id())).satisfies(statement -> {
            assertThat(statement.status()).isEqualTo(StatusString.FINISHED);
            assertThat(statement.clusterIdentifier()).isEqualTo("risk");
            assertThat(statement.workgroupName()).isNull();
        });
        String inSession = api.client()
                .executeStatement(
                        r -> r.sql("SELECT 2").sessionId(named.sessionId()).clusterIdentifier("risk"))
                .id();
        assertThat(api.end(inSession).status()).isEqualTo(StatusString.FINISHED);
        for (var other : List.of("other", "risk")) {
            assertThatExceptionOfType(ValidationException.class)
                    .isThrownBy(() -> api.client()
                            .executeStatement(r -> r.sql("SELECT 3")
                                    .sessionId(named.sessionId())
                                    .clusterIdentifier(other.equals("risk") ? null : other)
                                    .workgroupName(other.equals("risk") ? other : null)));
        }
        String byIdentity = api.client()
                .executeStatement(
                        r -> r.sql("SELECT 4").clusterIdentifier("risk").database("postgres"))
                .id();
        assertThat(api.end(byIdentity).status()).isEqualTo(StatusString.FINISHED);
        String bySecret = api.client()
                .executeStatement(r -> r.sql("SELECT 5")
                        .clusterIdentifier("risk")
                        .database("postgres")
                        .secretArn("good"))
                .id();
        assertThat(api.end(bySecret).status()).isEqualTo(StatusString.FINISHED);
        api.run("SELECT 6");

        assertThat(api.client().listStatements(r -> r.clusterIdentifier("risk")).statements())
                .extracting(StatementData::id)
                .containsExactlyInAnyOrder(named.id(), inSession, byIdentity, bySecret);
        assertThat(api.client().listStatements(r -> r.workgroupName("risk")).statements())
                .hasSize(1);
    }
}
