package dev.groundplane.services.s3;

import dev.groundplane.platform.store.Transaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rows of buckets and of their settings. */
final class BucketTable {
    private static final String COLUMNS = "bucket_id, name, account, region, created, versioning, locked";

    private BucketTable() {}

    static void insert(Transaction transaction, Bucket bucket) throws SQLException {
        try (PreparedStatement insert = transaction
                .connection()
                .prepareStatement("INSERT INTO s3_bucket (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?)")) {
            insert.setLong(1, bucket.id());
            insert.setString(2, bucket.name());
            insert.setString(3, bucket.account());
            insert.setString(4, bucket.region());
            insert.setLong(5, bucket.created().toEpochMilli());
            insert.setString(6, bucket.versioning().name());
            insert.setInt(7, bucket.locked() ? 1 : 0);
            insert.executeUpdate();
        }
    }

    static Optional<Bucket> find(Connection connection, String name) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT " + COLUMNS + " FROM s3_bucket WHERE name = ?")) {
            select.setString(1, name);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(bucket(row)) : Optional.empty();
            }
        }
    }

    static Optional<Bucket> find(Connection connection, long id) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT " + COLUMNS + " FROM s3_bucket WHERE bucket_id = ?")) {
            select.setLong(1, id);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(bucket(row)) : Optional.empty();
            }
        }
    }

    /** An account's buckets in order of their names, at most {@code limit}. */
    static List<Bucket> list(Connection connection, String account, String after, int limit) throws SQLException {
        List<Bucket> buckets = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT " + COLUMNS + " FROM s3_bucket WHERE account = ? AND name > ? ORDER BY name LIMIT ?")) {
            select.setString(1, account);
            select.setString(2, after);
            select.setInt(3, limit);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    buckets.add(bucket(rows));
                }
            }
        }
        return buckets;
    }

    private static Bucket bucket(ResultSet row) throws SQLException {
        return new Bucket(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                Instant.ofEpochMilli(row.getLong(5)),
                Bucket.Versioning.valueOf(row.getString(6)),
                row.getBoolean(7));
    }

    static void setVersioning(Transaction transaction, Bucket bucket, Bucket.Versioning versioning)
            throws SQLException {
        try (PreparedStatement update =
                transaction.connection().prepareStatement("UPDATE s3_bucket SET versioning = ? WHERE bucket_id = ?")) {
            update.setString(1, versioning.name());
            update.setLong(2, bucket.id());
            update.executeUpdate();
        }
    }

    static void setLocked(Transaction transaction, Bucket bucket) throws SQLException {
        update(transaction, "UPDATE s3_bucket SET locked = 1 WHERE bucket_id = ?", bucket);
    }

    /** Removes the bucket and its settings; the caller has seen that it is empty. */
    static void delete(Transaction transaction, Bucket bucket) throws SQLException {
        update(transaction, "DELETE FROM s3_bucket_setting WHERE bucket_id = ?", bucket);
        update(transaction, "DELETE FROM s3_bucket WHERE bucket_id = ?", bucket);
    }

    private static void update(Transaction transaction, String sql, Bucket bucket) throws SQLException {
        try (PreparedStatement update = transaction.connection().prepareStatement(sql)) {
            update.setLong(1, bucket.id());
            update.executeUpdate();
        }
    }

    static Optional<String> setting(Connection connection, Bucket bucket, BucketSetting kind) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT document FROM s3_bucket_setting WHERE bucket_id = ? AND kind = ?")) {
            select.setLong(1, bucket.id());
            select.setString(2, kind.name());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
            }
        }
    }

    static void set(Transaction transaction, Bucket bucket, BucketSetting kind, String document) throws SQLException {
        try (PreparedStatement insert = transaction
                .connection()
                .prepareStatement("INSERT INTO s3_bucket_setting (bucket_id, kind, document) VALUES (?, ?, ?)"
                        + " ON CONFLICT (bucket_id, kind) DO UPDATE SET document = excluded.document")) {
            insert.setLong(1, bucket.id());
            insert.setString(2, kind.name());
            insert.setString(3, document);
            insert.executeUpdate();
        }
    }

    static void remove(Transaction transaction, Bucket bucket, BucketSetting kind) throws SQLException {
        try (PreparedStatement delete = transaction
                .connection()
                .prepareStatement("DELETE FROM s3_bucket_setting WHERE bucket_id = ? AND kind = ?")) {
            delete.setLong(1, bucket.id());
            delete.setString(2, kind.name());
            delete.executeUpdate();
        }
    }

    /** The ids of all buckets that have a setting of that kind. */
    static List<Long> having(Connection connection, BucketSetting kind) throws SQLException {
        List<Long> ids = new ArrayList<>();
        try (PreparedStatement select =
                connection.prepareStatement("SELECT bucket_id FROM s3_bucket_setting WHERE kind = ?")) {
            select.setString(1, kind.name());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    ids.add(rows.getLong(1));
                }
            }
        }
        return ids;
    }
}
