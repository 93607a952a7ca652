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

/** The rows of multipart uploads that are neither completed nor aborted. */
final class UploadTable {
    private static final String COLUMNS =
            "id, upload_id, bucket_id, key, initiated, checksum_kind, checksum_type, checksum_asked, headers, tags";

    private UploadTable() {}

    static void insert(Transaction transaction, Upload upload) throws SQLException {
        try (PreparedStatement insert = transaction
                .connection()
                .prepareStatement("INSERT INTO s3_upload (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            insert.setLong(1, upload.id());
            insert.setString(2, upload.uploadId());
            insert.setLong(3, upload.bucketId());
            insert.setString(4, upload.key());
            insert.setLong(5, upload.initiated().toEpochMilli());
            insert.setString(6, upload.checksum().name());
            insert.setString(7, upload.composite() ? "COMPOSITE" : "FULL_OBJECT");
            insert.setInt(8, upload.checksumAsked() ? 1 : 0);
            insert.setString(9, StringMap.encode(upload.headers()));
            insert.setString(10, StringMap.encode(upload.tags()));
            insert.executeUpdate();
        }
    }

    static Optional<Upload> find(Connection connection, long bucketId, String key, String uploadId)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT " + COLUMNS + " FROM s3_upload WHERE upload_id = ? AND bucket_id = ? AND key = ?")) {
            select.setString(1, uploadId);
            select.setLong(2, bucketId);
            select.setString(3, key);
            List<Upload> found = all(select);
            return found.isEmpty() ? Optional.empty() : Optional.of(found.getFirst());
        }
    }

    /** In order of keys, those of one key as they began. */
    static List<Upload> list(Connection connection, long bucketId, KeyWalk.Cursor from, int limit) throws SQLException {
        List<Upload> found = new ArrayList<>();
        if (from.id() != 0) {
            try (PreparedStatement select = connection.prepareStatement("SELECT " + COLUMNS
                    + " FROM s3_upload WHERE bucket_id = ? AND key = ? AND id > ? ORDER BY id LIMIT ?")) {
                select.setLong(1, bucketId);
                select.setString(2, from.lower());
                select.setLong(3, from.id());
                select.setInt(4, limit);
                found.addAll(all(select));
            }
        }
        try (PreparedStatement select = connection.prepareStatement("SELECT " + COLUMNS
                + " FROM s3_upload WHERE bucket_id = ? AND key " + from.comparison()
                + " ? ORDER BY key, id LIMIT ?")) {
            select.setLong(1, bucketId);
            select.setString(2, from.lower());
            select.setInt(3, limit - found.size());
            found.addAll(all(select));
        }
        return found;
    }

    private static List<Upload> all(PreparedStatement select) throws SQLException {
        List<Upload> found = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                found.add(new Upload(
                        row.getLong(1),
                        row.getString(2),
                        row.getLong(3),
                        row.getString(4),
                        Instant.ofEpochMilli(row.getLong(5)),
                        ChecksumKind.valueOf(row.getString(6)),
                        row.getString(7).equals("COMPOSITE"),
                        row.getBoolean(8),
                        StringMap.decode(row.getString(9)),
                        StringMap.decode(row.getString(10))));
            }
        }
        return found;
    }

    /** Removes an upload; its parts become garbage. */
    static void delete(Transaction transaction, Upload upload) throws SQLException {
        FileTable.drop(transaction, upload.id());
        try (PreparedStatement delete =
                transaction.connection().prepareStatement("DELETE FROM s3_upload WHERE id = ?")) {
            delete.setLong(1, upload.id());
            delete.executeUpdate();
        }
    }

    /** Removes all uploads of a bucket. */
    static void deleteAll(Transaction transaction, long bucketId) throws SQLException {
        for (Upload upload : list(transaction.connection(), bucketId, KeyWalk.Cursor.START, Integer.MAX_VALUE)) {
            delete(transaction, upload);
        }
    }
}
