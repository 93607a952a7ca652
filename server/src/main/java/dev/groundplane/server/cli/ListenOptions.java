package dev.groundplane.server.cli;

import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.server.http.Listener;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Where to listen besides loopback, so that agents on other hosts can connect. */
final class ListenOptions {
    @Option(
            names = "--listen",
            paramLabel = "ADDRESS",
            description = "an address of this machine to listen on besides loopback, for agents and clients elsewhere;"
                    + " may be repeated")
    private List<String> addresses = List.of();

    List<String> addresses() {
        return addresses;
    }

    /** @throws GroundplaneException when one is none of this machine */
    List<Listener> listeners() {
        return addresses.stream().map(Listener::new).toList();
    }

    /** The options as another process takes them. */
    List<String> arguments() {
        return addresses.stream()
                .flatMap(address -> Stream.of("--listen", address))
                .toList();
    }
}
