package dev.groundplane.agent.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.agent.logs.CheckingSink.Trouble;
import dev.groundplane.agent.retry.Reachability;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LogShipperTest {
    private static final LogStreamName STREAM = new LogStreamName(null, "group", "stream", false);

    @TempDir
    Path directory;

    private Path file;
    private long bound = 1 << 30;
    private LogWatch watch;
    private InstantSource clock = InstantSource.fixed(Instant.ofEpochMilli(1000));

    @BeforeEach
    void begin() throws IOException {
        file = directory.resolve("log");
        watch = new LogWatch();
    }

    @AfterEach
    void end() throws IOException {
        watch.close();
    }

    private LogShipper shipper(LogSink sink) {
        return new LogShipper(
                STREAM, file, sink, watch.watch(directory), new Semaphore(1), clock, new Reachability(), bound);
    }

    private void shipAll(LogSink sink) throws Exception {
        var shipper = shipper(sink);
        shipper.finish();
        shipper.run();
    }

    @Test
    void theLastLineNeedsNoEnd() throws Exception {
        Files.writeString(file, "one\n\ntwo");
        var sink = new CheckingSink();
        shipAll(sink);
        assertThat(sink.messages()).containsExactly("one", "two");
    }

    @Test
    void aFileThatWasNeverWrittenIsDone() throws Exception {
        var sink = new CheckingSink();
        shipAll(sink);
        assertThat(sink.calls()).isZero();
    }

    @Test
    void aLostAnswerMakesNoDuplicate() throws Exception {
        Files.writeString(file, "one\ntwo\n");
        var sink = new CheckingSink().with(Trouble.ANSWER_LOST, Trouble.AWAY);
        shipAll(sink);
        assertThat(sink.messages()).containsExactly("one", "two");
    }

    @Test
    void aNewShipperContinuesWhereTheOldOneEnded() throws Exception {
        Files.writeString(file, "one\ntwo\n");
        var sink = new CheckingSink();
        shipAll(sink);
        Files.writeString(file, "three\n", StandardOpenOption.APPEND);
        shipAll(sink);
        assertThat(sink.messages()).containsExactly("one", "two", "three");
    }

    @Test
    void aSinkThatForgotIsGivenItAgain() throws Exception {
        Files.writeString(file, "one\ntwo\n");
        var sink = new CheckingSink();
        var shipper = shipper(sink);
        shipper.finish();
        sink.storedUpTo(4);
        shipper.run();
        assertThat(sink.messages()).containsExactly("two");
    }

    @Test
    void aMissingStreamIsMade() throws Exception {
        Files.writeString(file, "one\n");
        var sink = new CheckingSink().with(Trouble.NO_STREAM);
        shipAll(sink);
        assertThat(sink.created()).containsExactly(STREAM);
        assertThat(sink.messages()).containsExactly("one");
    }

    @Test
    void aRefusedLogIsGivenUp() throws Exception {
        Files.writeString(file, "one\n");
        var sink = new CheckingSink().with(Trouble.REFUSED);
        shipAll(sink);
        assertThat(sink.calls()).isEqualTo(1);
    }

    @Test
    void emptyLinesAloneAreNotSent() throws Exception {
        Files.writeString(file, "\n".repeat(3 * LogBatch.LARGEST_BYTES) + "end\n");
        var sink = new CheckingSink();
        shipAll(sink);
        assertThat(sink.calls()).isEqualTo(1);
        assertThat(sink.messages()).containsExactly("end");
    }

    @Test
    void aLargeLogTakesSeveralBatches() throws Exception {
        Files.writeString(file, ("x".repeat(1023) + "\n").repeat(3000));
        var sink = new CheckingSink();
        shipAll(sink);
        assertThat(sink.messages()).hasSize(3000);
        assertThat(sink.calls()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void timestampsNeverGoBack() throws Exception {
        var times = new ArrayDeque<>(List.of(2000L, 1000L, 3000L));
        clock = () -> Instant.ofEpochMilli(times.size() > 1 ? times.poll() : times.element());
        Files.writeString(file, ("x".repeat(200_000) + "\n").repeat(11));
        var sink = new CheckingSink();
        shipAll(sink);
        assertThat(sink.timestamps()).isSorted().contains(2000L, 3000L).doesNotContain(1000L);
    }

    @Test
    void alsoALogWithoutLinesHasItsStream() throws Exception {
        var sink = new CheckingSink();
        shipAll(sink);
        assertThat(sink.created()).hasSize(1);
    }

    @Test
    void whatIsWrittenLaterIsDeliveredWithoutBeingAskedFor() throws Exception {
        var first = new CountDownLatch(1);
        var sink = new CheckingSink();
        var signalling = new LogSink() {
            @Override
            public Delivery expectStream(LogStreamName stream) {
                return sink.expectStream(stream);
            }

            @Override
            public Delivery createStream(LogStreamName stream) {
                return sink.createStream(stream);
            }

            @Override
            public Delivery put(LogStreamName stream, LogBatch batch) {
                var delivery = sink.put(stream, batch);
                first.countDown();
                return delivery;
            }
        };
        var shipper = shipper(signalling);
        var run = CompletableFuture.runAsync(() -> {
            try {
                shipper.run();
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        Files.writeString(file, "one\n");
        first.await();
        assertThat(sink.messages()).containsExactly("one");
        Files.writeString(file, "two", StandardOpenOption.APPEND);
        shipper.finish();
        run.join();
        assertThat(sink.messages()).containsExactly("one", "two");
    }

    @Test
    void ofMoreThanTheBoundTheOldestLinesAreDroppedAndTheirNumberOfBytesIsTold() throws Exception {
        var text = new StringBuilder();
        for (var line = 0; line < 100_000; line++) {
            text.append("line %07d\n".formatted(line));
        }
        Files.writeString(file, text);
        bound = 200_000;
        var sink = new CheckingSink();
        shipAll(sink);
        var messages = sink.messages();
        assertThat(messages.getFirst()).matches("groundplane: [0-9]+ bytes of output were dropped here: .*");
        var dropped = Long.parseLong(messages.getFirst().replaceAll("[^0-9]", ""));
        assertThat(messages.get(1)).isEqualTo("line %07d".formatted(dropped / 13));
        assertThat(messages).hasSize(1 + (int) (100_000 - dropped / 13)).endsWith("line 0099999");
        assertThat(blocksOf(file) * 512L).isLessThan(text.length() / 2);
    }

    @Test
    void aNewShipperKnowsWhatWasDropped() throws Exception {
        Files.writeString(file, "one\n".repeat(100_000));
        bound = 40_000;
        var away = new CheckingSink().with(Trouble.ANSWER_LOST);
        shipAll(away);
        bound = 1 << 30;
        var sink = new CheckingSink();
        shipAll(sink);
        assertThat(sink.messages()).isEqualTo(away.messages()).doesNotContain("\0");
    }

    private static long blocksOf(Path file) throws Exception {
        var stat = new ProcessBuilder("stat", "--format=%b", file.toString()).start();
        return Long.parseLong(new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
    }
}
