package dev.groundplane.agent.logs;

import dev.groundplane.agent.retry.Backoff;
import dev.groundplane.agent.retry.Reachability;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers one log file to one log stream, every byte once and in order. A batch is sent as soon as the former one was
 * accepted, so a busy log makes large batches and a quiet one is delivered at once.
 *
 * <p>A new shipper begins at offset 0; the other side knows how far the log has come and says so. {@link #run} is for one
 * thread, {@link #finish} for any.
 */
public final class LogShipper {
    private static final Logger log = LoggerFactory.getLogger(LogShipper.class);

    private final LogStreamName stream;
    private final Path file;
    private final LogSink sink;
    private final FileGrowth growth;
    private final Semaphore memory;
    private final InstantSource clock;
    private final Backoff backoff;
    private final long boundBytes;
    private volatile boolean complete;
    /** Up to here the log is accepted. */
    private long accepted;
    /** Up to here there is nothing more to send: empty lines may lie between the accepted offset and this one. */
    private long read;

    private long lastTimestamp;

    /**
     * A shipper that has not begun.
     *
     * @param memory limits how many shippers hold a batch in memory at the same time
     * @param boundBytes how much output may wait on the disk to be delivered; of more, the oldest is dropped
     */
    public LogShipper(
            LogStreamName stream,
            Path file,
            LogSink sink,
            FileGrowth growth,
            Semaphore memory,
            InstantSource clock,
            Reachability reachability,
            long boundBytes) {
        this.stream = stream;
        this.file = file;
        this.sink = sink;
        this.growth = growth;
        this.memory = memory;
        this.clock = clock;
        this.backoff = new Backoff(reachability);
        this.boundBytes = boundBytes;
    }

    /** Says that nothing more will be written; {@link #run} returns once all is accepted. */
    public void finish() {
        complete = true;
        growth.wake();
    }

    /** Follows the file until it is complete and accepted, or until the other side refuses it for good. */
    public void run() throws InterruptedException, IOException {
        try (growth) {
            var floor = LogFloor.of(file, boundBytes);
            var wasComplete = false;
            while (!wasComplete) {
                growth.await();
                // Read before the file is, so that what was written before the end is not missed.
                wasComplete = complete;
                if (!deliverWhatIsThere(floor, wasComplete)) {
                    return;
                }
            }
            if (accepted == 0) {
                createEmptyStream();
            }
        }
    }

    /** Also a container without output has its stream. */
    private void createEmptyStream() throws InterruptedException {
        while (sink.createStream(stream) instanceof Delivery.TryLater(var reason)) {
            log.debug("{} cannot be made now: {}", stream, reason);
            backoff.pause();
        }
    }

    private boolean deliverWhatIsThere(LogFloor floor, boolean wholeFile) throws InterruptedException, IOException {
        while (true) {
            Delivery delivery;
            long end;
            memory.acquire();
            try {
                var batch = nextBatch(floor, wholeFile);
                if (batch.end() == read) {
                    return true;
                }
                end = batch.end();
                delivery = batch.events().isEmpty() ? null : sink.put(stream, batch);
            } finally {
                memory.release();
            }
            if (delivery == null) {
                read = end;
            } else if (!proceed(delivery, end)) {
                return false;
            }
            floor.delivered(accepted);
        }
    }

    /** Acts on an answer; false means that the log is given up. */
    private boolean proceed(Delivery delivery, long end) throws InterruptedException {
        switch (delivery) {
            case Delivery.Accepted() -> continueAt(end);
            case Delivery.ContinueAt(var offset) -> {
                if (offset == accepted) {
                    log.warn("{} asks for the offset {} that it was sent; trying again", stream, offset);
                    backoff.pause();
                } else {
                    log.debug("{} has the log up to {}, not {}", stream, offset, accepted);
                    continueAt(offset);
                }
            }
            case Delivery.NoSuchStream(var reason) -> {
                return recreateStream(reason);
            }
            case Delivery.TryLater(var reason) -> {
                log.debug("{} takes no events now: {}", stream, reason);
                backoff.pause();
            }
            case Delivery.Refused(var reason) -> {
                return giveUp(reason);
            }
        }
        return true;
    }

    private void continueAt(long offset) {
        backoff.reset();
        accepted = offset;
        read = offset;
    }

    private boolean recreateStream(String reason) throws InterruptedException {
        log.debug("{} does not exist: {}", stream, reason);
        if (sink.createStream(stream) instanceof Delivery.Refused(var refusal)) {
            return giveUp(refusal);
        }
        backoff.pause();
        return true;
    }

    private boolean giveUp(String reason) {
        log.error("the log {} is no longer delivered to {}: {}", file, stream, reason);
        return false;
    }

    private LogBatch nextBatch(LogFloor floor, boolean wholeFile) throws IOException, InterruptedException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var available = channel.size() - read;
            if (available <= 0) {
                return new LogBatch(accepted, read, List.of());
            }
            floor.bound(accepted, channel.size());
            if (read < floor.offset()) {
                var notice = "groundplane: %d bytes of output were dropped here: they could not be delivered in time"
                        .formatted(floor.offset() - read);
                lastTimestamp = Math.max(lastTimestamp, clock.millis());
                return new LogBatch(accepted, floor.offset(), List.of(new LogEvent(lastTimestamp, notice)));
            }
            var buffer = ByteBuffer.allocate((int) Math.min(available, LogBatch.LARGEST_BYTES));
            while (buffer.hasRemaining() && channel.read(buffer, read + buffer.position()) >= 0) {}
            var last = wholeFile && buffer.position() == available;
            lastTimestamp = Math.max(lastTimestamp, clock.millis());
            var cut = LineCutter.cut(buffer.array(), buffer.position(), last, lastTimestamp);
            return new LogBatch(accepted, read + cut.consumed(), cut.events());
        } catch (NoSuchFileException nothingWritten) {
            return new LogBatch(accepted, read, List.of());
        }
    }
}
