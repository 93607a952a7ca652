package dev.groundplane.services.ecs;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Lets threads wait until a host has connected for the first time. Thread-safe. */
final class Arrivals {
    private final Map<String, CountDownLatch> hosts = new ConcurrentHashMap<>();

    void arrived(@Nullable String hostId) {
        if (hostId != null) {
            latch(hostId).countDown();
        }
    }

    /** @return whether it has */
    boolean await(String hostId, Duration patience) throws InterruptedException {
        return latch(hostId).await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private CountDownLatch latch(String hostId) {
        return hosts.computeIfAbsent(hostId, h -> new CountDownLatch(1));
    }
}
