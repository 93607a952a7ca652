package dev.groundplane.warehouse.replication;

import dev.groundplane.warehouse.replication.binlog.LogPosition;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** A MariaDB server's log, in which it knows the GTIDs of every place. */
final class MariaDbLog implements ServerLog {
    private static final Map<String, String> REQUIRED = Map.of(
            "log_bin", "ON",
            "binlog_format", "ROW",
            "binlog_row_image", "FULL",
            "binlog_row_metadata", "FULL",
            "log_bin_compress", "OFF");

    private final ServerAnswers server;

    MariaDbLog(ServerAnswers server) {
        this.server = server;
    }

    @Override
    public void check() throws SQLException {
        var version = server.version();
        if (!version.contains("MariaDB")) {
            throw new SQLException("the source is no MariaDB, but " + version);
        }
        if (!ServerAnswers.isSince(version, 10, 6)) {
            throw new SQLException("the source is MariaDB %s; it must be 10.6 or later".formatted(version));
        }
        server.require(REQUIRED);
    }

    @Override
    public String identity() throws SQLException {
        return "mariadb %s/%s/%s"
                .formatted(
                        server.variable("server_uid").orElse(""),
                        server.variable("server_id").orElse(""),
                        base());
    }

    @Override
    public String base() throws SQLException {
        return server.base();
    }

    @Override
    public Place end() throws SQLException {
        var end = server.end("SHOW MASTER STATUS");
        return place(end.file(), end.offset());
    }

    /** Everywhere: a copy is of a place. */
    @Override
    public long exactFrom() {
        return 0;
    }

    @Override
    public Snapshot snapshot() throws SQLException {
        server.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
        server.run("START TRANSACTION WITH CONSISTENT SNAPSHOT");
        var found = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        found.putAll(server.pairs("SHOW STATUS LIKE 'binlog_snapshot_%'"));
        var file = found.get("binlog_snapshot_file");
        var offset = found.get("binlog_snapshot_position");
        if (file == null || offset == null) {
            throw new SQLException("the source does not tell where in its log a snapshot is");
        }
        var place = place(file, Long.parseLong(offset));
        return new Snapshot(place, place.position());
    }

    private Place place(String file, long offset) throws SQLException {
        return new Place(
                LogPosition.of(file, offset),
                gtid(file, offset)
                        .orElseThrow(() -> new SQLException(
                                "the source does not tell which GTID is at %s:%d".formatted(file, offset))));
    }

    private Optional<Gtids> gtid(String file, long offset) throws SQLException {
        return Optional.ofNullable(server.one("SELECT BINLOG_GTID_POS(?, ?)", file, offset))
                .map(Gtids::of);
    }

    @Override
    public OptionalLong begin(Place place) throws SQLException {
        var number = LogPosition.number(place.position());
        for (var file : server.files().keySet()) {
            var isOf = LogPosition.number(file) == number;
            if (isOf || LogPosition.number(file) > number) {
                var from = isOf ? place.position() : LogPosition.of(file, LogPosition.FIRST);
                return ServerLog.canBeAskedFor(from)
                                && gtid(file, LogPosition.offset(from)).equals(Optional.of(place.mark()))
                        ? OptionalLong.of(from)
                        : OptionalLong.empty();
            }
        }
        return OptionalLong.empty();
    }

    @Override
    public String told(Place place) {
        return place.mark().toString();
    }

    /** They are InnoDB's own doing, below the log. */
    @Override
    public boolean hasCascades() {
        return false;
    }
}
