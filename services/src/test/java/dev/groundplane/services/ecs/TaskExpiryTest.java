package dev.groundplane.services.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.platform.event.ResourceChange;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.ecs.model.Failure;

@Timeout(60) // a sweep that never comes fails instead of hanging the build
class TaskExpiryTest {
    private EcsFixture ecs;
    private String stopped;

    @BeforeEach
    void open() {
        ecs = new EcsFixture();
        ecs.connected("mi-1", 1_000, 1_000);
        ecs.define("etl", 1, 10);
        stopped = ecs.client()
                .runTask(r -> r.taskDefinition("etl").clientToken("t"))
                .tasks()
                .getFirst()
                .taskArn();
        ecs.report(stopped, "STOPPED");
    }

    @AfterEach
    void close() {
        ecs.close();
    }

    @Test
    void aStoppedTaskStaysForAnHour() throws InterruptedException {
        ecs.pass(Duration.ofHours(1).minusMillis(1));
        sweep();

        assertThat(ecs.task(stopped).lastStatus()).isEqualTo("STOPPED");
    }

    @Test
    void afterwardsItIsMissingAndWhatRunsStays() throws InterruptedException {
        String running = ecs.run("etl").taskArn();
        ecs.pass(Duration.ofHours(1));
        sweep();

        assertThat(ecs.client().describeTasks(r -> r.tasks(stopped)).failures())
                .extracting(Failure::reason)
                .containsExactly("MISSING");
        assertThat(ecs.task(running).lastStatus()).isEqualTo("PENDING");
        assertThat(ecs.store.launchTokens().all()).as("tokens live for a day").hasSize(1);
    }

    @Test
    void aLaunchTokenIsForgottenAfterADay() throws InterruptedException {
        ecs.pass(Duration.ofHours(24));
        sweep();

        assertThat(ecs.store.launchTokens().all()).isEmpty();
        assertThat(ecs.client()
                        .runTask(r -> r.taskDefinition("etl").clientToken("t"))
                        .tasks())
                .hasSize(1);
    }

    /** Runs one sweep to its end: a token that expired long ago goes last. */
    private void sweep() throws InterruptedException {
        LinkedBlockingQueue<ResourceChange> gone = new LinkedBlockingQueue<>();
        ecs.store.database().write(tx -> {
            ecs.store
                    .launchTokens()
                    .insert(
                            tx,
                            EcsFixture.SCOPE,
                            "sentinel",
                            new LaunchToken("none", List.of()),
                            Map.of(EcsStore.EXPIRES, EcsStore.expiry(EcsFixture.START)));
            return true;
        });
        ecs.events.subscribe("ecs:launch-token", gone::add);
        try (TaskExpiry expiry = new TaskExpiry(ecs.store, () -> ecs.now)) {
            expiry.start();
            ResourceChange change = gone.take();
            while (!change.name().equals("sentinel")) {
                change = gone.take();
            }
        }
        ecs.flush();
    }
}
