package dev.groundplane.services.s3;

import dev.groundplane.platform.store.Transaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * The rows of small contents, which stand in the database instead of in files: so they are durable with the rows that name
 * them, and nothing is left of them when those are gone. Rows of {@code s3_file} name them as {@code small/ID}.
 */
final class SmallTable {
    /** The largest content of a row, in bytes. */
    static final int MAX_BYTES = 16 * 1024;

    private static final String PREFIX = "small/";

    /** Selects rows of {@code s3_file}. */
    static final String NAMED = "file LIKE '" + PREFIX + "%'";

    private static final String IDS =
            "SELECT CAST(SUBSTR(file, " + (PREFIX.length() + 1) + ") AS BIGINT) FROM s3_file WHERE " + NAMED;

    private SmallTable() {}

    static boolean names(StoredFile file) {
        return file.name().startsWith(PREFIX);
    }

    /**
     * Stores a content.
     *
     * @param content in the form of a content file
     * @return what names it
     */
    static String insert(Transaction transaction, byte[] content) throws SQLException {
        long id = S3Schema.nextId(transaction);
        try (PreparedStatement insert =
                transaction.connection().prepareStatement("INSERT INTO s3_small (id, content) VALUES (?, ?)")) {
            insert.setLong(1, id);
            insert.setBytes(2, content);
            insert.executeUpdate();
        }
        return PREFIX + id;
    }

    /** All small contents of a version, by what names them. */
    static Map<String, byte[]> of(Connection connection, long owner) throws SQLException {
        Map<String, byte[]> found = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT id, content FROM s3_small WHERE id IN (" + IDS + " AND owner = ?)")) {
            select.setLong(1, owner);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.put(PREFIX + rows.getLong(1), rows.getBytes(2));
                }
            }
        }
        return found;
    }

    /**
     * Takes contents out.
     *
     * @param where further conditions on the rows of {@code s3_file} that name them, with a question mark for each value
     */
    static void delete(Transaction transaction, String where, long... values) throws SQLException {
        FileTable.execute(transaction, "DELETE FROM s3_small WHERE id IN (" + IDS + " AND " + where + ")", values);
    }
}
