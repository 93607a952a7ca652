package dev.groundplane.services.ecs;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.store.Database;
import dev.groundplane.services.AccessModel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Predicate;
import software.amazon.awssdk.services.ecs.EcsClient;

/** The part of ECS that lives as long as the process: stores, reconcilers, agents' connections. Thread-safe. */
public final class Ecs implements AutoCloseable {
    private final Events events;
    private final EcsStore store;
    private final Clusters clusters;
    private final TaskDefinitions definitions;
    private final Tasks tasks;
    private final TaskLauncher launcher;
    private final ContainerInstances instances;
    private final StateReports reports;
    private final AgentChannel channel;
    private final TaskDelivery delivery;
    private final TaskExpiry expiry;
    private final InstanceStates instanceStates;
    private final InstanceAttributes attributes;
    private final ResourceTags tags;
    private final Services services;
    private final ServiceScheduler scheduler;
    private final ServiceWatch watch;
    private final LostHosts lostHosts;
    private final TaskLogs taskLogs;
    private final String endpoint;

    /**
     * @param database where ECS's resources are kept
     * @param events where their changes are announced
     * @param clock tells the time of state changes
     * @param roles the roles of tasks
     * @param endpoint the base URL at which agents reach this control plane
     */
    public Ecs(Database database, Events events, InstantSource clock, TaskRoles roles, String endpoint) {
        this(database, events, clock, roles, endpoint, host -> true, LostHosts.AFTER);
    }

    /**
     * @param database where ECS's resources are kept
     * @param events where their changes are announced
     * @param clock tells the time of state changes
     * @param roles the roles of tasks
     * @param endpoint the base URL at which agents reach this control plane
     * @param hosts whether a managed instance is registered, by its id; {@link AgentChannel#hostDeregistered} is told
     *     of those that are no longer
     * @param hostLostAfter for how long a host's agent may be away before services replace their tasks there
     */
    public Ecs(
            Database database,
            Events events,
            InstantSource clock,
            TaskRoles roles,
            String endpoint,
            Predicate<String> hosts,
            Duration hostLostAfter) {
        RoleRules rules = new RoleRules(roles.passing());
        this.events = events;
        store = new EcsStore(database, events);
        this.endpoint = endpoint;
        clusters = new Clusters(store);
        definitions = new TaskDefinitions(store, rules, clock);
        instances = new ContainerInstances(store, clusters, clock);
        reports = new StateReports(store, clock);
        taskLogs = new TaskLogs(store);
        expiry = new TaskExpiry(store, clock);
        delivery = new TaskDelivery(
                store, new RoleSessions(roles, clock), key -> channel().session(key), clock);
        channel = new AgentChannel(
                store, new Admissions(store, hosts), instances, delivery, new HealthReports(store), events);
        events.subscribe(EcsStore.WORK, change -> delivery.enqueue(InstanceKey.of(change)));
        events.subscribe(EcsStore.CONNECTED, change -> channel.connectedSomewhere(InstanceKey.of(change)));
        tasks = new Tasks(store, clusters, clock);
        launcher = new TaskLauncher(store, clusters, definitions, rules, clock);
        instanceStates = new InstanceStates(store, clusters);
        attributes = new InstanceAttributes(store, clusters);
        tags = new ResourceTags(store);
        services = new Services(store, clusters, definitions, clock);
        scheduler = new ServiceScheduler(store, definitions, tasks, clock);
        lostHosts = new LostHosts(store, events, clock, hostLostAfter);
        watch = new ServiceWatch(store, events, scheduler::enqueue, scheduler::waiting);
    }

    /** Starts the reconcilers. */
    public void start() {
        channel.start();
        expiry.start();
        events.afterGap(this::lookAgain);
        store.database().replicas().whileLeading(this::lead);
    }

    /** Looks at everything that the leader cares for. */
    private void lead() {
        channel.forgetAbsent();
        watch.start();
        lostHosts.start();
    }

    /** What others changed was not heard for a while. */
    private void lookAgain() {
        Thread.ofVirtual().name("ecs-look-again").start(() -> {
            channel.lookAgain();
            if (store.leads()) {
                lead();
            }
        });
    }

    /** ECS on behalf of one call. */
    public EcsClient client(Call call) {
        return new EcsService(call, this);
    }

    /** What ECS's operations ask to do. */
    public AccessModel access() {
        return new EcsAccess(tags, definitions);
    }

    /** Where agents' connections go. */
    public AgentChannel channel() {
        return channel;
    }

    /** How all accounts' hosts and services are. Reads each of them. */
    public Fleet fleet() {
        return Fleet.of(store);
    }

    /**
     * Has an action called, in no particular thread, after each change of a task of a cluster, in any account and region.
     *
     * @param cluster its name
     */
    public void onTaskChange(String cluster, Runnable action) {
        events.subscribe(EcsStore.TASK_TYPE, change -> {
            if (change.name().startsWith(cluster + "/")) {
                action.run();
            }
        });
    }

    /** Whose logs streams are. */
    public TaskLogs taskLogs() {
        return taskLogs;
    }

    Clusters clusters() {
        return clusters;
    }

    TaskDefinitions definitions() {
        return definitions;
    }

    Tasks tasks() {
        return tasks;
    }

    TaskLauncher launcher() {
        return launcher;
    }

    Services services() {
        return services;
    }

    LostHosts lostHosts() {
        return lostHosts;
    }

    ServiceScheduler scheduler() {
        return scheduler;
    }

    InstanceStates instanceStates() {
        return instanceStates;
    }

    InstanceAttributes attributes() {
        return attributes;
    }

    ResourceTags tags() {
        return tags;
    }

    ContainerInstances instances() {
        return instances;
    }

    StateReports reports() {
        return reports;
    }

    String endpoint() {
        return endpoint;
    }

    @Override
    public void close() {
        lostHosts.close();
        watch.close();
        scheduler.close();
        channel.close();
        delivery.close();
        expiry.close();
    }
}
