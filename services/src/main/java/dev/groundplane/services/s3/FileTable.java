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

/** The rows of content files: which version or upload they belong to. */
final class FileTable {
    private static final String COLUMNS = "part, file, size, etag, checksum, modified";

    private FileTable() {}

    static void insert(Transaction transaction, long owner, StoredFile file) throws SQLException {
        try (PreparedStatement insert = transaction
                .connection()
                .prepareStatement("INSERT INTO s3_file (owner, " + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?)")) {
            insert.setLong(1, owner);
            insert.setInt(2, file.part());
            insert.setString(3, file.name());
            insert.setLong(4, file.size());
            insert.setString(5, file.etag());
            insert.setString(6, file.checksum());
            insert.setLong(7, file.modified().toEpochMilli());
            insert.executeUpdate();
        }
    }

    /** All of a version's files, or an upload's parts, in order. */
    static List<StoredFile> of(Connection connection, long owner) throws SQLException {
        List<StoredFile> files = new ArrayList<>();
        try (PreparedStatement select =
                connection.prepareStatement("SELECT " + COLUMNS + " FROM s3_file WHERE owner = ? ORDER BY part")) {
            select.setLong(1, owner);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    files.add(file(rows));
                }
            }
        }
        return files;
    }

    static Optional<StoredFile> part(Connection connection, long owner, int part) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT " + COLUMNS + " FROM s3_file WHERE owner = ? AND part = ?")) {
            select.setLong(1, owner);
            select.setInt(2, part);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(file(row)) : Optional.empty();
            }
        }
    }

    private static StoredFile file(ResultSet row) throws SQLException {
        return new StoredFile(
                row.getInt(1),
                row.getString(2),
                row.getLong(3),
                row.getString(4),
                row.getString(5),
                Instant.ofEpochMilli(row.getLong(6)));
    }

    /** Takes an owner's rows out, and their contents: those in files are noted as garbage. */
    static void drop(Transaction transaction, long owner) throws SQLException {
        dropContents(transaction, "owner = ?", owner);
        execute(transaction, "DELETE FROM s3_file WHERE owner = ?", owner);
    }

    /** Takes one part's row out, and its content. */
    static void drop(Transaction transaction, long owner, int part) throws SQLException {
        dropContents(transaction, "owner = ? AND part = ?", owner, part);
        forget(transaction, owner, part);
    }

    private static void dropContents(Transaction transaction, String where, long... values) throws SQLException {
        SmallTable.delete(transaction, where, values);
        execute(
                transaction,
                "INSERT INTO s3_garbage SELECT file FROM s3_file WHERE NOT " + SmallTable.NAMED + " AND " + where,
                values);
    }

    /** Takes one part's row out; its content goes on under another row. */
    static void forget(Transaction transaction, long owner, int part) throws SQLException {
        execute(transaction, "DELETE FROM s3_file WHERE owner = ? AND part = ?", owner, part);
    }

    static void execute(Transaction transaction, String sql, long... values) throws SQLException {
        try (PreparedStatement statement = transaction.connection().prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setLong(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }

    /** Whether a row names the file. */
    static boolean names(Connection connection, String file) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT 1 FROM s3_file WHERE file = ?")) {
            select.setString(1, file);
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }
}
