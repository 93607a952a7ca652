package dev.groundplane.services.ecs;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.event.ResourceChange;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.ResourceType;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.wire.WireForm;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** ECS's resources and under what names and indexes they are kept. Thread-safe. */
final class EcsStore {
    /** Under what names changes are announced. */
    static final String TASK_TYPE = "ecs:task";

    static final String INSTANCE_TYPE = "ecs:container-instance";
    static final String SERVICE_TYPE = "ecs:service";

    /** Announced of a container instance that has something new to do or to stop; no resource. */
    static final String WORK = "ecs:instance-work";

    /** Announced of a container instance whose agent has connected; no resource. */
    static final String CONNECTED = "ecs:instance-connected";

    /** Index of clusters by their status. */
    static final String BY_STATUS = "status";
    /** Index of tasks by {@code cluster/desiredStatus}. */
    static final String BY_DESIRED_STATUS = "desired-status";
    /** Index of tasks that are not STOPPED, by the name of their container instance. */
    static final String ACTIVE_ON = "active-on";
    /** Index of tasks that are wanted stopped and may still run, by the name of their container instance. */
    static final String STOPPING_ON = "stopping-on";
    /** Index of registered container instances by the managed instance that they are. */
    static final String BY_HOST = "host";
    /**
     * Index of the STOPPED tasks of lost hosts that may still run there, by the name of their container instance; what they
     * took from it is not given back until then.
     */
    static final String LOST_ON = "lost-on";

    /** Index of what is removed some time after a date, by that date; see {@link #expiry}. */
    static final String EXPIRES = "expires";

    /** Index of the tasks that a service must still look at, by the service's name. */
    static final String OF_SERVICE = "of-service";

    /** Extra of a task: the name of the service that must look at it; gone once the service has counted its end. */
    static final String SERVICE = "service";

    /** Extra of a task: its host was lost while it ran there; see {@link #LOST_ON}. */
    static final String LOST = "lost";

    /** Extra of a task: the agent has journaled it, so a later loss means the host lost it. */
    static final String DELIVERED = "delivered";

    private final Database database;
    private final Events events;
    private final Resources<Cluster> clusters;
    private final Resources<TaskDefinition> taskDefinitions;
    private final Resources<TaskDefinitionFamily> families;
    private final Resources<ContainerInstance> instances;
    private final Resources<Task> tasks;
    private final Resources<LaunchToken> launchTokens;
    private final Resources<Service> services;

    EcsStore(Database database, Events events) {
        this.database = database;
        this.events = events;
        WireForm<Cluster> cluster = WireForm.of(Cluster.class, Cluster::builder);
        WireForm<TaskDefinition> definition = WireForm.of(TaskDefinition.class, TaskDefinition::builder);
        WireForm<ContainerInstance> instance = WireForm.of(ContainerInstance.class, ContainerInstance::builder);
        WireForm<Task> task = WireForm.of(Task.class, Task::builder);
        clusters = new Resources<>(
                database,
                events,
                new ResourceType<>(
                        "ecs:cluster",
                        cluster::encode,
                        cluster::decode,
                        (value, extra) -> Map.of(BY_STATUS, value.status())));
        taskDefinitions = new Resources<>(
                database,
                events,
                new ResourceType<>(
                        "ecs:task-definition",
                        definition::encode,
                        definition::decode,
                        (value, extra) -> Map.of(BY_STATUS, value.statusAsString())));
        families = new Resources<>(
                database,
                events,
                ResourceType.of(
                        "ecs:task-definition-family", TaskDefinitionFamily::encode, TaskDefinitionFamily::decode));
        instances = new Resources<>(
                database,
                events,
                new ResourceType<>(
                        INSTANCE_TYPE,
                        instance::encode,
                        instance::decode,
                        (value, extra) -> !"INACTIVE".equals(value.status()) && value.ec2InstanceId() != null
                                ? Map.of(BY_HOST, value.ec2InstanceId())
                                : Map.of()));
        tasks = new Resources<>(
                database, events, new ResourceType<>(TASK_TYPE, task::encode, task::decode, EcsStore::taskIndexes));
        WireForm<Service> service = WireForm.of(Service.class, Service::builder);
        services = new Resources<>(
                database,
                events,
                new ResourceType<>(SERVICE_TYPE, service::encode, service::decode, EcsStore::expires));
        launchTokens = new Resources<>(
                database,
                events,
                new ResourceType<>("ecs:launch-token", LaunchToken::encode, LaunchToken::decode, EcsStore::expires));
    }

    private static Map<String, String> taskIndexes(Task task, Map<String, String> extra) {
        Map<String, String> indexes = new HashMap<>();
        String cluster = EcsNames.name(task.clusterArn());
        String instance = EcsNames.name(task.containerInstanceArn());
        boolean active = !"STOPPED".equals(task.lastStatus());
        boolean lost = extra.containsKey(LOST);
        indexes.put(BY_DESIRED_STATUS, cluster + "/" + task.desiredStatus());
        if (active) {
            indexes.put(ACTIVE_ON, instance);
        }
        if (lost) {
            indexes.put(LOST_ON, instance);
        }
        if ("STOPPED".equals(task.desiredStatus()) && (active || lost)) {
            indexes.put(STOPPING_ON, instance);
        }
        String service = extra.get(SERVICE);
        if (service != null) {
            indexes.put(OF_SERVICE, service);
        }
        indexes.putAll(expires(task, extra));
        return indexes;
    }

    private static Map<String, String> expires(Object value, Map<String, String> extra) {
        String expires = extra.get(EXPIRES);
        return expires == null ? Map.of() : Map.of(EXPIRES, expires);
    }

    /** An instant in a form whose text order is time order. */
    static String expiry(Instant at) {
        return "%015d".formatted(at.toEpochMilli());
    }

    Database database() {
        return database;
    }

    /** Whether this control plane leads those that share the database. */
    boolean leads() {
        return database.replicas().leads();
    }

    /** Once this is durable, the control plane that an instance's agent is connected to looks what there is to do. */
    void wake(Transaction tx, InstanceKey instance) {
        tx.announce(events, new ResourceChange(WORK, instance.scope(), instance.name()));
    }

    /** Once this is durable, every control plane knows that an instance's agent has connected somewhere. */
    void tellConnected(Transaction tx, InstanceKey instance) {
        tx.announce(events, new ResourceChange(CONNECTED, instance.scope(), instance.name()));
    }

    Resources<Cluster> clusters() {
        return clusters;
    }

    Resources<TaskDefinition> taskDefinitions() {
        return taskDefinitions;
    }

    Resources<TaskDefinitionFamily> families() {
        return families;
    }

    Resources<ContainerInstance> instances() {
        return instances;
    }

    Resources<Task> tasks() {
        return tasks;
    }

    /** The definition that a task was started from. */
    TaskDefinition definition(Transaction tx, Stored<Task> task) throws SQLException {
        return taskDefinitions
                .find(tx, task.scope(), definitionName(task.value()))
                .orElseThrow()
                .value();
    }

    /** The definition that a task was started from. */
    TaskDefinition definition(Stored<Task> task) {
        return taskDefinitions
                .find(task.scope(), definitionName(task.value()))
                .orElseThrow()
                .value();
    }

    private static String definitionName(Task task) {
        String name = EcsNames.name(task.taskDefinitionArn());
        int colon = name.lastIndexOf(':');
        return TaskDefinitions.storeName(name.substring(0, colon), Integer.parseInt(name.substring(colon + 1)));
    }

    Resources<LaunchToken> launchTokens() {
        return launchTokens;
    }

    Resources<Service> services() {
        return services;
    }
}
