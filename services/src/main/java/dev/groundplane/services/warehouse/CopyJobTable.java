package dev.groundplane.services.warehouse;

import dev.groundplane.platform.store.Migration;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.services.warehouse.CopyJobFiles.Job;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Copy jobs that load by themselves, with the numbers of the last object that has landed, and that was looked at. */
final class CopyJobTable {
    static final List<Migration> MIGRATIONS = List.of(new Migration("copy-jobs", 1, """
            CREATE TABLE copy_job (
              namespace TEXT NOT NULL, database_name TEXT NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL,
              owner INTEGER NOT NULL, bucket TEXT NOT NULL, prefix TEXT NOT NULL, arrived INTEGER NOT NULL,
              looked INTEGER NOT NULL, PRIMARY KEY (namespace, database_name, id)) WITHOUT ROWID
            """));

    private static final String ONE = " WHERE namespace = ? AND database_name = ? AND id = ?";

    private CopyJobTable() {}

    /** Of the last object that has landed, and of the last one that was looked at. */
    record Numbers(long arrived, long looked) {
        /** Of a job that is to be looked at whatever lands. */
        static final Numbers NEW = new Numbers(1, 0);
    }

    static Map<Job, Numbers> all(Connection connection) throws SQLException {
        Map<Job, Numbers> all = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(
                        "SELECT namespace, database_name, id, name, owner, bucket, prefix, arrived, looked FROM copy_job");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                all.put(
                        new Job(
                                new CopyJobFiles.Key(row.getString(1), row.getString(2), row.getLong(3)),
                                row.getString(4),
                                row.getInt(5),
                                row.getString(6),
                                row.getString(7)),
                        new Numbers(row.getLong(8), row.getLong(9)));
            }
        }
        return all;
    }

    static void insert(Transaction tx, Job job) throws SQLException {
        try (PreparedStatement insert = tx.connection()
                .prepareStatement(
                        "INSERT INTO copy_job (namespace, database_name, id, name, owner, bucket, prefix, arrived,"
                                + " looked) VALUES (?, ?, ?, ?, ?, ?, ?, 1, 0)")) {
            bind(insert, 1, job.key());
            insert.setString(4, job.name());
            insert.setInt(5, job.owner());
            insert.setString(6, job.bucket());
            insert.setString(7, job.prefix());
            insert.executeUpdate();
        }
    }

    static void delete(Transaction tx, CopyJobFiles.Key job) throws SQLException {
        try (PreparedStatement delete = tx.connection().prepareStatement("DELETE FROM copy_job" + ONE)) {
            bind(delete, 1, job);
            delete.executeUpdate();
        }
    }

    static void arrived(Transaction tx, CopyJobFiles.Key job, long number) throws SQLException {
        set(tx, "UPDATE copy_job SET arrived = ?" + ONE + " AND arrived < ?", job, number);
    }

    static void looked(Transaction tx, CopyJobFiles.Key job, long number) throws SQLException {
        set(tx, "UPDATE copy_job SET looked = ?" + ONE + " AND looked < ?", job, number);
    }

    private static void set(Transaction tx, String sql, CopyJobFiles.Key job, long number) throws SQLException {
        try (PreparedStatement update = tx.connection().prepareStatement(sql)) {
            update.setLong(1, number);
            bind(update, 2, job);
            update.setLong(5, number);
            update.executeUpdate();
        }
    }

    private static void bind(PreparedStatement statement, int first, CopyJobFiles.Key job) throws SQLException {
        statement.setString(first, job.namespaceId());
        statement.setString(first + 1, job.database());
        statement.setLong(first + 2, job.id());
    }
}
