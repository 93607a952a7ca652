package dev.groundplane.services.s3.external;

import dev.groundplane.platform.store.Migration;
import dev.groundplane.platform.store.Transaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;

/** The fingerprints of what lay under prefixes when they were listed last. */
final class ListingTable {
    static final List<Migration> MIGRATIONS = List.of(new Migration("s3-external-listings", 1, """
            CREATE TABLE s3_external_listing (
              bucket TEXT NOT NULL, prefix TEXT NOT NULL, fingerprint INTEGER NOT NULL,
              PRIMARY KEY (bucket, prefix)) WITHOUT ROWID
            """));

    private ListingTable() {}

    static OptionalLong find(Connection connection, WatchedPrefixes.Prefix prefix) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT fingerprint FROM s3_external_listing WHERE bucket = ? AND prefix = ?")) {
            select.setString(1, prefix.bucket());
            select.setString(2, prefix.text());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
            }
        }
    }

    static void put(Transaction transaction, WatchedPrefixes.Prefix prefix, long fingerprint) throws SQLException {
        try (PreparedStatement insert = transaction
                .connection()
                .prepareStatement("INSERT INTO s3_external_listing VALUES (?, ?, ?)"
                        + " ON CONFLICT (bucket, prefix) DO UPDATE SET fingerprint = excluded.fingerprint")) {
            insert.setString(1, prefix.bucket());
            insert.setString(2, prefix.text());
            insert.setLong(3, fingerprint);
            insert.executeUpdate();
        }
    }

    static void remove(Transaction transaction, WatchedPrefixes.Prefix prefix) throws SQLException {
        try (PreparedStatement delete = transaction
                .connection()
                .prepareStatement("DELETE FROM s3_external_listing WHERE bucket = ? AND prefix = ?")) {
            delete.setString(1, prefix.bucket());
            delete.setString(2, prefix.text());
            delete.executeUpdate();
        }
    }
}
