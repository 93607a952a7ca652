package dev.groundplane.warehouse.replication;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the source's catalog tells, and what is made there. For one connection. */
final class SourceCatalog {
    private static final String DEFINITION = resource("definition.sql");

    private final Connection connection;
    private final TableFilter filter;

    /** @param filter which tables are wanted */
    SourceCatalog(Connection connection, TableFilter filter) {
        this.connection = connection;
        this.filter = filter;
    }

    private static String resource(String name) {
        try (var content = Objects.requireNonNull(SourceCatalog.class.getResourceAsStream(name), name)) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The statements of {@code setup.sql}. */
    static String script() {
        return resource("setup.sql").replace("${definition}", DEFINITION);
    }

    /**
     * Makes what following needs, as a superuser: event triggers that tell of altered tables, and the publication. Again it does nothing.
     * Another role takes what the source's owner has made.
     *
     * @param publication the name of one that is made
     * @throws SQLException also when the owner has made none
     */
    Publication setUp(String publication) throws SQLException {
        if (isTrue("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")) {
            make(publication);
            return Publication.own(publication);
        }
        if (!exists("SELECT FROM pg_publication WHERE pubname = ?", Publication.OF_OWNER)) {
            throw new SQLException("the source has no publication %s, and the role is no superuser, who could make one"
                    .formatted(Publication.OF_OWNER));
        }
        var tells = isTrue(
                "SELECT coalesce(has_schema_privilege(to_regnamespace('groundplane_replication')::oid, 'USAGE'), false)");
        return new Publication(Publication.OF_OWNER, true, tells);
    }

    private boolean isTrue(String query) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            return rows.next() && rows.getBoolean(1);
        }
    }

    private void make(String publication) throws SQLException {
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            // Whoever writes to the tables must not wait behind this.
            statement.execute("SET LOCAL lock_timeout = '5s'");
            statement.execute(script());
            if (!exists("SELECT FROM pg_publication WHERE pubname = ?", publication)) {
                statement.execute(
                        "CREATE PUBLICATION %s WITH (publish_via_partition_root = true)".formatted(publication));
            }
            statement.execute(
                    "SELECT groundplane_replication.publish(oid) FROM pg_class WHERE groundplane_replication.is_followed(oid)");
            connection.commit();
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private boolean exists(String query, String parameter) throws SQLException {
        try (var statement = connection.prepareStatement(query)) {
            statement.setString(1, parameter);
            try (var rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    /** All tables that are wanted and could be followed, as they are to the connection's transaction. */
    List<SourceTable> tables(Publication publication) throws SQLException {
        return tables(publication, "true");
    }

    /** A table that is wanted and could be followed; empty when there is none. */
    Optional<SourceTable> table(Publication publication, int id) throws SQLException {
        return tables(publication, "c.oid = " + Integer.toUnsignedString(id)).stream()
                .findFirst();
    }

    private List<SourceTable> tables(Publication publication, String condition) throws SQLException {
        var sent = publication.tellsAlterations()
                ? "groundplane_replication.is_followed(c.oid)"
                : "(n.nspname, c.relname) IN (SELECT schemaname, tablename FROM pg_publication_tables WHERE pubname = '%s')"
                        .formatted(publication.name());
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        DEFINITION + " WHERE " + condition + " AND " + sent + " ORDER BY c.oid")) {
            var tables = new ArrayList<SourceTable>();
            while (rows.next()) {
                var table = SourceTable.of(rows.getString(1));
                if (filter.includes(table)) {
                    tables.add(table);
                }
            }
            return tables;
        }
    }

    /** Why not all of a table comes from the source, whose owner decides that; empty when it does. */
    Optional<String> withheld(SourceTable table, Publication publication) throws SQLException {
        try (var statement = connection.prepareStatement(
                "SELECT has_table_privilege(c.oid, 'SELECT') AND has_schema_privilege(c.relnamespace, 'USAGE'),"
                        + " row_security_active(c.oid), EXISTS (SELECT FROM pg_publication_tables p WHERE p.pubname = ?"
                        + " AND (p.schemaname, p.tablename) = (?, c.relname)), quote_ident(current_user), c.oid::regclass"
                        + " FROM pg_class c WHERE c.oid = ?")) {
            statement.setString(1, publication.name());
            statement.setString(2, table.schema());
            statement.setLong(3, Integer.toUnsignedLong(table.id()));
            try (var rows = statement.executeQuery()) {
                if (!rows.next()) { // it is gone, which the stream tells
                    return Optional.empty();
                }
                var role = rows.getString(4);
                if (!rows.getBoolean(1)) {
                    return Optional.of("role %1$s may not read it; GRANT pg_read_all_data TO %1$s".formatted(role));
                }
                if (rows.getBoolean(2)) {
                    return Optional.of(
                            "policies show role %1$s a part of its rows; ALTER ROLE %1$s BYPASSRLS".formatted(role));
                }
                return rows.getBoolean(3)
                        ? Optional.empty()
                        : Optional.of("publication %1$s does not have it; ALTER PUBLICATION %1$s ADD TABLE %2$s"
                                .formatted(publication.name(), rows.getString(5)));
            }
        }
    }

    /**
     * What a slot is.
     *
     * @param confirmed the position up to which the source has been told that nothing is needed any more
     * @param lost whether the source has thrown away what it would have sent
     */
    record Slot(long confirmed, boolean lost) {}

    /** The slot of a name; null when there is none. */
    @Nullable
    Slot slot(String name) throws SQLException {
        try (var statement = connection.prepareStatement(
                "SELECT (confirmed_flush_lsn - '0/0')::bigint,"
                        + " coalesce(wal_status IN ('lost', 'unreserved'), true) FROM pg_replication_slots WHERE slot_name = ?")) {
            statement.setString(1, name);
            try (var rows = statement.executeQuery()) {
                return rows.next() ? new Slot(rows.getLong(1), rows.getBoolean(2)) : null;
            }
        }
    }

    /** Removes a slot, if there is one. */
    void dropSlot(String name) throws SQLException {
        try (var statement = connection.prepareStatement(
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = ?")) {
            statement.setString(1, name);
            statement.execute();
        }
    }

    /** How far the server's log has been written. */
    long position() throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** The server's identity and history: another one after it was made anew, restored or failed over. */
    String identity() throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "SELECT system_identifier || '/' || timeline_id FROM pg_control_system(), pg_control_checkpoint()")) {
            rows.next();
            return rows.getString(1);
        }
    }
}
