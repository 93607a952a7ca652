package dev.groundplane.warehouse.replication;

import dev.groundplane.warehouse.replication.binlog.LogPosition;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.OptionalLong;

/** What a server tells of its log, by statements. For one connection. */
sealed interface ServerLog permits MariaDbLog, MySqlLog {
    /** A connection's. */
    static ServerLog of(Connection connection, BinlogSource source) {
        var answers = new ServerAnswers(connection);
        return switch (source.engine()) {
            case MARIADB -> new MariaDbLog(answers);
            case MYSQL -> new MySqlLog(answers);
        };
    }

    /** The mark of a place that was written down. */
    static LogMark mark(BinlogSource source, String text) {
        return switch (source.engine()) {
            case MARIADB -> Gtids.of(text);
            case MYSQL -> LogFile.of(text);
        };
    }

    /**
     * A place in the log.
     *
     * @param mark by which is found out whether that is still the same log
     */
    record Place(long position, LogMark mark) {}

    /**
     * What a transaction sees.
     *
     * @param place all that is before it
     * @param exactFrom of what is between the place and this position it may see some transactions, too, and nothing of what is behind
     */
    record Snapshot(Place place, long exactFrom) {}

    /**
     * Looks whether the server is one that can be followed, and set so that its log has whole rows of tables that it describes.
     *
     * @throws SQLException when it is not, with all that is missing
     */
    void check() throws SQLException;

    /** Which server it is, and which log. Whether that is still the same one its places tell, too. */
    String identity() throws SQLException;

    /** What the names of the log's files begin with. */
    String base() throws SQLException;

    /** The end of the log. */
    Place end() throws SQLException;

    /** From which position on every transaction of the log is known to have all that a copy may have of it, whenever that was made. */
    long exactFrom() throws SQLException;

    /** Begins a transaction that sees one moment. */
    Snapshot snapshot() throws SQLException;

    /**
     * From where on the log is read by whoever has all that is before a place: from there, or from the first file there is if nothing
     * is missing before that.
     *
     * @return empty when what comes next is not there any more, or it is another log, which was made anew
     */
    OptionalLong begin(Place place) throws SQLException;

    /** A place as whoever watches the end of the log knows it. */
    String told(Place place) throws SQLException;

    /** Whether the log has the rows that foreign keys change by themselves. */
    boolean hasCascades() throws SQLException;

    /** What the protocol's request for a log cannot say is taken for lost: a place behind four gigabytes. */
    static boolean canBeAskedFor(long position) {
        return LogPosition.offset(position) < 1L << Integer.SIZE;
    }
}
