package dev.groundplane.testing;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A MariaDB server of the tests' own, on loopback, with a data directory of its own that goes when it is closed or the JVM ends. Its
 * user {@code root} has no password and all rights. Thread-safe.
 */
public final class MariaDbServer implements AutoCloseable {
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

    private static final String READY = "ready for connections";
    private static final long PATIENCE_SECONDS = 120;
    private static @Nullable MariaDbServer shared;

    private final Path directory;
    private final int port;
    private final List<String> options;
    private final Thread end = new Thread(this::remove);
    private @Nullable Process process;

    private MariaDbServer(List<String> options) {
        this.options = options;
        try {
            directory = Files.createTempDirectory("groundplane-mariadb");
            port = freePort();
            Runtime.getRuntime().addShutdownHook(end);
            makeData();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start();
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
        if (program("mariadbd").isEmpty() || program("mariadb-install-db").isEmpty()) {
            String reason = "needs MariaDB's mariadbd and mariadb-install-db: sudo apt-get install mariadb-server-core"
                    + " mariadb-client-core";
            if ("true".equals(System.getenv("CI"))) {
                fail("in CI nothing may be missing: " + reason);
            }
            abort(reason);
        }
        return new MariaDbServer(List.of(options));
    }

    /** Where it listens on loopback. */
    public int port() {
        return port;
    }

    /** The JDBC URL of a database as {@code root}; empty for none. */
    public String url(String database) {
        return "jdbc:mariadb://127.0.0.1:%d/%s?user=root&sslMode=disable".formatted(port, database);
    }

    /** Runs statements as {@code root}, each in a transaction of its own. */
    public void execute(String... statements) {
        try (Connection connection = DriverManager.getConnection(url(""));
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(String.join("; ", statements), e);
        }
    }

    /** Starts the server, again if it was stopped; returns when it can be connected to. */
    public synchronized void start() {
        List<String> command = new ArrayList<>();
        command.add(program("mariadbd").orElseThrow());
        command.addAll(basics());
        command.addAll(List.of(
                "--bind-address=127.0.0.1",
                "--port=" + port,
                "--socket=" + directory.resolve("socket"),
                "--pid-file=" + directory.resolve("pid")));
        command.addAll(SMALL);
        command.addAll(options);
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        awaitReady(process);
    }

    private static void awaitReady(Process process) {
        Queue<String> log = new ConcurrentLinkedQueue<>();
        CompletableFuture<Boolean> ready = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try (BufferedReader lines = process.inputReader()) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    log.add(line);
                    if (line.contains(READY)) {
                        ready.complete(true);
                    }
                }
            } catch (IOException e) {
                log.add(e.toString());
            }
            ready.complete(false);
        });
        try {
            if (!ready.get(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("mariadbd has ended: " + String.join("\n", log));
            }
        } catch (TimeoutException | ExecutionException e) {
            throw new IllegalStateException("mariadbd is not ready: " + String.join("\n", log), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Stops the server as its owner does; returns when it has ended. */
    public synchronized void stop() {
        if (process != null) {
            process.destroy();
            process.onExit().join();
        }
    }

    /** Ends the server at once, as a crash would: sessions break. */
    public synchronized void kill() {
        if (process != null) {
            process.destroyForcibly();
            process.onExit().join();
        }
    }

    /** Ends the server and removes what it had. */
    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(end);
        remove();
    }

    private void remove() {
        kill();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void makeData() throws IOException {
        List<String> command = new ArrayList<>();
        command.add(program("mariadb-install-db").orElseThrow());
        command.addAll(basics());
        command.addAll(List.of("--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"));
        Path log = directory.resolve("install.log");
        Process made = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (made.onExit().join().exitValue() != 0) {
            throw new IllegalStateException(String.join(" ", command) + ": " + Files.readString(log));
        }
    }

    /** MariaDB refuses to be root unless it is told to. */
    private List<String> basics() {
        List<String> words = new ArrayList<>(List.of("--no-defaults", "--datadir=" + directory.resolve("data")));
        if (System.getProperty("user.name").equals("root")) {
            words.add("--user=root");
        }
        return words;
    }

    /** Debian keeps the server off the PATH of those who are not root. */
    private static Optional<String> program(String name) {
        return Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin"))
                .map(place -> Path.of(place, name))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Path::toString);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
