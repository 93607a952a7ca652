package dev.groundplane.services.redshiftdata;

import dev.groundplane.platform.identity.Scope;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.redshiftdata.model.StatementStatusString;
import software.amazon.awssdk.services.redshiftdata.model.SubStatementData;

/** Keeps the statements of a running batch up to date. For one thread. */
final class SubStatements implements StatementRun.Progress {
    private final StatementStore store;
    private final Scope scope;
    private final String id;
    private final InstantSource clock;
    private int current;
    private boolean resultSet;

    SubStatements(StatementStore store, Scope scope, String id, InstantSource clock) {
        this.store = store;
        this.scope = scope;
        this.id = id;
        this.clock = clock;
    }

    /** Whether any of those that finished has a result. */
    boolean haveResultSet() {
        return resultSet;
    }

    @Override
    public void begins(int part) {
        current = part;
        change(part, now -> now.status(StatementStatusString.STARTED));
    }

    @Override
    public void finished(int part, StatementRun.Outcome outcome, Duration duration) {
        current = 0;
        resultSet |= outcome.hasResultSet();
        change(
                part,
                now -> now.status(StatementStatusString.FINISHED)
                        .duration(duration.toNanos())
                        .resultRows(outcome.rows())
                        .resultSize(outcome.bytes())
                        .hasResultSet(outcome.hasResultSet()));
    }

    /** The failure of all of them, by that of the one that ran. */
    SQLException failed(SQLException cause) {
        int part = current;
        if (part == 0) { // between two, or at the commit
            return cause;
        }
        change(
                part,
                now -> now.status(
                                Running.CANCELLED.equals(cause.getSQLState())
                                        ? StatementStatusString.ABORTED
                                        : StatementStatusString.FAILED)
                        .error(cause.getMessage()));
        return new SQLException(
                "Query #%d failed with %s".formatted(part, cause.getMessage()), cause.getSQLState(), cause);
    }

    private void change(int part, UnaryOperator<SubStatementData.Builder> change) {
        store.change(scope, id, stored -> {
            List<SubStatementData> parts = new ArrayList<>(stored.value().subStatements());
            parts.set(
                    part - 1,
                    change.apply(parts.get(part - 1).toBuilder())
                            .updatedAt(clock.instant())
                            .build());
            return stored.with(stored.value().toBuilder().subStatements(parts).build());
        });
    }

    /** The statements of a batch that was rolled back: what had not begun never will, and there are no results. */
    static List<SubStatementData> undone(List<SubStatementData> parts, Instant now) {
        return parts.stream()
                .map(part -> part.toBuilder()
                        .hasResultSet(false)
                        .status(
                                part.status() == StatementStatusString.FINISHED
                                                || part.status() == StatementStatusString.FAILED
                                        ? part.status()
                                        : StatementStatusString.ABORTED)
                        .updatedAt(now)
                        .build())
                .toList();
    }
}
