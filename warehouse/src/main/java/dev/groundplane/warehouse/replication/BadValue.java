package dev.groundplane.warehouse.replication;

import dev.groundplane.warehouse.engine.EngineErrors;
import java.sql.SQLException;
import java.util.Optional;

/** Which of the engine's errors are of a value, so that trying again would end in the same way. */
final class BadValue {
    /** As the system views have it. */
    private static final int LONGEST_REASON = 256;
    /** The class of SQLSTATEs that are data exceptions. */
    private static final String DATA = "22";

    private BadValue() {}

    /** What is wrong with the value; empty when something else has happened. */
    static Optional<String> reason(SQLException failure) {
        var report = EngineErrors.report(failure);
        if (!report.sqlState().startsWith(DATA)) {
            return Optional.empty();
        }
        var words = report.hint() == null ? report.message() : report.message() + " " + report.hint();
        var line = words.replaceAll("\\s+", " ");
        return Optional.of(line.length() > LONGEST_REASON ? line.substring(0, LONGEST_REASON) : line);
    }
}
