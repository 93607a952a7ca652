package dev.groundplane.services.ecs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceEvent;
import software.amazon.awssdk.services.ecs.model.Task;

/** Services on an {@link EcsFixture}: steps are taken by hand, and hosts report when the test says so. */
@SuppressWarnings("unchecked") // the SDK's builders take generic varargs
final class ServiceFixture implements AutoCloseable {
    private static final int ENOUGH = 50;

    final EcsFixture ecs = new EcsFixture();

    /** A service of {@code default}, after its first steps. */
    Service create(String name, String definition, int count) {
        return create(r -> r.serviceName(name).taskDefinition(definition).desiredCount(count));
    }

    Service create(Consumer<CreateServiceRequest.Builder> request) {
        Service created = ecs.client().createService(request).service();
        step(created.serviceName());
        return service(created.serviceName());
    }

    Service service(String name) {
        return ecs.client().describeServices(r -> r.services(name)).services().getFirst();
    }

    /** Steps until nothing changes any more. */
    void step(String... names) {
        for (String name : names) {
            step(new ServiceKey(EcsFixture.SCOPE, "default/" + name));
        }
    }

    void step(ServiceKey key) {
        long before = -1;
        for (int i = 0; before != version(key); i++) {
            if (i == ENOUGH) {
                throw new IllegalStateException(key + " changes with every step");
            }
            before = version(key);
            var _ = ecs.ecs.scheduler().step(key);
        }
    }

    private long version(ServiceKey key) {
        return ecs.store.services().find(key.scope(), key.name()).orElseThrow().version();
    }

    /** Every host reports that it did what it was told. */
    void hostsCatchUp() {
        for (Task task : unstopped()) {
            if ("STOPPED".equals(task.desiredStatus())) {
                ecs.report(task.taskArn(), "STOPPED");
            } else if ("PENDING".equals(task.lastStatus())) {
                ecs.report(task.taskArn(), "RUNNING");
            }
        }
    }

    /** Hosts catch up, tasks prove themselves and steps are taken, until all is quiet. */
    void settle(String name) {
        for (int i = 0; i < 10; i++) {
            step(name);
            hostsCatchUp();
            step(name);
            ecs.pass(ServiceTasks.SETTLED.plus(Duration.ofMillis(1)));
            step(name);
        }
    }

    /** The tasks of a service that are to run. */
    List<Task> tasks(String service) {
        return tasks(service, "RUNNING");
    }

    List<Task> tasks(String service, String desired) {
        List<String> arns = ecs.client()
                .listTasks(r -> r.serviceName(service).desiredStatus(desired))
                .taskArns();
        return arns.isEmpty()
                ? List.of()
                : ecs.client().describeTasks(r -> r.tasks(arns)).tasks();
    }

    private List<Task> unstopped() {
        List<Task> all = new ArrayList<>();
        ecs.store.tasks().all().forEach(t -> all.add(t.value()));
        all.removeIf(t -> "STOPPED".equals(t.lastStatus()));
        return all;
    }

    /** A task's process ends with this code, without having been told to. */
    void exits(Task task, int code) {
        ecs.client()
                .submitTaskStateChange(r -> r.cluster("default")
                        .task(task.taskArn())
                        .status("STOPPED")
                        .containers(
                                c -> c.containerName("main").status("STOPPED").exitCode(code)));
    }

    List<String> events(String service) {
        return service(service).events().stream()
                .map(ServiceEvent::message)
                .filter(Objects::nonNull)
                .toList();
    }

    @Override
    public void close() {
        ecs.close();
    }
}
