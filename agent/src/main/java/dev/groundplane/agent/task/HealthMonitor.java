package dev.groundplane.agent.task;

import dev.groundplane.agent.driver.DriverHandle;
import dev.groundplane.agent.driver.TaskDriver;
import dev.groundplane.agent.model.ContainerSpec;
import dev.groundplane.agent.model.DockerSettings;
import dev.groundplane.agent.model.HealthCheck;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Asks a running container again and again how it is, and tells each change. One success makes it healthy; as many failures
 * in a row as the check's retries make it unhealthy, those within its start period not counted.
 */
final class HealthMonitor implements AutoCloseable {
    private final TaskDriver driver;
    private final DriverHandle handle;
    private final Uptime uptime;
    private final Consumer<Health> changes;
    private final CountDownLatch closed = new CountDownLatch(1);
    private Health last = Health.UNKNOWN;
    private int failures;

    private HealthMonitor(TaskDriver driver, DriverHandle handle, Uptime uptime, Consumer<Health> changes) {
        this.driver = driver;
        this.handle = handle;
        this.uptime = uptime;
        this.changes = changes;
    }

    /** Begins to ask a container that runs; one without a health check is never asked. */
    static HealthMonitor begin(
            ContainerSpec container, TaskDriver driver, DriverHandle handle, Uptime uptime, Consumer<Health> changes) {
        var check = container.healthCheckType() == null
                ? null
                : DockerSettings.of(container).healthCheck();
        var monitor = new HealthMonitor(driver, handle, uptime, changes);
        if (check != null) {
            Thread.ofVirtual().name("health " + container.name()).start(() -> monitor.run(check));
        }
        return monitor;
    }

    private void run(HealthCheck check) {
        var began = uptime.now();
        try {
            while (!closed.await(check.interval().toMillis(), TimeUnit.MILLISECONDS)) {
                var exitCode = driver.execute(handle, check.words(), check.timeout());
                if (closed.getCount() == 0) {
                    return;
                }
                if (exitCode == 0) {
                    failures = 0;
                    become(Health.HEALTHY);
                } else if (uptime.now().minus(began).compareTo(check.startPeriod()) >= 0
                        && ++failures >= check.retries()) {
                    become(Health.UNHEALTHY);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void become(Health now) {
        if (now != last) {
            last = now;
            changes.accept(now);
        }
    }

    /** Asks no more; what is being asked at this moment is not told. Idempotent. */
    @Override
    public void close() {
        closed.countDown();
    }
}
