package dev.groundplane.agent.metadata;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The address at which containers with a network of their own reach this host: SDKs send credentials requests without TLS to
 * no other addresses than loopback and ECS's. A bridge routes it to the host, which answers when the address is one of its
 * own; so it is added to the loopback interface, as {@code ip address add 169.254.170.2/32 dev lo} does. It stays when the
 * agent ends: containers live on, and other agents may use it.
 *
 * @param address {@code 169.254.170.2}
 */
public record LinkLocalAddress(InetAddress address) {
    private static final List<String> TRUSTED = List.of("169.254.170.2", "169.254.170.23");
    private static final Integer ROOT = 0;
    private static final int LIMIT_SECONDS = 10;

    /**
     * An address by its literal.
     *
     * @throws IllegalArgumentException when SDKs trust no such address
     */
    public static LinkLocalAddress of(String literal) {
        if (!TRUSTED.contains(literal)) {
            throw new IllegalArgumentException("%s: SDKs ask for credentials without TLS at %s only"
                    .formatted(literal, String.join(" and ", TRUSTED)));
        }
        return new LinkLocalAddress(InetAddress.ofLiteral(literal));
    }

    /** Whether {@link #ensure} can succeed, as far as can be told beforehand. */
    public boolean isAttainable() {
        try {
            return isThere() || ROOT.equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException e) {
            return false;
        }
    }

    private boolean isThere() throws IOException {
        return NetworkInterface.getByInetAddress(address) != null;
    }

    /**
     * Makes the address one of this host's. Idempotent.
     *
     * @throws IOException when it is not and this process may not add it; the message says what would bring it in
     */
    void ensure() throws IOException {
        if (isThere()) {
            return;
        }
        var word = address.getHostAddress() + "/32";
        var process = new ProcessBuilder("ip", "address", "add", word, "dev", "lo")
                .redirectErrorStream(true)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // Another agent may have been quicker.
        if (!isThere()) {
            throw new IOException(
                    "the address %s is not this host's and could not be added (%s); run as root: ip address"
                                    .formatted(address.getHostAddress(), said)
                            + " add " + word + " dev lo");
        }
    }
}
