package dev.groundplane.warehouse.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.groundplane.pgwire.Column;
import dev.groundplane.pgwire.Format;
import dev.groundplane.pgwire.MessageOutput;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.Engine;
import dev.groundplane.warehouse.engine.EngineLimits;
import dev.groundplane.warehouse.history.Caller;
import dev.groundplane.warehouse.history.History;
import dev.groundplane.warehouse.history.Retention;
import dev.groundplane.warehouse.sql.QueryType;
import dev.groundplane.warehouse.sql.SqlFailure;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What history tells of statements whose rows cannot all be written. */
final class RecordedResultTest {
    @TempDir
    private Path directory;

    /** One whose next row cannot be written. */
    private record Failing(RuntimeException failure) implements Result {
        @Override
        public List<Column> columns() {
            return List.of();
        }

        @Override
        public boolean hasRows() {
            return true;
        }

        @Override
        public boolean writeRows(MessageOutput output, List<Format> formats, int limit) {
            throw failure;
        }

        @Override
        public long rowsWritten() {
            return 7;
        }

        @Override
        public String tag() {
            return "SELECT 7";
        }

        @Override
        public void close() {}
    }

    private static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new IllegalStateException("of our own"), "failed", "of our own"),
                Arguments.of(SqlFailure.of(SqlState.DATA_EXCEPTION, "of a value"), "failed", "of a value"),
                Arguments.of(SqlFailure.of(SqlState.QUERY_CANCELED, "on request"), "canceled", "on request"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void howItEndedIsTold(RuntimeException failure, String status, String words) throws Exception {
        try (var engine = Engine.open(directory, "dev", new EngineLimits(100_000_000, 100_000_000, 1));
                var session = engine.session("dev")) {
            try (var history = new History(engine.session("dev"), Retention.STANDARD);
                    var result = new RecordedResult(
                            new Failing(failure),
                            history.begin(new Caller(100, "admin", 1, "dev"), "", 0, QueryType.SELECT, "SELECT"))) {
                assertThat(catchThrowable(() ->
                                result.writeRows(new MessageOutput(OutputStream.nullOutputStream()), List.of(), 0)))
                        .isSameAs(failure);
            }

            assertThat(session.rows("SELECT status, error, rows FROM load_history.main.statement"))
                    .singleElement()
                    .satisfies(row -> assertThat(row)
                            .satisfiesExactly(
                                    how -> assertThat(how).isEqualTo(status),
                                    error -> assertThat(error).contains(words),
                                    rows -> assertThat(rows).isEqualTo("7")));
        }
    }
}
