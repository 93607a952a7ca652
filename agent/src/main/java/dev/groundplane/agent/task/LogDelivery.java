package dev.groundplane.agent.task;

import dev.groundplane.agent.logs.LogShipper;
import dev.groundplane.agent.logs.LogSink;
import dev.groundplane.agent.logs.LogStreamName;
import dev.groundplane.agent.logs.LogWatch;
import dev.groundplane.agent.retry.Reachability;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.Semaphore;

/**
 * What all containers share for the delivery of their logs. Thread safe.
 *
 * @param sink where log events go
 * @param watch tells when log files grow
 * @param memory limits how many batches are in memory at the same time
 * @param clock gives events their timestamps
 * @param reachability wakes deliveries that wait for the control plane
 * @param boundBytes how much output of one container may wait on the disk to be delivered
 */
public record LogDelivery(
        LogSink sink,
        LogWatch watch,
        Semaphore memory,
        InstantSource clock,
        Reachability reachability,
        long boundBytes) {

    /** A shipper for the log file of a container whose directory exists. */
    LogShipper shipper(LogStreamName stream, Path file) {
        var directory = Objects.requireNonNull(file.getParent(), "a log file lies in its container's directory");
        return new LogShipper(stream, file, sink, watch.watch(directory), memory, clock, reachability, boundBytes);
    }
}
