package dev.groundplane.server.cli;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.server.local.DataDirectory;
import dev.groundplane.server.tls.CertificateFiles;
import dev.groundplane.server.tls.CertificateSource;
import dev.groundplane.server.tls.OwnAuthority;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** With what the control plane speaks TLS. */
final class TlsOptions {
    @Option(
            names = "--tls-self-signed",
            description = "speak TLS only, with a certificate of an authority that this installation makes and keeps;"
                    + " its certificate is tls/ca.pem in the data directory")
    private boolean selfSigned;

    @Option(
            names = "--tls-name",
            paramLabel = "NAME",
            description = "a further name or address for that certificate, by which clients reach the control plane;"
                    + " may be repeated")
    private List<String> names = List.of();

    @Option(
            names = "--tls-certificate",
            paramLabel = "FILE",
            description = "speak TLS only, with this certificate chain (PEM); looked at again every few seconds")
    private @Nullable Path certificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "the certificate's private key (PEM, PKCS #8)")
    private @Nullable Path key;

    @Option(
            names = "--tls-ca",
            paramLabel = "FILE",
            description = "the authorities (PEM) that vouch for the certificate, for clients on this machine"
                    + " (default: those that Java trusts)")
    private @Nullable Path authorities;

    /**
     * With what to speak TLS; empty for plain HTTP.
     *
     * @param listeners the addresses to listen on, besides loopback
     * @throws GroundplaneException when the options do not go together or the files cannot be used
     */
    Optional<CertificateSource> source(DataDirectory data, List<String> listeners, InstantSource clock) {
        if ((certificate == null) != (key == null)) {
            throw wrong("--tls-certificate and --tls-key belong together: one is missing");
        }
        if (selfSigned && certificate != null) {
            throw wrong("--tls-self-signed and --tls-certificate exclude each other");
        }
        if (!selfSigned && !names.isEmpty()) {
            throw wrong("--tls-name is for the certificate of --tls-self-signed");
        }
        if (certificate == null && authorities != null) {
            throw wrong("--tls-ca is for the certificate of --tls-certificate");
        }
        if (selfSigned) {
            List<String> all = Stream.concat(listeners.stream(), names.stream()).toList();
            return Optional.of(new OwnAuthority(data.tls(), all, clock));
        }
        if (certificate == null || key == null) {
            return Optional.empty();
        }
        CertificateFiles files = new CertificateFiles(
                certificate, key, Optional.ofNullable(authorities).map(Path::toAbsolutePath), listeners, clock);
        files.load(); // what is wrong with it is said by the command itself
        files.localName();
        return Optional.of(files);
    }

    private static GroundplaneException wrong(String message) {
        return new GroundplaneException(ErrorKind.USER_ERROR, message);
    }

    /** The options as another process takes them. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        if (selfSigned) {
            arguments.add("--tls-self-signed");
        }
        names.forEach(name -> arguments.addAll(List.of("--tls-name", name)));
        add(arguments, "--tls-certificate", certificate);
        add(arguments, "--tls-key", key);
        add(arguments, "--tls-ca", authorities);
        return arguments;
    }

    private static void add(List<String> arguments, String name, @Nullable Path file) {
        if (file != null) {
            arguments.addAll(List.of(name, file.toAbsolutePath().toString()));
        }
    }
}
