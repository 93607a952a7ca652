package dev.groundplane.server.warehouse;

import dev.groundplane.services.redshiftserverless.RedshiftServerless;
import dev.groundplane.services.redshiftserverless.UsagePeriod;
import dev.groundplane.services.warehouse.Warehouse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.redshiftserverless.model.UsageLimit;
import software.amazon.awssdk.services.redshiftserverless.model.UsageLimitBreachAction;

/** Records what workgroups use, and has their limits kept. Thread-safe. */
final class UsageControl {
    private static final Logger LOG = LoggerFactory.getLogger(UsageControl.class);
    private static final long MEGABYTE = 1024 * 1024;

    private final RedshiftServerless redshift;
    private final WorkerCommand command;
    private final InstantSource clock;

    UsageControl(RedshiftServerless redshift, WorkerCommand command, InstantSource clock) {
        this.redshift = redshift;
        this.command = command;
        this.clock = clock;
    }

    /** A worker has come; the meter is closed when it has gone. */
    UsageMeter meter(Port port) {
        return new UsageMeter((start, end) -> record(port, start, end), clock);
    }

    private void record(Port port, Instant start, Instant end) {
        Warehouse warehouse = port.warehouse();
        if (warehouse.kind()
                != Warehouse.Kind.WORKGROUP) { // clusters have no limits, and are not asked for their usage
            return;
        }
        redshift.recordUsage(warehouse, new UsagePeriod(start, end, warehouse.capacity(), megabytes(warehouse)));
        for (UsageLimit limit : redshift.reachedLimits(warehouse)) {
            LOG.warn(
                    "workgroup {} has reached the usage limit {} of {} RPU-hours {}",
                    warehouse.workgroup(),
                    limit.usageLimitId(),
                    limit.amount(),
                    limit.periodAsString());
        }
        port.refuseQueries(isDeactivated(warehouse));
    }

    /** Whether a limit is reached that lets no more queries run. */
    boolean isDeactivated(Warehouse warehouse) {
        return redshift.reachedLimits(warehouse).stream()
                .anyMatch(limit -> limit.breachAction() == UsageLimitBreachAction.DEACTIVATE);
    }

    private long megabytes(Warehouse warehouse) {
        Path directory = command.databases(warehouse);
        if (!Files.isDirectory(directory)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.mapToLong(file -> file.toFile().length()).sum() / MEGABYTE;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
