package dev.groundplane.server.cli;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.server.http.Certificate;
import dev.groundplane.server.http.Listener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where to listen besides loopback, so that agents on other hosts can connect. */
final class ListenOptions {
    @Option(
            names = "--listen",
            paramLabel = "ADDRESS",
            description = "an address of this machine to listen on besides loopback, for agents and clients elsewhere;"
                    + " may be repeated")
    private List<String> addresses = List.of();

    @Option(
            names = "--tls-certificate",
            paramLabel = "FILE",
            description = "certificate chain (PEM) with which --listen speaks TLS")
    private @Nullable Path certificate;

    @Option(names = "--tls-key", paramLabel = "FILE", description = "the certificate's private key (PEM, PKCS #8)")
    private @Nullable Path key;

    /** @throws GroundplaneException when the options do not go together or the files cannot be used */
    List<Listener> listeners() {
        if ((certificate == null) != (key == null)) {
            throw new GroundplaneException(
                    ErrorKind.USER_ERROR, "--tls-certificate and --tls-key belong together: one is missing");
        }
        if (certificate != null && addresses.isEmpty()) {
            throw new GroundplaneException(
                    ErrorKind.USER_ERROR, "--tls-certificate is for the addresses of --listen, and none is given");
        }
        Optional<Certificate> tls =
                certificate == null || key == null ? Optional.empty() : Optional.of(Certificate.of(certificate, key));
        return addresses.stream().map(address -> new Listener(address, tls)).toList();
    }

    /** The options as another process takes them. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        addresses.forEach(address -> arguments.addAll(List.of("--listen", address)));
        if (certificate != null && key != null) {
            arguments.addAll(List.of(
                    "--tls-certificate",
                    certificate.toAbsolutePath().toString(),
                    "--tls-key",
                    key.toAbsolutePath().toString()));
        }
        return arguments;
    }
}
