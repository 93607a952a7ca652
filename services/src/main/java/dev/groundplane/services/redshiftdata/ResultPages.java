package dev.groundplane.services.redshiftdata;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.secret.Encryption;
import dev.groundplane.platform.secret.SealedException;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Migration;
import dev.groundplane.platform.store.Transaction;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Results in pages: page 0 tells of the columns, the others have the rows. They lie compressed and sealed in the store, since
 * they are the owner's data. Thread-safe.
 */
final class ResultPages {
    static final List<Migration> MIGRATIONS = List.of(new Migration("redshift-data", 1, """
            CREATE TABLE redshift_data_page (
              statement TEXT NOT NULL, part INTEGER NOT NULL, page INTEGER NOT NULL, body BLOB NOT NULL,
              PRIMARY KEY (statement, part, page))
            """));

    private static final String TYPE = "redshift-data:page";
    /** Deleting more at once would keep other writers waiting. */
    private static final int CHUNK = 50;

    private final Database database;
    private final Encryption encryption;

    ResultPages(Database database, Encryption encryption) {
        this.database = database;
        this.encryption = encryption;
    }

    /**
     * One statement's result.
     *
     * @param statement its id
     * @param part 0, or which statement of a batch it is, from 1
     */
    record Place(String statement, int part) {
        private String name(int page) {
            return statement + "/" + part + "/" + page;
        }
    }

    /**
     * Stores a page.
     *
     * @return how many bytes it takes
     */
    int write(Place place, int page, String content) {
        byte[] body = encryption.seal(TYPE, place.name(page), compressed(content));
        database.write(tx -> {
            try (PreparedStatement insert = tx.connection()
                    .prepareStatement(
                            "INSERT INTO redshift_data_page (statement, part, page, body) VALUES (?, ?, ?, ?)")) {
                bind(insert, place, page);
                insert.setBytes(4, body);
                return insert.executeUpdate();
            }
        });
        return body.length;
    }

    /** A page's content; empty when there is none. */
    Optional<String> read(Place place, int page) {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT body FROM redshift_data_page WHERE statement = ? AND part = ? AND page = ?")) {
                bind(select, place, page);
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? Optional.of(opened(place, page, row.getBytes(1))) : Optional.empty();
                }
            }
        });
    }

    /** Whether there is such a page. */
    boolean has(Place place, int page) {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT 1 FROM redshift_data_page WHERE statement = ? AND part = ? AND page = ?")) {
                bind(select, place, page);
                try (ResultSet row = select.executeQuery()) {
                    return row.next();
                }
            }
        });
    }

    private static void bind(PreparedStatement statement, Place place, int page) throws SQLException {
        statement.setString(1, place.statement());
        statement.setInt(2, place.part());
        statement.setInt(3, page);
    }

    /** Removes all results of a statement. Idempotent. */
    void remove(String statement) {
        int removed;
        do {
            removed = database.write(tx -> remove(tx, statement));
        } while (removed == CHUNK);
    }

    private static int remove(Transaction tx, String statement) throws SQLException {
        try (PreparedStatement delete = tx.connection()
                .prepareStatement("DELETE FROM redshift_data_page WHERE (statement, part, page) IN"
                        + " (SELECT statement, part, page FROM redshift_data_page WHERE statement = ? LIMIT " + CHUNK
                        + ")")) {
            delete.setString(1, statement);
            return delete.executeUpdate();
        }
    }

    private String opened(Place place, int page, byte[] body) {
        try {
            return decompressed(encryption.open(TYPE, place.name(page), body));
        } catch (SealedException e) {
            throw new GroundplaneException(
                    ErrorKind.INTERNAL_ERROR, "the stored result %s cannot be read".formatted(place.name(page)), e);
        }
    }

    private static byte[] compressed(String content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write(content.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("memory can always be written to", e);
        }
        return bytes.toByteArray();
    }

    private static String decompressed(byte[] compressed) {
        try (GZIPInputStream zip = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            return new String(zip.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("a stored result is damaged", e);
        }
    }
}
