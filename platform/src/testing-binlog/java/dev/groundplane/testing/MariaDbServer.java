package dev.groundplane.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A MariaDB server. */
public final class MariaDbServer extends BinlogServer {
    /** What a server must log for zero-ETL; to {@link #with} it may be added, and changed by what comes behind. */
    public static final List<String> FOLLOWABLE =
            List.of("--log-bin=binlog", "--server-id=1", "--binlog-format=ROW", "--binlog-row-metadata=FULL");

    /** Little memory. Commits are on the disk at once: a log whose commits are not is not purged. */
    private static final List<String> SMALL = List.of(
            "--innodb-buffer-pool-size=16M",
            "--innodb-log-file-size=16M",
            "--innodb-flush-log-at-trx-commit=1",
            "--sync-binlog=1",
            "--performance-schema=OFF",
            "--skip-name-resolve");

    private static @Nullable MariaDbServer shared;

    private MariaDbServer(List<String> options) {
        super(options);
    }

    /** One that can be followed, for all tests of this JVM; see {@link #with} for where there is no MariaDB. */
    public static synchronized MariaDbServer shared() {
        if (shared == null) {
            shared = with(FOLLOWABLE.toArray(String[]::new));
        }
        return shared;
    }

    /**
     * One with options of its command line. The caller closes it. A test that asks for it is skipped visibly where there is no
     * MariaDB, and fails in CI.
     */
    public static MariaDbServer with(String... options) {
        if (found("mariadbd").isEmpty() || found("mariadb-install-db").isEmpty()) {
            missing("needs MariaDB's mariadbd and mariadb-install-db: sudo apt-get install mariadb-server-core"
                    + " mariadb-client-core");
        }
        return new MariaDbServer(List.of(options));
    }

    @Override
    public BinlogServer another() {
        return with(FOLLOWABLE.toArray(String[]::new));
    }

    @Override
    public String url(String database) {
        return "jdbc:mariadb://127.0.0.1:%d/%s?user=root&sslMode=disable".formatted(port(), database);
    }

    @Override
    public String rights() {
        return "REPLICATION SLAVE, BINLOG MONITOR";
    }

    @Override
    public String reset() {
        return "RESET MASTER";
    }

    @Override
    public String end() {
        return row("SELECT @@GLOBAL.gtid_binlog_pos").getFirst();
    }

    @Override
    String program() {
        return found("mariadbd").orElseThrow();
    }

    @Override
    List<String> small() {
        return SMALL;
    }

    @Override
    void makeData(Path data, List<String> basics) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(found("mariadb-install-db").orElseThrow()));
        command.addAll(basics);
        command.addAll(List.of("--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"));
        Path log = data.resolveSibling("install.log");
        Process made = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (made.onExit().join().exitValue() != 0) {
            throw new IllegalStateException(String.join(" ", command) + ": " + Files.readString(log));
        }
    }

    /** Debian keeps the server off the PATH of those who are not root. */
    private static Optional<String> found(String name) {
        return Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin"))
                .map(place -> Path.of(place, name))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Path::toString);
    }
}
