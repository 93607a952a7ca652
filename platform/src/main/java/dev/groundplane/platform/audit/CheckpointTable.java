package dev.groundplane.platform.audit;

import dev.groundplane.platform.audit.Checkpoint.Kind;
import dev.groundplane.platform.store.Migration;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where checkpoints are kept. There are fewer of them than records, and each is a tenth of a record's size. */
final class CheckpointTable {
    static final Migration MIGRATION = new Migration("audit-checkpoint", 1, """
            CREATE TABLE audit_checkpoint (
              chain TEXT NOT NULL, number INTEGER NOT NULL, kind TEXT NOT NULL, position INTEGER NOT NULL,
              hash BLOB NOT NULL, time INTEGER NOT NULL, signature BLOB NOT NULL, PRIMARY KEY (chain, number))
            """);

    private static final String SELECT =
            "SELECT chain, number, kind, position, hash, time, signature FROM audit_checkpoint";

    private CheckpointTable() {}

    /** Whether the database is of a release that has checkpoints. */
    static boolean exists(Connection connection) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT COUNT(*) FROM schema_version WHERE component = ?")) {
            select.setString(1, MIGRATION.component());
            try (ResultSet row = select.executeQuery()) {
                return row.next() && row.getLong(1) > 0;
            }
        }
    }

    /** The chains that have checkpoints. */
    static List<String> chains(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT DISTINCT chain FROM audit_checkpoint");
                ResultSet row = select.executeQuery()) {
            List<String> chains = new ArrayList<>();
            while (row.next()) {
                chains.add(row.getString(1));
            }
            return chains;
        }
    }

    /** Every checkpoint, by chain and number. */
    static List<Checkpoint> all(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT + " ORDER BY chain, number")) {
            return rows(select);
        }
    }

    /** The chain's newest checkpoint of its trail's end. */
    static Optional<Checkpoint> newest(Connection connection, String chain) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(SELECT + " WHERE chain = ? AND number > 0 ORDER BY number DESC LIMIT 1")) {
            select.setString(1, chain);
            return rows(select).stream().findFirst();
        }
    }

    /** What was last said about removed records. */
    static Optional<Checkpoint> removal(Connection connection, String chain) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT + " WHERE chain = ? AND number = 0")) {
            select.setString(1, chain);
            return rows(select).stream().findFirst();
        }
    }

    static void put(Connection connection, Checkpoint checkpoint) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO audit_checkpoint VALUES (?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (chain, number) DO UPDATE SET kind = excluded.kind, position = excluded.position,"
                        + " hash = excluded.hash, time = excluded.time, signature = excluded.signature")) {
            insert.setString(1, checkpoint.chain());
            insert.setLong(2, checkpoint.number());
            insert.setString(3, checkpoint.kind().name());
            insert.setLong(4, checkpoint.position());
            insert.setBytes(5, checkpoint.hash());
            insert.setLong(6, checkpoint.time().toEpochMilli());
            insert.setBytes(7, checkpoint.signature());
            insert.executeUpdate();
        }
    }

    /** Forgets checkpoints of records that were removed. */
    static void deleteBefore(Connection connection, String chain, long position) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(
                "DELETE FROM audit_checkpoint WHERE chain = ? AND number > 0 AND position < ?")) {
            delete.setString(1, chain);
            delete.setLong(2, position);
            delete.executeUpdate();
        }
    }

    private static List<Checkpoint> rows(PreparedStatement select) throws SQLException {
        List<Checkpoint> checkpoints = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                checkpoints.add(new Checkpoint(
                        row.getString(1),
                        row.getLong(2),
                        kind(row.getString(3)),
                        row.getLong(4),
                        row.getBytes(5),
                        Instant.ofEpochMilli(row.getLong(6)),
                        row.getBytes(7)));
            }
        }
        return checkpoints;
    }

    /** A kind that is none makes a checkpoint whose signature does not fit. */
    private static Kind kind(String text) {
        for (Kind kind : Kind.values()) {
            if (kind.name().equals(text)) {
                return kind;
            }
        }
        return Kind.PERIODIC;
    }
}
