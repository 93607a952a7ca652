package dev.groundplane.services.s3;

import dev.groundplane.platform.store.Migration;
import dev.groundplane.platform.store.Transaction;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** The tables of buckets, object versions, uploads and files. */
final class S3Schema {
    /**
     * Ids come from one counter and grow: of two versions of a key the one with the greater id is newer. A file belongs to a
     * version or to an upload, by the same kind of id. {@code s3_garbage} names files that nothing refers to any more and
     * that are still to be removed. Keys are compared as bytes of UTF-8, which is S3's order.
     */
    static final List<Migration> MIGRATIONS = List.of(
            new Migration("s3", 1, """
            CREATE TABLE s3_counter (name TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;
            INSERT INTO s3_counter VALUES ('id', 0);
            INSERT INTO s3_counter VALUES ('epoch', 0);
            CREATE TABLE s3_bucket (
              bucket_id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, account TEXT NOT NULL, region TEXT NOT NULL,
              created INTEGER NOT NULL, versioning TEXT NOT NULL, locked INTEGER NOT NULL);
            CREATE INDEX s3_bucket_account ON s3_bucket (account, name);
            CREATE TABLE s3_bucket_setting (
              bucket_id INTEGER NOT NULL, kind TEXT NOT NULL, document TEXT NOT NULL,
              PRIMARY KEY (bucket_id, kind)) WITHOUT ROWID;
            CREATE INDEX s3_bucket_setting_kind ON s3_bucket_setting (kind);
            CREATE TABLE s3_version (
              id INTEGER PRIMARY KEY, bucket_id INTEGER NOT NULL, key TEXT NOT NULL, version_id TEXT NOT NULL,
              latest INTEGER NOT NULL, marker INTEGER NOT NULL, modified INTEGER NOT NULL, size INTEGER NOT NULL,
              etag TEXT NOT NULL, parts INTEGER NOT NULL, checksum_kind TEXT, checksum_type TEXT, checksum TEXT,
              headers TEXT NOT NULL, tags TEXT NOT NULL, lock_mode TEXT, lock_until INTEGER, legal_hold INTEGER NOT NULL);
            CREATE UNIQUE INDEX s3_version_id ON s3_version (bucket_id, key, version_id);
            CREATE INDEX s3_version_order ON s3_version (bucket_id, key, id DESC);
            CREATE UNIQUE INDEX s3_version_current ON s3_version (bucket_id, key) WHERE latest = 1 AND marker = 0;
            CREATE TABLE s3_upload (
              id INTEGER PRIMARY KEY, upload_id TEXT NOT NULL UNIQUE, bucket_id INTEGER NOT NULL, key TEXT NOT NULL,
              initiated INTEGER NOT NULL, checksum_kind TEXT NOT NULL, checksum_type TEXT NOT NULL,
              checksum_asked INTEGER NOT NULL, headers TEXT NOT NULL, tags TEXT NOT NULL);
            CREATE INDEX s3_upload_key ON s3_upload (bucket_id, key, id);
            CREATE TABLE s3_file (
              owner INTEGER NOT NULL, part INTEGER NOT NULL, file TEXT NOT NULL, size INTEGER NOT NULL,
              etag TEXT NOT NULL, checksum TEXT NOT NULL, modified INTEGER NOT NULL,
              PRIMARY KEY (owner, part)) WITHOUT ROWID;
            CREATE UNIQUE INDEX s3_file_name ON s3_file (file);
            CREATE TABLE s3_garbage (file TEXT PRIMARY KEY) WITHOUT ROWID
            """),
            new Migration("s3", 2, """
            CREATE TABLE s3_start (epoch INTEGER PRIMARY KEY, process TEXT NOT NULL);
            CREATE TABLE s3_directory (id TEXT PRIMARY KEY, first_path TEXT NOT NULL) WITHOUT ROWID
            """),
            new Migration("s3", 3, """
            ALTER TABLE s3_version ADD COLUMN upload_id TEXT;
            CREATE INDEX s3_version_upload ON s3_version (upload_id) WHERE upload_id IS NOT NULL
            """),
            new Migration("s3-small", 1, """
            CREATE TABLE s3_small (id INTEGER PRIMARY KEY, content BLOB NOT NULL)
            """));

    private S3Schema() {}

    /** An id that nothing had before, greater than all. */
    static long nextId(Transaction transaction) throws SQLException {
        return next(transaction, "id");
    }

    /** The number of a process's start, greater than all before. */
    static long nextEpoch(Transaction transaction) throws SQLException {
        return next(transaction, "epoch");
    }

    private static long next(Transaction transaction, String counter) throws SQLException {
        try (PreparedStatement update = transaction
                .connection()
                .prepareStatement("UPDATE s3_counter SET last = last + 1 WHERE name = ? RETURNING last")) {
            update.setString(1, counter);
            try (ResultSet row = update.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
