package dev.groundplane.agent.task;

import dev.groundplane.agent.driver.LaunchRequest;
import dev.groundplane.agent.driver.StartFailure;
import dev.groundplane.agent.logs.Delivery;
import dev.groundplane.agent.logs.LogShipper;
import dev.groundplane.agent.logs.LogStreamName;
import dev.groundplane.agent.model.ContainerSpec;
import dev.groundplane.agent.model.DockerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes sure of a container's log stream before it starts and delivers its output to it. */
final class LogsHook implements ContainerHook {
    private static final Logger log = LoggerFactory.getLogger(LogsHook.class);
    private static final String AWSLOGS = "awslogs";
    /** With these the output stays in the log file. */
    private static final Set<String> FILE_ONLY = Set.of("json-file", "local", "none");

    private final LogDelivery delivery;
    private final ContainerSpec container;
    private final Path file;
    private @Nullable LogShipper shipper;
    private @Nullable Thread thread;

    LogsHook(LogDelivery delivery, ContainerSpec container, Path file) {
        this.delivery = delivery;
        this.container = container;
        this.file = file;
    }

    @Override
    public LaunchRequest beforeStart(LaunchRequest request) throws StartFailure {
        var stream = stream();
        // Without an answer the container starts all the same: its output waits in the file.
        if (stream.isPresent() && delivery.sink().expectStream(stream.get()) instanceof Delivery.Refused(var reason)) {
            throw new StartFailure(
                    "log group %s, log stream %s: %s".formatted(stream.get().group(), stream.get().stream(), reason));
        }
        return request;
    }

    @Override
    public void running() {
        follow();
    }

    @Override
    public void ended() throws InterruptedException {
        if (thread == null && Files.exists(file)) {
            follow();
        }
        if (shipper != null && thread != null) {
            shipper.finish();
            thread.join();
        }
    }

    private void follow() {
        Optional<LogStreamName> stream;
        try {
            stream = stream();
        } catch (StartFailure e) {
            log.debug("{} goes nowhere: {}", file, e.getMessage());
            return;
        }
        if (stream.isPresent()) {
            var started = delivery.shipper(stream.get(), file);
            shipper = started;
            thread = Thread.ofVirtual().name("logs " + stream.get().stream()).start(() -> ship(started));
        }
    }

    private void ship(LogShipper started) {
        try {
            started.run();
        } catch (IOException e) {
            log.error("cannot read {}; the rest of it is not delivered", file, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<LogStreamName> stream() throws StartFailure {
        try {
            var settings = DockerSettings.of(container);
            var driver = settings.logDriver();
            if (driver == null || FILE_ONLY.contains(driver)) {
                return Optional.empty();
            }
            if (!driver.equals(AWSLOGS)) {
                throw new StartFailure("log driver %s: this agent has only awslogs".formatted(driver));
            }
            return Optional.of(LogStreamName.of(settings.logOptions()));
        } catch (IllegalArgumentException e) {
            throw new StartFailure(String.valueOf(e.getMessage()), e);
        }
    }
}
