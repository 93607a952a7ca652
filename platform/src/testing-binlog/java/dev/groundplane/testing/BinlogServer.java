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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A server of the tests' own that keeps a binary log, on loopback, with a data directory of its own that goes when it is closed or the
 * JVM ends. Its user {@code root} has no password and all rights. Thread-safe.
 */
public abstract sealed class BinlogServer implements AutoCloseable permits MariaDbServer, MySqlServer {
    private static final String READY = "ready for connections";
    private static final long PATIENCE_SECONDS = 120;

    private final Path directory;
    private final int port;
    private final List<String> options;
    private final Thread end = new Thread(this::remove);
    private @Nullable Process process;

    BinlogServer(List<String> options) {
        this.options = options;
        try {
            directory = Files.createTempDirectory("groundplane-binlog");
            Runtime.getRuntime().addShutdownHook(end);
            makeData(data(), basics());
            port = freePort(); // no sooner: others may take it until the server has it
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start();
    }

    /** Skips visibly what needs a program that is not here, and fails in CI. */
    static void missing(String reason) {
        if ("true".equals(System.getenv("CI"))) {
            fail("in CI nothing may be missing: " + reason);
        }
        abort(reason);
    }

    /** The program of the server. */
    abstract String program();

    /** What its command line has besides. */
    abstract List<String> small();

    /**
     * Makes the data directory.
     *
     * @param basics what the command line begins with
     */
    abstract void makeData(Path data, List<String> basics) throws IOException;

    /** The JDBC URL of a database as {@code root}; empty for none. */
    public abstract String url(String database);

    /** What a user needs besides {@code SELECT} so that a database can be followed. */
    public abstract String rights();

    /** The statement that makes the log anew. */
    public abstract String reset();

    /** Where the log ends, as whoever watches it is told. */
    public abstract String end();

    /** One more such server, which can be followed as well. The caller closes it. */
    public abstract BinlogServer another();

    /** Where it listens on loopback. */
    public int port() {
        return port;
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

    /** A query's first row, as {@code root}. */
    final List<String> row(String query) {
        try (Connection connection = DriverManager.getConnection(url(""));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            List<String> row = new ArrayList<>();
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                row.add(rows.getString(i));
            }
            return row;
        } catch (SQLException e) {
            throw new IllegalStateException(query, e);
        }
    }

    /** Starts the server, again if it was stopped; returns when it can be connected to. */
    public synchronized void start() {
        List<String> command = new ArrayList<>();
        command.add(program());
        command.addAll(basics());
        command.addAll(List.of(
                "--bind-address=127.0.0.1",
                "--port=" + port,
                "--socket=" + directory.resolve("socket"),
                "--pid-file=" + directory.resolve("pid")));
        command.addAll(small());
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
                throw new IllegalStateException("the server has ended: " + String.join("\n", log));
            }
        } catch (TimeoutException | ExecutionException e) {
            throw new IllegalStateException("the server is not ready: " + String.join("\n", log), e);
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

    private Path data() {
        return directory.resolve("data");
    }

    /** What its command line begins with, also where data are made. It refuses to be root unless it is told to. */
    private List<String> basics() {
        // A server that starts removes what it finds of others in a directory of temporary files that they share.
        List<String> words = new ArrayList<>(List.of("--no-defaults", "--datadir=" + data(), "--tmpdir=" + directory));
        if (System.getProperty("user.name").equals("root")) {
            words.add("--user=root");
        }
        return words;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
