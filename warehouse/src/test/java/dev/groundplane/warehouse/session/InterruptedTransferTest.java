package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** COPY and UNLOAD while S3 does not answer: what cancels them and the end of their time do not wait for it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InterruptedTransferTest extends StorageFixture {
    private static final String COPY = "COPY t FROM 's3://bucket/in/'" + AS_ROLE;
    private static final String UNLOAD = "UNLOAD ('SELECT * FROM t') TO 's3://bucket/out/'" + AS_ROLE;

    @BeforeEach
    void fill() throws Exception {
        run("CREATE TABLE t(s VARCHAR(65535))");
        run("INSERT INTO t VALUES ('one')");
        for (var i = 0; i < 9; i++) { // more than come at a time
            server.s3().put("in/" + i, "two\n");
        }
    }

    /** More than one part's size. */
    private void fillMore() throws Exception {
        run("INSERT INTO t SELECT repeat('x', 60000) FROM range(200)");
    }

    private void assertCancelled(String sql, String unanswered) throws Exception {
        server.s3().unanswered = unanswered;
        try (var statement = connection.createStatement()) {
            var running = CompletableFuture.runAsync(() -> {
                try {
                    statement.execute(sql);
                } catch (SQLException e) {
                    throw new CompletionException(e);
                }
            });
            server.s3().asked.await();
            statement.cancel();
            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(running::join)
                    .havingCause()
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            failure -> assertThat(failure.getSQLState()).isEqualTo("57014"));
        }
        assertNothingIsLeft();
    }

    private void assertNothingIsLeft() throws Exception {
        server.s3().unanswered = "";
        assertThat(server.staging()).isEmptyDirectory();
        assertThat(server.s3().keys()).allMatch(key -> key.startsWith("in/"));
        assertThat(server.s3().uploads).isEmpty();
        run(COPY);
        assertThat(rows("SELECT count(*) FROM t WHERE s = 'two'").getFirst()).containsExactly("9");
    }

    @ParameterizedTest
    @ValueSource(strings = {"listObjectsV2", "getObject", "content"})
    void aCancelEndsACopy(String unanswered) throws Exception {
        assertCancelled(COPY, unanswered);
    }

    @ParameterizedTest
    @ValueSource(strings = {"listObjectsV2", "getObject", "content"})
    void theStatementsTimeEndsACopy(String unanswered) throws Exception {
        server.s3().unanswered = unanswered;
        run("SET statement_timeout TO 200");
        assertFails(COPY, "57014", "cancelled");
        run("RESET statement_timeout");
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"listObjectsV2", "putObject", "uploadPart", "completeMultipartUpload"})
    void aCancelEndsAnUnload(String unanswered) throws Exception {
        if (!unanswered.equals("putObject")) {
            fillMore();
        }
        assertCancelled(UNLOAD + "PARALLEL OFF", unanswered);
    }

    @Test
    void aManifestThatComesAfterTheCancelIsTakenBackToo() throws Exception {
        server.s3().late = "out/manifest";
        assertCancelled(UNLOAD + "MANIFEST", "");
    }

    @ParameterizedTest
    @CsvSource({"putObject", "uploadPart"})
    void theStatementsTimeEndsAnUnload(String unanswered) throws Exception {
        if (!unanswered.equals("putObject")) {
            fillMore();
        }
        server.s3().unanswered = unanswered;
        run("SET statement_timeout TO 2000");
        assertFails(UNLOAD, "57014", "cancelled");
        run("RESET statement_timeout");
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT 7", "SELECT 3 + 4"})
    void theNextStatementIsAsIfNothingHadBeen(String next) throws Exception {
        assertCancelled(COPY, "content");
        assertThat(rows(next).getFirst()).containsExactly("7");
    }
}
