package dev.groundplane.services.s3;

import dev.groundplane.platform.store.Transaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rows of object versions. Of a key's versions exactly one is the latest. */
final class VersionTable {
    static final String COLUMNS = "id, bucket_id, key, version_id, latest, marker, modified, size, etag, parts,"
            + " checksum_kind, checksum_type, checksum, headers, tags, lock_mode, lock_until, legal_hold";

    private VersionTable() {}

    /** Stores a version as the latest; the one before stays as it is. */
    static void insert(Transaction transaction, ObjectVersion version) throws SQLException {
        try (PreparedStatement update = transaction
                .connection()
                .prepareStatement("UPDATE s3_version SET latest = 0 WHERE bucket_id = ? AND key = ? AND latest = 1")) {
            update.setLong(1, version.bucketId());
            update.setString(2, version.key());
            update.executeUpdate();
        }
        try (PreparedStatement insert = transaction
                .connection()
                .prepareStatement("INSERT INTO s3_version (" + COLUMNS
                        + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            insert.setLong(1, version.id());
            insert.setLong(2, version.bucketId());
            insert.setString(3, version.key());
            insert.setString(4, version.versionId());
            insert.setInt(5, 1);
            insert.setInt(6, version.marker() ? 1 : 0);
            insert.setLong(7, version.modified().toEpochMilli());
            insert.setLong(8, version.size());
            insert.setString(9, version.etag());
            insert.setInt(10, version.parts());
            insert.setString(11, version.checksum().map(c -> c.kind().name()).orElse(null));
            insert.setString(12, version.checksum().map(ObjectChecksum::type).orElse(null));
            insert.setString(13, version.checksum().map(ObjectChecksum::value).orElse(null));
            insert.setString(14, StringMap.encode(version.headers()));
            insert.setString(15, StringMap.encode(version.tags()));
            setLock(insert, 16, version.lock());
            insert.executeUpdate();
        }
    }

    private static void setLock(PreparedStatement statement, int at, ObjectLock lock) throws SQLException {
        statement.setString(at, lock.mode().orElse(null));
        if (lock.until().isPresent()) {
            statement.setLong(at + 1, lock.until().get().toEpochMilli());
        } else {
            statement.setNull(at + 1, Types.BIGINT);
        }
        statement.setInt(at + 2, lock.legalHold() ? 1 : 0);
    }

    static Optional<ObjectVersion> latest(Connection connection, long bucketId, String key) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT " + COLUMNS + " FROM s3_version WHERE bucket_id = ? AND key = ? ORDER BY id DESC LIMIT 1")) {
            select.setLong(1, bucketId);
            select.setString(2, key);
            return one(select);
        }
    }

    static Optional<ObjectVersion> find(Connection connection, long bucketId, String key, String versionId)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT " + COLUMNS + " FROM s3_version WHERE bucket_id = ? AND key = ? AND version_id = ?")) {
            select.setLong(1, bucketId);
            select.setString(2, key);
            select.setString(3, versionId);
            return one(select);
        }
    }

    static Optional<ObjectVersion> find(Connection connection, long id) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT " + COLUMNS + " FROM s3_version WHERE id = ?")) {
            select.setLong(1, id);
            return one(select);
        }
    }

    /** The version that an upload became. */
    static Optional<ObjectVersion> ofUpload(Connection connection, long bucketId, String key, String uploadId)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT " + COLUMNS + " FROM s3_version WHERE upload_id = ? AND bucket_id = ? AND key = ?")) {
            select.setString(1, uploadId);
            select.setLong(2, bucketId);
            select.setString(3, key);
            return one(select);
        }
    }

    /** Remembers which upload a version was. */
    static void setUpload(Transaction transaction, ObjectVersion version, String uploadId) throws SQLException {
        try (PreparedStatement update =
                transaction.connection().prepareStatement("UPDATE s3_version SET upload_id = ? WHERE id = ?")) {
            update.setString(1, uploadId);
            update.setLong(2, version.id());
            update.executeUpdate();
        }
    }

    /** Whether there is any version at all. */
    static boolean any(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT 1 FROM s3_version LIMIT 1");
                ResultSet row = select.executeQuery()) {
            return row.next();
        }
    }

    /** Whether the bucket has any version or marker. */
    static boolean any(Connection connection, long bucketId) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT 1 FROM s3_version WHERE bucket_id = ? LIMIT 1")) {
            select.setLong(1, bucketId);
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    private static Optional<ObjectVersion> one(PreparedStatement select) throws SQLException {
        List<ObjectVersion> found = all(select);
        return found.isEmpty() ? Optional.empty() : Optional.of(found.getFirst());
    }

    /** What a query for {@link #COLUMNS} finds. */
    static List<ObjectVersion> all(PreparedStatement select) throws SQLException {
        List<ObjectVersion> found = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                found.add(version(rows));
            }
        }
        return found;
    }

    private static ObjectVersion version(ResultSet row) throws SQLException {
        String kind = row.getString(11);
        long until = row.getLong(17);
        Optional<Instant> lockedUntil = row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(until));
        return new ObjectVersion(
                row.getLong(1),
                row.getLong(2),
                row.getString(3),
                row.getString(4),
                row.getBoolean(5),
                row.getBoolean(6),
                Instant.ofEpochMilli(row.getLong(7)),
                row.getLong(8),
                row.getString(9),
                row.getInt(10),
                kind == null
                        ? Optional.empty()
                        : Optional.of(new ObjectChecksum(
                                ChecksumKind.valueOf(kind), row.getString(12).equals("COMPOSITE"), row.getString(13))),
                StringMap.decode(row.getString(14)),
                StringMap.decode(row.getString(15)),
                new ObjectLock(Optional.ofNullable(row.getString(16)), lockedUntil, row.getBoolean(18)));
    }

    static void setTags(Transaction transaction, ObjectVersion version, String tags) throws SQLException {
        try (PreparedStatement update =
                transaction.connection().prepareStatement("UPDATE s3_version SET tags = ? WHERE id = ?")) {
            update.setString(1, tags);
            update.setLong(2, version.id());
            update.executeUpdate();
        }
    }

    static void setLock(Transaction transaction, ObjectVersion version, ObjectLock lock) throws SQLException {
        try (PreparedStatement update = transaction
                .connection()
                .prepareStatement("UPDATE s3_version SET lock_mode = ?, lock_until = ?, legal_hold = ? WHERE id = ?")) {
            setLock(update, 1, lock);
            update.setLong(4, version.id());
            update.executeUpdate();
        }
    }

    /** Removes a version; the newest that is left becomes the latest. Its files become garbage. */
    static void delete(Transaction transaction, ObjectVersion version) throws SQLException {
        FileTable.drop(transaction, version.id());
        try (PreparedStatement delete =
                transaction.connection().prepareStatement("DELETE FROM s3_version WHERE id = ?")) {
            delete.setLong(1, version.id());
            delete.executeUpdate();
        }
        try (PreparedStatement update = transaction
                .connection()
                .prepareStatement(
                        "UPDATE s3_version SET latest = 1 WHERE latest = 0 AND id = (SELECT id FROM s3_version"
                                + " WHERE bucket_id = ? AND key = ? ORDER BY id DESC LIMIT 1)")) {
            update.setLong(1, version.bucketId());
            update.setString(2, version.key());
            update.executeUpdate();
        }
    }
}
