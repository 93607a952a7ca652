package dev.groundplane.services.s3;

import dev.groundplane.services.s3.KeyWalk.Cursor;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Reads versions in the order of listings. */
final class ListTable {
    private ListTable() {}

    /** Present objects in order of their keys. */
    static KeyWalk<ObjectVersion> objects(Connection connection, long bucketId) {
        return new KeyWalk<>(
                (from, limit) -> {
                    try (PreparedStatement select = connection.prepareStatement("SELECT " + VersionTable.COLUMNS
                            + " FROM s3_version WHERE bucket_id = ? AND latest = 1 AND marker = 0"
                            + " AND key " + from.comparison() + " ? ORDER BY key LIMIT ?")) {
                        select.setLong(1, bucketId);
                        select.setString(2, from.lower());
                        select.setInt(3, limit);
                        return VersionTable.all(select);
                    }
                },
                ObjectVersion::key,
                version -> Cursor.after(version.key()));
    }

    /** All versions and markers in order of their keys, the newest first. */
    static KeyWalk<ObjectVersion> versions(Connection connection, long bucketId) {
        return new KeyWalk<>(
                (from, limit) -> versions(connection, bucketId, from, limit),
                ObjectVersion::key,
                version -> Cursor.at(version.key(), version.id()));
    }

    private static List<ObjectVersion> versions(Connection connection, long bucketId, Cursor from, int limit)
            throws SQLException {
        List<ObjectVersion> found = new ArrayList<>();
        if (from.id() != 0) {
            try (PreparedStatement select = connection.prepareStatement("SELECT " + VersionTable.COLUMNS
                    + " FROM s3_version WHERE bucket_id = ? AND key = ? AND id < ?"
                    + " ORDER BY id DESC LIMIT ?")) {
                select.setLong(1, bucketId);
                select.setString(2, from.lower());
                select.setLong(3, from.id());
                select.setInt(4, limit);
                found.addAll(VersionTable.all(select));
            }
        }
        if (found.size() < limit) {
            // S3's order of keys is that of the database's texts.
            try (PreparedStatement select = connection.prepareStatement("SELECT " + VersionTable.COLUMNS
                    + " FROM s3_version WHERE bucket_id = ? AND key " + from.comparison()
                    + " ? ORDER BY key, id DESC LIMIT ?")) {
                select.setLong(1, bucketId);
                select.setString(2, from.lower());
                select.setInt(3, limit - found.size());
                found.addAll(VersionTable.all(select));
            }
        }
        return found;
    }
}
