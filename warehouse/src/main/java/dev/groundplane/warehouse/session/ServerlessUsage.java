package dev.groundplane.warehouse.session;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Map;
import java.util.stream.Collectors;

/** The system view {@code SYS_SERVERLESS_USAGE}: what the control plane has recorded, fetched when a query names it. */
final class ServerlessUsage {
    /** Its name in a statement. */
    static final String VIEW = "SYS_SERVERLESS_USAGE";

    private static final String TABLE = "sys.catalog.sys_serverless_usage";

    private ServerlessUsage() {}

    /** Fetches what there is now. One at a time: two writers of a table would fail. */
    static synchronized void refresh(SessionContext session) throws SQLException {
        var periods = new ArrayList<JsonNode>();
        session.gateway().call("ServerlessUsage", Map.of()).path("periods").forEach(periods::add);
        var statements = new ArrayList<String>();
        statements.add("DELETE FROM " + TABLE);
        if (!periods.isEmpty()) {
            statements.add("INSERT INTO " + TABLE + " VALUES "
                    + periods.stream().map(ServerlessUsage::row).collect(Collectors.joining(",")));
        }
        session.engine().runApart(statements);
    }

    private static String row(JsonNode period) {
        var computeSeconds = period.path("computeSeconds").asLong();
        return "(epoch_ms(%d), epoch_ms(%d), %d, %d, %d, 0, %d)"
                .formatted(
                        period.path("start").asLong(),
                        period.path("end").asLong(),
                        computeSeconds,
                        period.path("capacity").asLong(),
                        period.path("storageMegabytes").asLong(),
                        computeSeconds);
    }
}
