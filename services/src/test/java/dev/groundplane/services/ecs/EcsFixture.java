package dev.groundplane.services.ecs;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.PostgresDatabase;
import dev.groundplane.platform.store.PostgresServer;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.services.StoredCall;
import dev.groundplane.testing.TestStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Resource;
import software.amazon.awssdk.services.ecs.model.Task;

/** ECS on a real database in a directory of its own, with a clock that tests set. Reconcilers run; sweeps do not. */
final class EcsFixture implements AutoCloseable {
    static final Scope SCOPE = new Scope("123456789012", "us-east-1");
    static final Instant START = Instant.parse("2026-01-15T12:00:00Z");

    private final Path directory;
    private final Database database;
    final Events events;
    final FakeRoles roles = new FakeRoles(this::now);
    final Set<String> deregisteredHosts = ConcurrentHashMap.newKeySet();
    final EcsStore store;
    final Ecs ecs;
    volatile Instant now = START;

    EcsFixture() {
        this(temporary());
    }

    private EcsFixture(Path directory) {
        this(directory, new Events());
    }

    private EcsFixture(Path directory, Events events) {
        this(directory, events, TestStore.open(directory.resolve("db"), Resources.MIGRATIONS, events));
    }

    /** One of several control planes that share a database. */
    static EcsFixture replica(PostgresServer server) {
        Events events = new Events();
        return new EcsFixture(temporary(), events, new PostgresDatabase(server, Resources.MIGRATIONS, events));
    }

    private EcsFixture(Path directory, Events events, Database database) {
        this.directory = directory;
        this.events = events;
        this.database = database;
        store = new EcsStore(database, events);
        ecs = new Ecs(
                database,
                events,
                () -> now,
                roles.taskRoles(),
                "http://127.0.0.1:4566",
                host -> !deregisteredHosts.contains(host),
                LostHosts.AFTER);
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("ecs-test");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Instant now() {
        return now;
    }

    /** The account's root. */
    EcsClient client() {
        return client("arn:aws:iam::123456789012:root");
    }

    /** A part of the platform. */
    EcsClient platform() {
        return ecs.client(
                new StoredCall(database, Caller.service(SCOPE.account(), "redshift-serverless.amazonaws.com"), SCOPE));
    }

    /** A host's agent. */
    EcsClient host(String hostId) {
        return client("arn:aws:sts::123456789012:assumed-role/GroundplaneInstance/" + hostId);
    }

    private EcsClient client(String arn) {
        return ecs.client(new StoredCall(database, new Caller(SCOPE.account(), arn, "id", "Root", ""), SCOPE));
    }

    /** Registers a host in the cluster {@code default}; it is not connected yet. */
    ContainerInstance register(String hostId, int cpu, int memory) {
        return host(hostId)
                .registerContainerInstance(r -> r.cluster("default")
                        .totalResources(
                                resource("CPU", cpu),
                                resource("MEMORY", memory),
                                ports("PORTS", "22"),
                                ports("PORTS_UDP"))
                        .attributes(
                                Attribute.builder()
                                        .name("groundplane.driver.host")
                                        .build(),
                                Attribute.builder()
                                        .name("groundplane.driver.container")
                                        .build(),
                                Attribute.builder()
                                        .name("com.amazonaws.ecs.capability.logging-driver.awslogs")
                                        .build(),
                                Attribute.builder()
                                        .name("com.amazonaws.ecs.capability.task-iam-role-network-host")
                                        .build()))
                .containerInstance();
    }

    /** Registers and connects a host. */
    ContainerInstance connected(String hostId, int cpu, int memory) {
        ContainerInstance instance = register(hostId, cpu, memory);
        ecs.channel().opened(SCOPE, instance.containerInstanceArn(), new FakeAgent());
        return instance(instance.containerInstanceArn());
    }

    static Resource resource(String name, int amount) {
        return Resource.builder()
                .name(name)
                .type("INTEGER")
                .integerValue(amount)
                .build();
    }

    static Resource ports(String name, String... taken) {
        return Resource.builder()
                .name(name)
                .type("STRINGSET")
                .stringSetValue(List.of(taken))
                .build();
    }

    /** Registers a definition with one container of that size, as a process on the host. */
    String define(String family, int cpu, int memory) {
        return define(
                family,
                ContainerDefinition.builder()
                        .name("main")
                        .image("host")
                        .cpu(cpu)
                        .memory(memory)
                        .build());
    }

    String define(String family, ContainerDefinition... containers) {
        return client().registerTaskDefinition(r -> r.family(family).containerDefinitions(containers))
                .taskDefinition()
                .taskDefinitionArn();
    }

    Task run(String family) {
        return client().runTask(r -> r.taskDefinition(family)).tasks().getFirst();
    }

    void report(String task, String status) {
        client().submitTaskStateChange(r -> r.cluster("default").task(task).status(status));
    }

    /** What an agent's health checks found, as far as the store is concerned. */
    void health(String task, String status) {
        database.write(tx -> {
            Stored<Task> stored =
                    store.tasks().find(tx, SCOPE, EcsNames.name(task)).orElseThrow();
            return store.tasks()
                    .update(
                            tx,
                            stored.with(stored.value().toBuilder()
                                    .healthStatus(status)
                                    .build()));
        });
    }

    Task task(String arn) {
        return client().describeTasks(r -> r.tasks(arn)).tasks().getFirst();
    }

    ContainerInstance instance(String arn) {
        return client().describeContainerInstances(r -> r.containerInstances(arn))
                .containerInstances()
                .getFirst();
    }

    static int remaining(ContainerInstance instance, String resource) {
        return instance.remainingResources().stream()
                .filter(r -> r.name().equals(resource))
                .mapToInt(Resource::integerValue)
                .sum();
    }

    /** Returns when everything queued to be written before is stored. */
    void flush() {
        database.write(tx -> true);
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    Database database() {
        return database;
    }

    /** Ends as if killed, so that no agent is said to have gone, and starts again. */
    EcsFixture restart() {
        kill();
        return new EcsFixture(directory);
    }

    /** Ends as if killed. */
    void kill() {
        database.close();
        ecs.close();
    }

    @Override
    public void close() {
        ecs.close();
        database.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
