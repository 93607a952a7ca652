package dev.groundplane.server.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A network namespace that stands for another host: joined to this machine by a pair of virtual Ethernet devices and by
 * nothing else. Closing takes it away.
 */
final class HostNetwork implements AutoCloseable {
    private static final String NAMESPACE = "groundplane-demo";
    private static final String NEAR = "gpdemo0";
    private static final String FAR = "gpdemo1";
    private static final String FAR_ADDRESS = "10.231.255.2/30";
    private static final long PATIENCE_SECONDS = 10;

    private HostNetwork() {}

    /** Makes it; empty when this machine does not let us: we are not root, or there are no namespaces. */
    static Optional<HostNetwork> make() throws IOException, InterruptedException {
        if (!System.getProperty("user.name").equals("root")) {
            return Optional.empty();
        }
        HostNetwork network = new HostNetwork();
        network.close(); // what a demo that was killed may have left
        boolean made = ip("netns", "add", NAMESPACE)
                && ip("link", "add", NEAR, "type", "veth", "peer", "name", FAR, "netns", NAMESPACE)
                && ip("address", "add", address() + "/30", "dev", NEAR)
                && ip("link", "set", NEAR, "up")
                && ip("-n", NAMESPACE, "address", "add", FAR_ADDRESS, "dev", FAR)
                && ip("-n", NAMESPACE, "link", "set", FAR, "up")
                && ip("-n", NAMESPACE, "link", "set", "lo", "up");
        if (!made) {
            network.close();
            return Optional.empty();
        }
        return Optional.of(network);
    }

    /** This machine's address in it. */
    static String address() {
        return "10.231.255.1";
    }

    /** The words before a command that run it there. */
    List<String> prefix() {
        return List.of("ip", "netns", "exec", NAMESPACE);
    }

    private static boolean ip(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        ip("link", "delete", NEAR);
        ip("netns", "delete", NAMESPACE);
    }
}
