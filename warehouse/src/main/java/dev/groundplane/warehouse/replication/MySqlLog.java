package dev.groundplane.warehouse.replication;

import dev.groundplane.warehouse.replication.ServerAnswers.LogEnd;
import dev.groundplane.warehouse.replication.binlog.LogPosition;
import java.sql.SQLException;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * A MySQL server's log. It does not tell at which place of the log a snapshot is, but which transactions are on their way between the
 * log and the tables: so a snapshot is known to have all that is before one place, and nothing behind another. Source: MySQL
 * Reference Manual, "Replication and Binary Logging Options and Variables" and "Functions Used with Global Transaction Identifiers".
 */
final class MySqlLog implements ServerLog {
    private static final Map<String, String> REQUIRED = Map.of(
            "log_bin", "ON",
            "binlog_format", "ROW",
            "binlog_row_image", "FULL",
            "binlog_row_metadata", "FULL",
            "binlog_row_value_options", "",
            "binlog_transaction_compression", "OFF",
            "gtid_mode", "ON");

    private static final int LONGEST_COMMIT_SECONDS = 60;
    /** Of a transaction under way, the session behind its number. */
    private static final Pattern SESSION = Pattern.compile("#\\d+");

    private final ServerAnswers server;

    MySqlLog(ServerAnswers server) {
        this.server = server;
    }

    @Override
    public void check() throws SQLException {
        var version = server.version();
        if (version.contains("MariaDB")) {
            throw new SQLException("the source is no MySQL, but " + version);
        }
        if (!ServerAnswers.isSince(version, 8, 4)) {
            throw new SQLException("the source is MySQL %s; it must be 8.4 or later".formatted(version));
        }
        server.require(REQUIRED);
    }

    @Override
    public String identity() throws SQLException {
        return "mysql %s/%s".formatted(server.variable("server_uuid").orElse(""), base());
    }

    @Override
    public String base() throws SQLException {
        return server.base();
    }

    private LogEnd logEnd() throws SQLException {
        return server.end("SHOW BINARY LOG STATUS");
    }

    @Override
    public Place end() throws SQLException {
        return new Place(logEnd().position(), LogFile.UNKNOWN);
    }

    /** The end of the log now: no copy has anything of what is not there yet. */
    @Override
    public long exactFrom() throws SQLException {
        return logEnd().position();
    }

    @Override
    public Snapshot snapshot() throws SQLException {
        var before = logEnd().position();
        // What is in the log up to there is committed in the tables, or owned by the session that is about to.
        var underWay = SESSION.matcher(String.valueOf(server.one("SELECT @@GLOBAL.gtid_owned")))
                .replaceAll("");
        if (!underWay.isEmpty()
                && !"0"
                        .equals(server.one(
                                "SELECT WAIT_FOR_EXECUTED_GTID_SET(?, ?)", underWay, LONGEST_COMMIT_SECONDS))) {
            throw new SQLException("the source has transactions that do not end: " + underWay);
        }
        server.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
        server.run("START TRANSACTION WITH CONSISTENT SNAPSHOT");
        return new Snapshot(new Place(before, LogFile.UNKNOWN), exactFrom());
    }

    @Override
    public OptionalLong begin(Place place) throws SQLException {
        var size = server.files().get(LogPosition.file(base(), place.position()));
        var isThere = size != null && LogPosition.offset(place.position()) <= Long.parseLong(size);
        return isThere && ServerLog.canBeAskedFor(place.position())
                ? OptionalLong.of(place.position())
                : OptionalLong.empty();
    }

    @Override
    public String told(Place place) throws SQLException {
        return LogPosition.file(base(), place.position()) + ":" + LogPosition.offset(place.position());
    }

    /**
     * Since 9.6 they are made by statements, unless it is told to have InnoDB make them as before. A replica has its primary's rows, and
     * does not tell what that one does. Source: MySQL Reference Manual, "Replication and Foreign Keys".
     */
    @Override
    public boolean hasCascades() throws SQLException {
        return server.variable("innodb_native_foreign_keys").orElse("ON").equals("OFF")
                && server.pairs("SHOW REPLICA STATUS").isEmpty();
    }
}
