package dev.groundplane.services.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Task;

/** However reports come in, a host never has less than nothing, and has everything again when its tasks have stopped. */
@SuppressWarnings("unchecked") // the SDK's builders take generic varargs
class ResourceAccountingTest {
    private static final List<String> STATES = List.of("PENDING", "RUNNING", "STOPPED");

    private EcsFixture ecs;

    @BeforeProperty
    void open() {
        ecs = new EcsFixture();
        ecs.define("small", 10, 50);
        ecs.define("large", 300, 400);
        ecs.define(
                "web",
                ContainerDefinition.builder()
                        .name("main")
                        .image("busybox")
                        .memory(30)
                        .portMappings(
                                p -> p.containerPort(80).hostPort(8080),
                                p -> p.containerPort(53).hostPort(53).protocol("udp"))
                        .build());
    }

    @AfterProperty
    void close() {
        ecs.close();
    }

    @Property(tries = 40)
    void resourcesComeBackExactlyOnce(@ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int launches) {
        Random random = new Random(seed);
        ContainerInstance host = ecs.connected("mi-1", 1_000, 1_000);
        String arn = host.containerInstanceArn();
        List<String> tasks = new ArrayList<>();
        List<Runnable> steps = new ArrayList<>();
        for (int i = 0; i < launches; i++) {
            String family = List.of("small", "large", "web").get(random.nextInt(3));
            List<Task> placed = ecs.client()
                    .startTask(r -> r.taskDefinition(family).containerInstances(arn))
                    .tasks();
            placed.forEach(t -> tasks.add(t.taskArn()));
            ContainerInstance now = ecs.instance(arn);
            assertThat(EcsFixture.remaining(now, "MEMORY")).isNotNegative();
            assertThat(now.pendingTasksCount()).isEqualTo(tasks.size());
        }
        for (String task : tasks) {
            steps.add(() -> ecs.report(task, "STOPPED"));
            int more = random.nextInt(4);
            for (int i = 0; i < more; i++) {
                String state = STATES.get(random.nextInt(3));
                steps.add(() -> ecs.report(task, state));
            }
            if (random.nextBoolean()) {
                steps.add(() -> ecs.client().stopTask(r -> r.task(task)));
            }
        }
        if (random.nextInt(3) == 0) { // the agent registers again, with what it had before
            steps.add(() -> ecs.host("mi-1")
                    .registerContainerInstance(r -> r.cluster("default")
                            .containerInstanceArn(arn)
                            .totalResources(host.registeredResources())
                            .attributes(host.attributes())));
        }
        Collections.shuffle(steps, random);
        steps.forEach(Runnable::run);

        ContainerInstance after = ecs.instance(arn);
        assertThat(after.remainingResources()).isEqualTo(host.remainingResources());
        assertThat(after.pendingTasksCount()).isZero();
        assertThat(after.runningTasksCount()).isZero();
        ecs.client().deregisterContainerInstance(r -> r.containerInstance(arn));
    }
}
