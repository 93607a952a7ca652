package dev.groundplane.warehouse.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InterruptionTest {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Interruption interruption = new Interruption(timer);
    private final Queue<String> brokenOff = new ConcurrentLinkedQueue<>();

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    private Interruption.Breakable work(String name) {
        return () -> brokenOff.add(name);
    }

    @Test
    void aCancelBetweenTwoRequestsMeansNeither() throws Exception {
        interruption.beginRequest();
        interruption.begin(work("first"));
        interruption.end();
        interruption.endRequest();

        interruption.cancel(null);

        interruption.beginRequest();
        interruption.begin(work("second"));
        interruption.requireGoing();
        assertThat(brokenOff).isEmpty();
    }

    @Test
    void aCancelEndsWhatRunsAndWhatWouldFollowInTheRequest() throws Exception {
        interruption.beginRequest();
        interruption.begin(work("first"));
        interruption.cancel(null);
        interruption.end();
        assertThatExceptionOfType(QueryCancelled.class).isThrownBy(() -> interruption.begin(work("second")));

        interruption.endRequest();
        interruption.beginRequest();

        assertThatNoException().isThrownBy(() -> interruption.begin(work("third")));
        assertThat(brokenOff).containsOnly("first");
    }

    @Test
    void whatDoesNotNoticeIsBrokenOffAgain() throws Exception {
        var twice = new CountDownLatch(2);
        interruption.beginRequest();
        interruption.begin(twice::countDown);
        interruption.cancel(null);
        twice.await();
    }

    @Test
    void theEndOfItsTimeMeansNothingElse() throws Exception {
        var over = new CountDownLatch(1);
        interruption.begin(over::countDown);
        try (var _ = interruption.limit(Duration.ofMillis(1))) {
            over.await();
            interruption.end();
            try (var _ = interruption.limit(Duration.ofDays(1))) {
                assertThatExceptionOfType(QueryCancelled.class).isThrownBy(interruption::requireGoing);
            }
            assertThatExceptionOfType(QueryCancelled.class).isThrownBy(() -> interruption.begin(work("second")));
        }
        interruption.begin(work("next"));
        assertThat(brokenOff).isEmpty();
    }
}
