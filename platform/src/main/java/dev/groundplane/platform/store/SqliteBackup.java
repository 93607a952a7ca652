package dev.groundplane.platform.store;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.sqlite.SQLiteConfig;

/** Copies of an SQLite database: made while it is in use, and looked at before one takes its place. */
public final class SqliteBackup {
    private static final int BUSY_MILLIS = 10_000;

    private SqliteBackup() {}

    /**
     * Writes a copy that is as the database was at one moment; others read and write it meanwhile. The copy is there whole and
     * durable or not at all, and only its owner may read it.
     *
     * @param copy a file that does not exist
     * @throws GroundplaneException when the database cannot be read or the copy not be written
     */
    public static void write(Path database, Path copy) {
        Path whole = copy.toAbsolutePath();
        Path next = whole.resolveSibling(whole.getFileName() + ".next");
        try {
            if (Files.exists(whole)) {
                throw new GroundplaneException(
                        ErrorKind.USER_ERROR, "%s exists; a backup is written into a new file".formatted(copy));
            }
            createPrivate(next);
            try (Connection connection = open(database, false);
                    PreparedStatement vacuum = connection.prepareStatement("VACUUM INTO ?")) {
                vacuum.setString(1, next.toString());
                vacuum.execute();
            }
            settle(next, whole);
        } catch (SQLException | IOException e) {
            throw failure("back up %s into %s".formatted(database, copy), e);
        }
    }

    /**
     * Puts a copy where a database is to be.
     *
     * @param database a file that does not exist
     * @param migrations what this release knows
     * @throws GroundplaneException when the copy is none, damaged, or of a newer release; nothing is written then
     */
    public static void restore(Path copy, Path database, List<Migration> migrations) {
        Path next = database.resolveSibling(database.getFileName() + ".next");
        try {
            check(copy, database, migrations);
            createPrivate(next);
            Files.copy(copy, next, StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-------"));
            settle(next, database);
        } catch (SQLException | IOException e) {
            throw failure("restore %s".formatted(copy), e);
        }
    }

    private static void check(Path copy, Path database, List<Migration> migrations) throws SQLException, IOException {
        SqliteLibrary.provide(database.toAbsolutePath().resolveSibling("native"));
        try (Connection connection = open(copy, true);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA quick_check(1)")) {
            row.next();
            if (!row.getString(1).equals("ok")) {
                throw new GroundplaneException(
                        ErrorKind.USER_ERROR, "%s is damaged: %s".formatted(copy, row.getString(1)));
            }
            Schema.check(connection, migrations);
        }
    }

    private static Connection open(Path file, boolean readOnly) throws SQLException, IOException {
        SqliteLibrary.provide(file.toAbsolutePath().resolveSibling("native"));
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(readOnly);
        config.setBusyTimeout(BUSY_MILLIS);
        return config.createConnection("jdbc:sqlite:" + file);
    }

    private static void createPrivate(Path file) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private static void settle(Path next, Path file) throws IOException {
        sync(next, StandardOpenOption.WRITE);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        sync(file.resolveSibling("."), StandardOpenOption.READ);
    }

    private static void sync(Path path, StandardOpenOption option) throws IOException {
        try (FileChannel channel = FileChannel.open(path, option)) {
            channel.force(true);
        }
    }

    private static GroundplaneException failure(String what, Exception cause) {
        return new GroundplaneException(ErrorKind.EXTERNAL, "cannot %s: %s".formatted(what, cause.getMessage()), cause);
    }
}
