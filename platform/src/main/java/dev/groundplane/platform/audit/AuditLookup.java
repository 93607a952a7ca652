package dev.groundplane.platform.audit;

import dev.groundplane.platform.audit.AuditQuery.Attribute;
import dev.groundplane.platform.audit.AuditQuery.Match;
import dev.groundplane.platform.store.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Finds management events by the indexes of {@link AuditIndexes}, newest first. */
final class AuditLookup {
    private static final Duration ID_TOLERANCE = Duration.ofMillis(1);
    /** How many records a resource may have for them to be looked at one by one. */
    private static final int FEW = 1_000;

    private static final String COLUMNS = "SELECT a.seq, a.event_id, a.event_time, a.account, a.region,"
            + " a.event_source, a.event_name, a.user_name, a.access_key_id, a.read_only, a.management, a.resources,"
            + " a.body FROM audit a WHERE a.region = ? AND a.management = 1"
            + " AND a.event_time BETWEEN ? AND ? AND (a.event_time <> ? OR a.seq < ?)";
    private static final String BY_INDEX = " AND a.account = ?";
    /** Says to the planner that the records are to be had by their positions: it would walk the whole index. */
    private static final String BY_POSITION = " AND a.account || '' = ?";

    private AuditLookup() {}

    static List<AuditTrail.Found> find(Database database, AuditQuery query) {
        return database.read(connection -> {
            Optional<Page> page = Page.of(connection, query);
            return page.isEmpty() ? List.of() : find(connection, query, page.get());
        });
    }

    private static List<AuditTrail.Found> find(Connection connection, AuditQuery query, Page page) throws SQLException {
        String sql =
                COLUMNS + condition(connection, query.attribute()) + " ORDER BY a.event_time DESC, a.seq DESC LIMIT ?";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            int i = 1;
            select.setString(i++, query.region());
            select.setLong(i++, page.from());
            select.setLong(i++, page.to());
            select.setLong(i++, page.lastTime());
            select.setLong(i++, page.lastPosition());
            select.setString(i++, query.account());
            if (query.attribute().isPresent()) {
                select.setString(i++, query.attribute().get().value());
            }
            select.setInt(i, query.limit());
            return AuditTrail.rows(select);
        }
    }

    private static String condition(Connection connection, Optional<Match> match) throws SQLException {
        if (match.isEmpty()) {
            return BY_INDEX;
        }
        Attribute attribute = match.get().attribute();
        if (!attribute.ofResource()) {
            return BY_INDEX + " AND a." + attribute.column() + " = ?";
        }
        return isFew(connection, match.get())
                ? BY_POSITION + " AND a.seq IN (SELECT seq FROM audit_resource WHERE " + attribute.column() + " = ?)"
                : BY_INDEX + " AND EXISTS (SELECT 1 FROM audit_resource r WHERE r." + attribute.column()
                        + " = ? AND r.seq = a.seq)";
    }

    private static boolean isFew(Connection connection, Match match) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT COUNT(*) FROM (SELECT 1 FROM audit_resource"
                + " WHERE " + match.attribute().column() + " = ? LIMIT ?) few")) {
            select.setString(1, match.value());
            select.setInt(2, FEW + 1);
            try (ResultSet row = select.executeQuery()) {
                return row.next() && row.getInt(1) <= FEW;
            }
        }
    }

    /**
     * The times that a page can have, in epoch milliseconds: narrowed to the last page's end, and to the id's own time when an
     * id is looked for.
     *
     * @param lastTime the time of the last record of the page before
     * @param lastPosition its position
     */
    private record Page(long from, long to, long lastTime, long lastPosition) {
        /** Empty when the record is gone with which the last page ended, and so all before it. */
        static Optional<Page> of(Connection connection, AuditQuery query) throws SQLException {
            long from = query.from().toEpochMilli();
            long to = query.to().toEpochMilli();
            Instant at = query.attribute()
                    .filter(m -> m.attribute() == Attribute.EVENT_ID)
                    .map(Match::value)
                    .flatMap(EventIds::time)
                    .orElse(null);
            if (at != null) {
                from = Math.max(from, at.minus(ID_TOLERANCE).toEpochMilli());
                to = Math.min(to, at.plus(ID_TOLERANCE).toEpochMilli());
            }
            if (query.before().isEmpty()) {
                return Optional.of(new Page(from, to, Long.MIN_VALUE, 0));
            }
            try (PreparedStatement select = connection.prepareStatement("SELECT event_time FROM audit WHERE seq = ?")) {
                select.setLong(1, query.before().get());
                try (ResultSet row = select.executeQuery()) {
                    return row.next()
                            ? Optional.of(new Page(
                                    from,
                                    Math.min(to, row.getLong(1)),
                                    row.getLong(1),
                                    query.before().get()))
                            : Optional.empty();
                }
            }
        }
    }
}
