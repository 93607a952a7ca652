package dev.groundplane.server.tls;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.server.http.Certificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An authority of the installation's own, for when there is no other: made with the first start, and kept. It vouches for one
 * certificate, which is made anew before it expires and when the names that it is for change. Thread-safe.
 */
public final class OwnAuthority implements CertificateSource {
    private static final Duration AUTHORITY_LIFE = Duration.ofDays(3_650);
    private static final Duration LIFE = Duration.ofDays(90);
    private static final Duration RENEWED_BEFORE = Duration.ofDays(30);
    private static final String LOOPBACK = "127.0.0.1";

    private final Path directory;
    private final Set<String> names;
    private final InstantSource clock;

    /**
     * @param directory where the keys and certificates are kept; made when it is missing
     * @param names by which clients reach the control plane, besides this machine's own
     */
    public OwnAuthority(Path directory, List<String> names, InstantSource clock) {
        this.directory = directory;
        this.names = new LinkedHashSet<>(List.of("localhost", LOOPBACK, "::1"));
        hostName().ifPresent(this.names::add);
        this.names.addAll(names);
        this.clock = clock;
    }

    private static Optional<String> hostName() {
        try {
            return Optional.of(InetAddress.getLocalHost().getHostName());
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    @Override
    public synchronized Certificate load() {
        try {
            Files.createDirectories(directory);
            // Tasks run as a user of their own and read ca.pem.
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
            Certificate authority = authority();
            return Files.exists(file("server.pem")) ? renewed(authority) : issue(authority);
        } catch (IOException e) {
            throw new GroundplaneException(
                    ErrorKind.EXTERNAL, "cannot keep certificates in %s: %s".formatted(directory, e.getMessage()), e);
        }
    }

    private Certificate authority() throws IOException {
        if (Files.exists(file("ca.key"))) {
            return Certificate.of(file("ca.pem"), file("ca.key"));
        }
        Certificate made =
                Issuing.authority("Groundplane on " + hostName().orElse("localhost"), clock.instant(), AUTHORITY_LIFE);
        write("ca.pem", Pem.certificates(made.chain()), "rw-r--r--");
        write("ca.key", Pem.key(made.key()), "rw-------");
        return made;
    }

    private Certificate renewed(Certificate authority) throws IOException {
        Certificate known = Certificate.of(file("server.pem"), file("server.key"));
        Instant renewal = known.expires().minus(RENEWED_BEFORE);
        boolean holds = clock.instant().isBefore(renewal)
                && normal(known.names()).equals(normal(names))
                && known.chain().getLast().equals(authority.chain().getFirst());
        return holds ? known : issue(authority);
    }

    private Certificate issue(Certificate authority) throws IOException {
        Certificate made = Issuing.server(authority, names, clock.instant(), LIFE);
        write("server.key", Pem.key(made.key()), "rw-------");
        write("server.pem", Pem.certificates(made.chain()), "rw-r--r--");
        return made;
    }

    /** Addresses have many forms. */
    private static Set<String> normal(Iterable<String> names) {
        Set<String> normal = new HashSet<>();
        names.forEach(name -> normal.add(
                Issuing.address(name).map(InetAddress::getHostAddress).orElse(name)));
        return normal;
    }

    private void write(String name, String text, String permissions) throws IOException {
        Path next = file(name + ".next");
        Files.deleteIfExists(next);
        Files.createFile(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(next, text);
        Files.setPosixFilePermissions(next, PosixFilePermissions.fromString(permissions));
        Files.move(next, file(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Path file(String name) {
        return directory.resolve(name);
    }

    @Override
    public Optional<Path> authorities() {
        return Optional.of(file("ca.pem"));
    }

    @Override
    public String localName() {
        return LOOPBACK;
    }
}
