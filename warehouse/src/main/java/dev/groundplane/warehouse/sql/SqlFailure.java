package dev.groundplane.warehouse.sql;

import dev.groundplane.pgwire.Report;
import dev.groundplane.pgwire.Report.Severity;
import dev.groundplane.pgwire.SqlState;
import org.jspecify.annotations.Nullable;

/** A statement failed, and this is what its client is told. */
public final class SqlFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Report report;

    /** A failure that the client is told as it stands. */
    public SqlFailure(Report report) {
        super(report.message());
        this.report = report;
    }

    /** A failure without detail, hint and position. */
    public static SqlFailure of(String sqlState, String message) {
        return new SqlFailure(Report.error(sqlState, message));
    }

    /** A failure with a hint at what would be right. */
    public static SqlFailure of(String sqlState, String message, @Nullable String hint) {
        return new SqlFailure(new Report(Severity.ERROR, sqlState, message, null, hint, 0));
    }

    /** @param start of the token in question, from 0 */
    public static SqlFailure syntax(String message, int start) {
        return new SqlFailure(new Report(Severity.ERROR, SqlState.SYNTAX_ERROR, message, null, null, start + 1));
    }

    /** Names what Redshift has and this warehouse does not. */
    public static SqlFailure unsupported(String what) {
        return of(SqlState.FEATURE_NOT_SUPPORTED, what + " is not supported");
    }

    /** What the client is told. */
    public Report report() {
        return report;
    }
}
