package dev.groundplane.platform.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60) // a step that never comes fails instead of hanging the build
class ReconcilerTest {
    @Test
    void aKeyNeverRunsTwiceAtOnceAndItsLastRunSeesEverything() throws InterruptedException {
        int wishes = 500;
        AtomicInteger wanted = new AtomicInteger();
        Map<String, AtomicInteger> inside = new ConcurrentHashMap<>();
        AtomicBoolean overlapped = new AtomicBoolean();
        CountDownLatch sawAll = new CountDownLatch(2);
        Map<String, Boolean> done = new ConcurrentHashMap<>();
        try (Reconciler<String> reconciler = new Reconciler<>("test", key -> {
            AtomicInteger running = inside.computeIfAbsent(key, k -> new AtomicInteger());
            if (running.incrementAndGet() > 1) {
                overlapped.set(true);
            }
            int seen = wanted.get();
            Thread.onSpinWait();
            running.decrementAndGet();
            if (seen == wishes && done.put(key, true) == null) {
                sawAll.countDown();
            }
        })) {
            List<Thread> threads = List.of(
                    Thread.ofPlatform().start(() -> wish(reconciler, wanted, wishes / 2)),
                    Thread.ofPlatform().start(() -> wish(reconciler, wanted, wishes / 2)));
            for (Thread thread : threads) {
                thread.join();
            }
            sawAll.await();
        }
        assertThat(overlapped).isFalse();
    }

    private static void wish(Reconciler<String> reconciler, AtomicInteger wanted, int count) {
        for (int i = 0; i < count; i++) {
            wanted.incrementAndGet();
            reconciler.enqueue("a");
            reconciler.enqueue("b");
        }
    }

    @Test
    void aKeyEnqueuedDuringItsRunIsRunOnceMore() throws InterruptedException {
        LinkedBlockingQueue<Integer> started = new LinkedBlockingQueue<>();
        Semaphore mayEnd = new Semaphore(0);
        AtomicInteger runs = new AtomicInteger();
        try (Reconciler<String> reconciler = new Reconciler<>("test", key -> {
            started.add(runs.incrementAndGet());
            mayEnd.acquireUninterruptibly();
        })) {
            reconciler.enqueue("a");
            assertThat(started.take()).isEqualTo(1);
            reconciler.enqueue("a");
            reconciler.enqueue("a");
            assertThat(started).isEmpty();
            mayEnd.release();
            assertThat(started.take()).isEqualTo(2);
            mayEnd.release(10);
        }
    }

    @Test
    void differentKeysRunAtTheSameTime() throws InterruptedException {
        CyclicBarrier together = new CyclicBarrier(3);
        CountDownLatch ended = new CountDownLatch(3);
        try (Reconciler<Integer> reconciler = new Reconciler<>("test", key -> {
            await(together);
            ended.countDown();
        })) {
            List.of(1, 2, 3).forEach(reconciler::enqueue);
            ended.await();
        }
    }

    @Test
    void aStepThatFailsIsRepeatedUntilItSucceeds() throws InterruptedException {
        AtomicInteger attempts = new AtomicInteger();
        CountDownLatch succeeded = new CountDownLatch(1);
        try (Reconciler<String> reconciler = new Reconciler<>("test", key -> {
            if (attempts.incrementAndGet() < 3) {
                throw new IllegalStateException("expected in the log: attempt " + attempts);
            }
            succeeded.countDown();
        })) {
            reconciler.enqueue("a");
            succeeded.await();
        }
        assertThat(attempts).hasValue(3);
    }

    @Test
    void aKeyThatFailsHoldsUpNoOther() throws InterruptedException {
        CountDownLatch failed = new CountDownLatch(1);
        CountDownLatch other = new CountDownLatch(1);
        try (Reconciler<String> reconciler = new Reconciler<>("test", key -> {
            if (key.equals("bad")) {
                failed.countDown();
                throw new IllegalStateException("expected in the log");
            }
            other.countDown();
        })) {
            reconciler.enqueue("bad");
            failed.await();
            reconciler.enqueue("good");
            other.await();
        }
    }

    @Test
    void aDelayedKeyRunsAndAClosedReconcilerTakesNone() throws InterruptedException {
        LinkedBlockingQueue<String> ran = new LinkedBlockingQueue<>();
        Reconciler<String> reconciler = new Reconciler<>("test", ran::add);
        reconciler.enqueueAfter("a", Duration.ofMillis(1));
        assertThat(ran.take()).isEqualTo("a");
        reconciler.close();
        reconciler.enqueueAfter("b", Duration.ZERO);

        assertThat(ran).isEmpty();
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
    }
}
