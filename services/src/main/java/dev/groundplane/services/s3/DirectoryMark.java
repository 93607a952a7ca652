package dev.groundplane.services.s3;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Transaction;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * By what control planes that share a database know that they share the directory of contents, too: a file in it has the id
 * that the database has. The first one marks the directory. On each host it may have another path.
 */
final class DirectoryMark {
    private static final String FILE = "installation";

    private record Recorded(String id, String firstPath) {}

    private DirectoryMark() {}

    /**
     * @param directory is there
     * @throws GroundplaneException when the installation keeps its contents elsewhere, or the directory is another's
     */
    static void check(Database database, Path directory) {
        database.write(transaction -> {
            Optional<Recorded> recorded = recorded(transaction);
            if (recorded.isEmpty()) {
                record(transaction, directory);
            } else if (!read(directory).equals(Optional.of(recorded.get().id()))) {
                throw new GroundplaneException(
                        ErrorKind.USER_ERROR,
                        "%s is not the directory in which this installation keeps the contents of S3's objects, which was"
                                        .formatted(directory)
                                + " first used as %s: all control planes on one database must see the same one, for example"
                                        .formatted(recorded.get().firstPath())
                                + " by NFS; name it with --objects");
            }
            return true;
        });
    }

    private static Optional<Recorded> recorded(Transaction transaction) throws SQLException {
        try (PreparedStatement select =
                        transaction.connection().prepareStatement("SELECT id, first_path FROM s3_directory");
                ResultSet row = select.executeQuery()) {
            return row.next() ? Optional.of(new Recorded(row.getString(1), row.getString(2))) : Optional.empty();
        }
    }

    /** A mark that stands alone is of a start that ended before the database knew of it. */
    private static void record(Transaction transaction, Path directory) throws SQLException {
        String id = UUID.randomUUID().toString();
        try (Stream<Path> there = Files.list(directory)) {
            List<Path> others =
                    there.filter(path -> !path.endsWith(FILE)).limit(1).toList();
            if (!others.isEmpty()) {
                throw new GroundplaneException(
                        ErrorKind.USER_ERROR,
                        "%s, which is to hold the contents of this installation's objects, is not empty: it holds %s; name"
                                        .formatted(directory, others.getFirst().getFileName())
                                + " an empty directory with --objects");
            }
            Path file = directory.resolve(FILE);
            Files.writeString(file, id);
            sync(file, StandardOpenOption.WRITE);
            sync(directory, StandardOpenOption.READ);
        } catch (IOException e) {
            throw failure("mark", directory, e);
        }
        try (PreparedStatement insert =
                transaction.connection().prepareStatement("INSERT INTO s3_directory VALUES (?, ?)")) {
            insert.setString(1, id);
            insert.setString(2, directory.toString());
            insert.executeUpdate();
        }
    }

    private static Optional<String> read(Path directory) {
        Path file = directory.resolve(FILE);
        try {
            return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
        } catch (IOException e) {
            throw failure("read the mark of", directory, e);
        }
    }

    private static void sync(Path path, StandardOpenOption option) throws IOException {
        try (FileChannel channel = FileChannel.open(path, option)) {
            channel.force(true);
        }
    }

    private static GroundplaneException failure(String what, Path directory, IOException e) {
        return new GroundplaneException(ErrorKind.EXTERNAL, "cannot %s %s: %s".formatted(what, directory, e), e);
    }
}
