package dev.groundplane.testing;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A PostgreSQL server of the tests' own: made with the first test that asks for it, on loopback, stopped and deleted when the
 * JVM ends. It runs as an unprivileged user, since PostgreSQL refuses to be root. Thread-safe.
 */
public final class PostgresCluster {
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
    private static final List<String> USERS = List.of("postgres", "nobody");
    private static final AtomicInteger SCHEMAS = new AtomicInteger();

    /** Made once, with the first use of this class. */
    private static final Optional<PostgresCluster> SHARED = binaries().map(PostgresCluster::new);

    private final Path binaries;
    private final Path directory;
    private final int port;

    private PostgresCluster(Path binaries) {
        this.binaries = binaries;
        try {
            directory = Files.createTempDirectory("groundplane-postgres");
            if (isRoot()) {
                Files.setOwner(
                        directory,
                        directory
                                .getFileSystem()
                                .getUserPrincipalLookupService()
                                .lookupPrincipalByName(user()));
            }
            run(
                    "initdb",
                    "--pgdata",
                    data(),
                    "--username",
                    "groundplane",
                    "--auth",
                    "trust",
                    "--no-sync",
                    "-E",
                    "UTF8");
            port = freePort(); // no sooner: others may take it until the server has it
            Runtime.getRuntime().addShutdownHook(new Thread(this::remove));
            start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server; a test that asks for it is skipped visibly where there is no PostgreSQL, and fails in CI. */
    public static PostgresCluster shared() {
        if (SHARED.isEmpty()) {
            String reason = "needs PostgreSQL, in " + DEBIAN + " or on the PATH: sudo apt-get install postgresql";
            if ("true".equals(System.getenv("CI"))) {
                fail("in CI nothing may be missing: " + reason);
            }
            abort(reason);
        }
        return SHARED.orElseThrow();
    }

    /** The JDBC URL of a schema that nothing else uses; as good as a database of one's own, and quicker to make. */
    public String schema() {
        String name = "test_" + SCHEMAS.incrementAndGet();
        execute("CREATE SCHEMA " + name);
        return url() + "&currentSchema=" + name;
    }

    /** Runs one statement, as the server's own user. */
    public void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(url());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Where it listens on loopback. */
    public int port() {
        return port;
    }

    private String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=groundplane";
    }

    /** Starts the server, again if it was stopped. */
    public void start() {
        String options =
                "-c listen_addresses=127.0.0.1 -c port=%d -c unix_socket_directories= -c fsync=off -c wal_level=logical"
                        .formatted(port);
        run("pg_ctl", "--pgdata", data(), "--wait", "--silent", "--log", log(), "--options", options, "start");
    }

    /** Stops the server at once, as a crash would: sessions break. */
    public void stop() {
        run("pg_ctl", "--pgdata", data(), "--wait", "--silent", "--mode", "immediate", "stop");
    }

    /** Runs a client program that comes with the server on one of its databases, to its end. */
    public void client(String program, String database, String... arguments) {
        List<String> words = new ArrayList<>(List.of("--host=127.0.0.1", "--port=" + port, "--username=groundplane"));
        words.addAll(List.of(arguments));
        words.add(database);
        run(program, words.toArray(String[]::new));
    }

    private void remove() {
        stop();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String data() {
        return directory.resolve("data").toString();
    }

    private String log() {
        return directory.resolve("log").toString();
    }

    private void run(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("runuser", "-u", user(), "--"));
        }
        command.add(binaries.resolve(program).toString());
        command.addAll(List.of(arguments));
        try {
            // Nothing of ours may be inherited: a server that holds a pipe keeps its reader waiting.
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(new java.io.File(log() + ".commands")))
                    .start();
            if (process.waitFor() != 0) {
                throw new IllegalStateException(
                        String.join(" ", command) + ": " + Files.readString(Path.of(log() + ".commands")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(program, e);
        }
    }

    /** Where {@code initdb} is: Debian keeps it off the PATH. */
    private static Optional<Path> binaries() {
        List<Path> places = new ArrayList<>();
        try (Stream<Path> versions = Files.isDirectory(DEBIAN) ? Files.list(DEBIAN) : Stream.empty()) {
            versions.sorted(Comparator.reverseOrder())
                    .map(version -> version.resolve("bin"))
                    .forEach(places::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Stream.of(System.getenv("PATH").split(":")).map(Path::of).forEach(places::add);
        return places.stream()
                .filter(place -> Files.isExecutable(place.resolve("initdb")))
                .findFirst();
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static String user() throws UncheckedIOException {
        try {
            List<String> known = Files.readAllLines(Path.of("/etc/passwd"));
            return USERS.stream()
                    .filter(user -> known.stream().anyMatch(line -> line.startsWith(user + ":")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
