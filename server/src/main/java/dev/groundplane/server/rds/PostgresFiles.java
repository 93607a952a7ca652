package dev.groundplane.server.rds;

import dev.groundplane.pgwire.ScramVerifier;
import dev.groundplane.server.http.Certificate;
import dev.groundplane.server.tls.Pem;
import dev.groundplane.services.rds.DatabaseServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.UnaryOperator;

/** What lies in a server's directory beside its databases. Thread-safe: each server is worked on by one thread at a time. */
final class PostgresFiles {
    private static final int SALT = 16;
    private static final int ITERATIONS = 4096;
    private static final int MARK = 16;

    private final PostgresSite site;
    private final UnaryOperator<String> administratorPasswords;

    PostgresFiles(PostgresSite site, UnaryOperator<String> administratorPasswords) {
        this.site = site;
        this.administratorPasswords = administratorPasswords;
    }

    /**
     * Writes what the server reads when it starts and when it is told to read anew. A repetition changes nothing.
     *
     * @return what {@code groundplane.configuration} is in a server that has read it
     */
    String write(DatabaseServer server) throws IOException {
        Path directory = site.server(server.id());
        makeDirectory(site.servers(), "rwx--x--x");
        makeDirectory(directory, "rwx------");
        Certificate certificate = site.certificate().load();
        String chain = Pem.certificates(certificate.chain());
        String access = PostgresConfiguration.access(server);
        String settings = PostgresConfiguration.settings(server, site.address(), directory);
        String mark = digest(chain + access + settings).substring(0, MARK);
        replace(directory, "administrator.verifier", verifier(server.id()) + "\n");
        replace(directory, "server.key", Pem.key(certificate.key()));
        replace(directory, "server.pem", chain);
        replace(directory, "pg_hba.conf", access);
        replace(directory, "postgresql.conf", settings + "groundplane.configuration = '" + mark + "'\n");
        return mark;
    }

    /**
     * PostgreSQL takes a verifier for a password, so that no file has the password. The salt follows from the password, which no
     * other server has, so that a repetition changes nothing.
     */
    private String verifier(String id) {
        String password = administratorPasswords.apply(id);
        byte[] salt = digest("salt of " + password).substring(0, SALT).getBytes(StandardCharsets.US_ASCII);
        return ScramVerifier.of(password, salt, ITERATIONS).toString();
    }

    /** Tells a superuser's password from others without telling it. */
    String administratorMark(String id) {
        return digest(verifier(id)).substring(0, MARK);
    }

    private static String digest(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Makes a directory with these permissions, unless it is there. */
    static void makeDirectory(Path directory, String permissions) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
        }
    }

    /** Writes a file for the server's user, whose the directory is. */
    private static void replace(Path directory, String name, String text) throws IOException {
        Path file = directory.resolve(name);
        if (Files.exists(file) && Files.readString(file).equals(text)) {
            return;
        }
        Path next = directory.resolve(name + ".next");
        Files.deleteIfExists(next);
        Files.createFile(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(next, text);
        Files.setOwner(next, Files.getOwner(directory));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Has a directory with all that is in it outlast a power failure: at once, and not file by file. */
    static void flushTree(Path directory) throws IOException {
        Process sync = new ProcessBuilder("sync", "-f", directory.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(sync.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (sync.waitFor() != 0) {
                throw new IOException("sync -f %s failed: %s".formatted(directory, said.strip()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while flushing " + directory, e);
        }
    }
}
