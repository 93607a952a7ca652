package dev.groundplane.services.redshiftdata;

import dev.groundplane.services.redshiftdata.ResultPages.Place;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.postgresql.core.TransactionState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.redshiftdata.model.ResultFormatString;
import software.amazon.awssdk.services.redshiftdata.model.SqlParameter;

/**
 * Runs statements on a connection and stores their results. A statement by itself commits by itself; a transaction that it begins
 * goes on in the connection's session. For one thread.
 */
final class StatementRun {
    private static final Logger LOG = LoggerFactory.getLogger(StatementRun.class);
    /** Rows of these are read a few at a time, for which there must be a transaction. */
    private static final Pattern QUERY =
            Pattern.compile("(?is)(?:\\s|--[^\\n]*\\n|/\\*.*?\\*/|\\()*+(?:select|with|values|table)\\b.*");

    private static final int ROWS_AT_ONCE = 100;
    private static final Duration LONGEST = Duration.ofHours(24);

    private final Connection connection;
    private final ResultWriter results;
    private final Running running;

    StatementRun(Connection connection, ResultWriter results, Running running) {
        this.connection = connection;
        this.results = results;
        this.running = running;
    }

    /**
     * What came of a statement.
     *
     * @param rows that it returned or changed
     * @param bytes of the rows returned
     */
    record Outcome(long rows, long bytes, boolean hasResultSet) {}

    /** What is told when one of several statements is through. */
    interface Progress {
        /** @param part from 1 */
        void begins(int part);

        /** @param part from 1 */
        void finished(int part, Outcome outcome, Duration duration);
    }

    Outcome single(Place place, String sql, List<SqlParameter> parameters, ResultFormatString format)
            throws SQLException {
        boolean alone = WarehouseConnection.transaction(connection) == TransactionState.IDLE;
        if (!alone || !QUERY.matcher(sql).matches()) {
            try {
                return execute(place, sql, parameters, format);
            } finally {
                settle();
            }
        }
        return inTransaction(() -> execute(place, sql, parameters, format));
    }

    /** All of them in one transaction: the session's, if it has one, else one that ends here. */
    void batch(String id, List<String> sqls, ResultFormatString format, Progress progress) throws SQLException {
        Work<Outcome> all = () -> {
            Outcome last = new Outcome(0, 0, false);
            for (int part = 1; part <= sqls.size(); part++) {
                progress.begins(part);
                long begun = System.nanoTime();
                last = execute(new Place(id, part), sqls.get(part - 1), List.of(), format);
                progress.finished(part, last, Duration.ofNanos(System.nanoTime() - begun));
            }
            return last;
        };
        if (WarehouseConnection.transaction(connection) == TransactionState.IDLE) {
            inTransaction(all);
        } else {
            all.run();
        }
    }

    private interface Work<R> {
        R run() throws SQLException;
    }

    private <R> R inTransaction(Work<R> work) throws SQLException {
        connection.setAutoCommit(false);
        try {
            R result = work.run();
            connection.commit();
            return result;
        } catch (SQLException | RuntimeException e) {
            rollBack();
            throw e;
        } finally {
            settle();
        }
    }

    private void rollBack() {
        try {
            connection.rollback();
        } catch (SQLException e) {
            LOG.debug("a broken connection has rolled back already", e);
        }
    }

    /** While a session's transaction is open, the driver must not begin and end transactions of its own. */
    private void settle() throws SQLException {
        if (!connection.isClosed()) {
            connection.setAutoCommit(WarehouseConnection.transaction(connection) == TransactionState.IDLE);
        }
    }

    private Outcome execute(Place place, String sql, List<SqlParameter> parameters, ResultFormatString format)
            throws SQLException {
        if (parameters.isEmpty()) {
            try (Statement statement = connection.createStatement()) {
                prepare(statement);
                return outcome(place, format, statement, statement.execute(sql));
            }
        }
        Map<String, String> values = new LinkedHashMap<>();
        parameters.forEach(parameter -> values.put(parameter.name(), parameter.value()));
        NamedParameters.Parsed parsed = NamedParameters.parse(sql, values);
        try (PreparedStatement statement = connection.prepareStatement(parsed.text())) {
            prepare(statement);
            for (int i = 0; i < parsed.names().size(); i++) {
                statement.setString(i + 1, values.get(parsed.names().get(i)));
            }
            return outcome(place, format, statement, statement.execute());
        }
    }

    private void prepare(Statement statement) throws SQLException {
        statement.setEscapeProcessing(false);
        statement.setFetchSize(ROWS_AT_ONCE);
        statement.setQueryTimeout((int) LONGEST.toSeconds());
        running.executes(statement);
    }

    private Outcome outcome(Place place, ResultFormatString format, Statement statement, boolean hasRows)
            throws SQLException {
        if (!hasRows) {
            return new Outcome(Math.max(statement.getLargeUpdateCount(), 0), 0, false);
        }
        try (ResultSet rows = statement.getResultSet()) {
            ResultWriter.Written written = results.write(place, format, rows);
            return new Outcome(written.rows(), written.bytes(), true);
        }
    }
}
