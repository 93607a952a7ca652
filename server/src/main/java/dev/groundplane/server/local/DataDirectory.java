package dev.groundplane.server.local;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * Where an installation keeps everything, and what is where in it.
 *
 * @param root absolute path
 */
public record DataDirectory(Path root) {
    /** {@code option}, else {@code GROUNDPLANE_DATA}, else /var/lib/groundplane as root or ~/.groundplane. */
    public static DataDirectory of(@Nullable Path option) {
        String variable = System.getenv("GROUNDPLANE_DATA");
        Path path = option != null
                ? option
                : variable != null
                        ? Path.of(variable)
                        : System.getProperty("user.name").equals("root")
                                ? Path.of("/var/lib/groundplane")
                                : Path.of(System.getProperty("user.home"), ".groundplane");
        return new DataDirectory(path.toAbsolutePath().normalize());
    }

    /** Makes the directory. Others may pass through it, because tasks run as another user, but list nothing. */
    public void create() {
        try {
            Files.createDirectories(root);
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx--x--x"));
            Files.createDirectories(logs());
        } catch (IOException e) {
            throw new GroundplaneException(
                    ErrorKind.USER_ERROR,
                    "cannot use %s as the data directory: %s; choose another with --data"
                            .formatted(root, e.getMessage()),
                    e);
        }
    }

    /** The database file. */
    public Path database() {
        return root.resolve("groundplane.db");
    }

    /** Where the state is when it is not in {@link #database}: says so; readable by the owner only. */
    public Path storeLocation() {
        return root.resolve("database.json");
    }

    /** Which S3 keeps the objects when they are not in {@link #objects}; readable by the owner only. */
    public Path s3Location() {
        return root.resolve("s3.json");
    }

    /** The key that secrets in the database are encrypted with; belongs into every backup of the database. */
    public Path secretKey() {
        return root.resolve("secret.key");
    }

    /** The newest signed statement about the audit trail, outside of the database. */
    public Path auditCheckpoint() {
        return root.resolve("audit-checkpoint");
    }

    /** The root credentials and endpoint, for {@code groundplane env}; readable by the owner only. */
    public Path connection() {
        return root.resolve("connection.json");
    }

    /** What opens the pages for operators; readable by the owner only. */
    public Path operatorToken() {
        return root.resolve("operator.token");
    }

    /** What the running control plane says of itself. */
    public Path process() {
        return root.resolve("control-plane.json");
    }

    /** Held by the control plane while it runs. */
    public Path lock() {
        return root.resolve("control-plane.lock");
    }

    /** The databases of the warehouse's namespaces. */
    public Path warehouse() {
        return root.resolve("warehouse");
    }

    /** The servers of RDS's clusters. */
    public Path postgresServers() {
        return root.resolve("rds");
    }

    /** The clusters of Slurm. */
    public Path hpc() {
        return root.resolve("hpc");
    }

    /** PostgreSQL's programs. */
    public Path postgresPrograms() {
        return root.resolve("postgresql");
    }

    /** The contents of S3's objects. */
    public Path objects() {
        return root.resolve("s3");
    }

    /** Keys and certificates for TLS that the installation made itself. */
    public Path tls() {
        return root.resolve("tls");
    }

    /** Log files. */
    public Path logs() {
        return root.resolve("logs");
    }

    /** The log of a control plane that was started with {@code --detach}. */
    public Path controlPlaneLog() {
        return logs().resolve("control-plane.log");
    }

    /** The log of the local agent. */
    public Path agentLog() {
        return logs().resolve("agent.log");
    }

    /** Where a process that has a log file writes what is no log line: complaints of its JVM, and why it could not start. */
    public Path outsideLog(Path log) {
        return log.resolveSibling(log.getFileName().toString().replace(".log", ".err"));
    }

    /** The local agent's own data. */
    public Path agent() {
        return root.resolve("agent");
    }

    /** As whom the local agent registered, and its key; the agent writes it. */
    public Path agentIdentity() {
        return agent().resolve("identity.json");
    }

    /** What the local agent registers with the first time; used up then. */
    public Path agentActivation() {
        return root.resolve("agent.activation");
    }

    /** What the demo makes and keeps. */
    public Path demo() {
        return root.resolve("demo");
    }

    /** Writes a file that only its owner may read, so that it is there whole or not at all. */
    public void writePrivately(Path file, String text) {
        try {
            Path next = file.resolveSibling(file.getFileName() + ".next");
            Files.deleteIfExists(next);
            Files.createFile(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(next, text);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new GroundplaneException(
                    ErrorKind.EXTERNAL, "cannot write %s: %s".formatted(file, e.getMessage()), e);
        }
    }
}
