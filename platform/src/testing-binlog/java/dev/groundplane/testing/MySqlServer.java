package dev.groundplane.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A MySQL server, of those that {@code mysql.sh} beside this source unpacks. */
public final class MySqlServer extends BinlogServer {
    /** What a server must log for zero-ETL; to {@link #with} it may be added, and changed by what comes behind. */
    public static final List<String> FOLLOWABLE =
            List.of("--server-id=1", "--binlog-row-metadata=FULL", "--gtid-mode=ON", "--enforce-gtid-consistency=ON");

    /** Little memory, and no waits for the disk: a server that is killed keeps what the machine has. */
    private static final List<String> SMALL = List.of(
            "--log-bin=binlog",
            "--innodb-buffer-pool-size=16M",
            "--innodb-redo-log-capacity=16M",
            "--performance-schema=OFF",
            "--mysqlx=OFF",
            "--innodb-flush-log-at-trx-commit=2",
            "--sync-binlog=0",
            "--secure-file-priv=");

    private static @Nullable MySqlServer shared;

    private MySqlServer(List<String> options) {
        super(options);
    }

    /** One that can be followed, for all tests of this JVM; see {@link #with} for where there is no MySQL. */
    public static synchronized MySqlServer shared() {
        if (shared == null) {
            shared = with(FOLLOWABLE.toArray(String[]::new));
        }
        return shared;
    }

    /**
     * One with options of its command line. The caller closes it. A test that asks for it is skipped visibly where there is no
     * MySQL, and fails in CI.
     */
    public static MySqlServer with(String... options) {
        if (!Files.isExecutable(place())) {
            missing("needs MySQL's server: ./groundplane test unpacks it into %s".formatted(place()));
        }
        return new MySqlServer(List.of(options));
    }

    /** As the launcher has it. */
    private static Path place() {
        String cache = Objects.requireNonNullElse(
                System.getenv("XDG_CACHE_HOME"), System.getProperty("user.home") + "/.cache");
        return Path.of(cache, "groundplane", "mysql", "mysqld");
    }

    @Override
    public BinlogServer another() {
        return with(FOLLOWABLE.toArray(String[]::new));
    }

    @Override
    public String url(String database) {
        return "jdbc:mariadb://127.0.0.1:%d/%s?user=root&sslMode=disable&allowPublicKeyRetrieval=true"
                .formatted(port(), database);
    }

    @Override
    public String rights() {
        return "REPLICATION SLAVE, REPLICATION CLIENT";
    }

    @Override
    public String reset() {
        return "RESET BINARY LOGS AND GTIDS";
    }

    @Override
    public String end() {
        List<String> end = row("SHOW BINARY LOG STATUS");
        return end.get(0) + ":" + end.get(1);
    }

    @Override
    String program() {
        return place().toString();
    }

    @Override
    List<String> small() {
        return SMALL;
    }

    /** A copy of what {@code mysql.sh} has made. */
    @Override
    void makeData(Path data, List<String> basics) throws IOException {
        Path made = place().resolveSibling("data");
        try (Stream<Path> files = Files.walk(made)) {
            for (Path file : files.toList()) {
                Files.copy(file, data.resolve(made.relativize(file)));
            }
        }
    }
}
