package dev.groundplane.agent.metadata;

import com.sun.net.httpserver.HttpServer;
import dev.groundplane.agent.files.DurableFiles;
import dev.groundplane.agent.files.DurableFiles.Durability;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The endpoint's port, chosen once and kept in a file, so that tasks that run still find the endpoint of a new agent. */
final class EndpointPort {
    private static final Logger log = LoggerFactory.getLogger(EndpointPort.class);
    /** Below the ports that the kernel gives to outgoing connections, which would be in the way of a new agent. */
    private static final int FIRST = 20_000;

    private static final int LAST = 32_767;
    private static final int ATTEMPTS = 100;

    private final Path file;

    EndpointPort(Path file) {
        this.file = file;
    }

    /**
     * A server on the kept port; when there is none, or somebody else has it, on another one, which is kept from now on.
     *
     * @throws IOException when no port is free or the file cannot be used
     */
    HttpServer bind(InetAddress address) throws IOException {
        var kept = DurableFiles.textOrEmpty(file);
        if (!kept.isEmpty()) {
            try {
                return HttpServer.create(new InetSocketAddress(address, Integer.parseInt(kept)), 0);
            } catch (BindException e) {
                log.warn(
                        "port {} of the tasks' endpoint is taken by another program; tasks that were started before lose"
                                + " their credentials and metadata, new ones get another port",
                        kept);
            }
        }
        var server = bindAny(address);
        var port = Integer.toString(server.getAddress().getPort());
        DurableFiles.replace(file, port.getBytes(StandardCharsets.US_ASCII), Durability.POWER_FAILURE);
        return server;
    }

    private static HttpServer bindAny(InetAddress address) throws IOException {
        for (var attempt = 0; ; attempt++) {
            var port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
            try {
                return HttpServer.create(new InetSocketAddress(address, port), 0);
            } catch (BindException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }
}
