package dev.groundplane.services.ecs;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Arns;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Page;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.DeregisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.DeregisterTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.HealthCheck;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionField;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;

/** Task definitions and their revisions. Deregistered revisions stay describable as INACTIVE. */
final class TaskDefinitions {
    static final String HOST_DRIVER = "groundplane.driver.host";
    private static final String CONTAINER_DRIVER = "groundplane.driver.container";
    private static final String ROLE = "com.amazonaws.ecs.capability.task-iam-role";
    private static final String ROLE_ON_HOST_NETWORK = "com.amazonaws.ecs.capability.task-iam-role-network-host";
    private static final String AWSLOGS = "com.amazonaws.ecs.capability.logging-driver.awslogs";

    private final EcsStore store;
    private final RoleRules roles;
    private final InstantSource clock;

    TaskDefinitions(EcsStore store, RoleRules roles, InstantSource clock) {
        this.store = store;
        this.roles = roles;
        this.clock = clock;
    }

    /** Revisions sort as numbers. */
    static String storeName(String family, int revision) {
        return "%s:%09d".formatted(family, revision);
    }

    /** The same of an ARN, as tasks and services hold it. */
    static String storeName(String arn) {
        String name = EcsNames.name(arn);
        int colon = name.lastIndexOf(':');
        return storeName(name.substring(0, colon), Integer.parseInt(name.substring(colon + 1)));
    }

    /** Each call makes a new revision, as in ECS. */
    RegisterTaskDefinitionResponse register(Call call, RegisterTaskDefinitionRequest request) {
        TaskDefinitionRules.check(request);
        roles.check(call, request);
        return call.commit(tx -> {
            Scope scope = call.scope();
            Optional<Stored<TaskDefinitionFamily>> family = store.families().find(tx, scope, request.family());
            int revision = family.map(f -> f.value().lastRevision() + 1).orElse(1);
            TaskDefinitionFamily moved = new TaskDefinitionFamily(revision, revision);
            if (family.isPresent()) {
                store.families().update(tx, family.get().with(moved));
            } else {
                store.families().insert(tx, scope, request.family(), moved, Map.of());
            }
            TaskDefinition definition = definition(call, request, revision);
            // Tags are kept beside it: the model has no member for them.
            store.taskDefinitions()
                    .insert(tx, scope, storeName(request.family(), revision), definition, Tags.toExtra(request.tags()));
            return RegisterTaskDefinitionResponse.builder()
                    .taskDefinition(definition)
                    .tags(request.tags())
                    .build();
        });
    }

    private TaskDefinition definition(Call call, RegisterTaskDefinitionRequest request, int revision) {
        return TaskDefinition.builder()
                .taskDefinitionArn(call.scope().arn("ecs", "task-definition/" + request.family() + ":" + revision))
                .family(request.family())
                .revision(revision)
                .status(TaskDefinitionStatus.ACTIVE)
                .containerDefinitions(request.containerDefinitions().stream()
                        .map(TaskDefinitions::withDefaults)
                        .toList())
                .volumes(request.volumes().isEmpty() ? List.of() : request.volumes())
                .networkMode(request.networkMode())
                .taskRoleArn(RoleArns.full(call.scope().account(), request.taskRoleArn()))
                .executionRoleArn(RoleArns.full(call.scope().account(), request.executionRoleArn()))
                .requiresCompatibilities(request.requiresCompatibilities())
                .compatibilities(Compatibility.EXTERNAL, Compatibility.EC2)
                .placementConstraints(
                        request.placementConstraints().isEmpty() ? List.of() : request.placementConstraints())
                .requiresAttributes(requiredAttributes(request))
                .cpu(TaskSize.parseCpu(request.cpu()).map(Object::toString).orElse(null))
                .memory(TaskSize.parseMemory(request.memory())
                        .map(Object::toString)
                        .orElse(null))
                .registeredAt(clock.instant())
                .registeredBy(call.caller().arn())
                .build();
    }

    private static ContainerDefinition withDefaults(ContainerDefinition container) {
        return container.toBuilder()
                .cpu(Objects.requireNonNullElse(container.cpu(), 0))
                .essential(Objects.requireNonNullElse(container.essential(), true))
                .portMappings(container.portMappings().isEmpty() ? List.of() : container.portMappings())
                .environment(container.environment().isEmpty() ? List.of() : container.environment())
                .mountPoints(container.mountPoints().isEmpty() ? List.of() : container.mountPoints())
                .volumesFrom(List.of())
                .systemControls(container.systemControls().isEmpty() ? List.of() : container.systemControls())
                .healthCheck(withDefaults(container.healthCheck()))
                .build();
    }

    private static @Nullable HealthCheck withDefaults(@Nullable HealthCheck check) {
        return check == null
                ? null
                : check.toBuilder()
                        .interval(Objects.requireNonNullElse(check.interval(), 30))
                        .timeout(Objects.requireNonNullElse(check.timeout(), 5))
                        .retries(Objects.requireNonNullElse(check.retries(), 3))
                        .build();
    }

    private static List<Attribute> requiredAttributes(RegisterTaskDefinitionRequest request) {
        List<Attribute> required = new ArrayList<>();
        for (ContainerDefinition container : request.containerDefinitions()) {
            boolean onHost = TaskDefinitionRules.HOST_IMAGE.equals(container.image());
            required.add(attribute(onHost ? HOST_DRIVER : CONTAINER_DRIVER));
            if (container.logConfiguration() != null) {
                required.add(attribute(AWSLOGS));
            }
        }
        if (request.taskRoleArn() != null && !request.taskRoleArn().isEmpty()) {
            required.addAll(roleAttributes(request));
        }
        return required.stream().distinct().toList();
    }

    /** Agents tell apart whether they reach containers on the host's network and those with one of their own. */
    private static List<Attribute> roleAttributes(RegisterTaskDefinitionRequest request) {
        return request.containerDefinitions().stream()
                .map(container -> TaskDefinitionRules.HOST_IMAGE.equals(container.image())
                        || request.networkMode() == NetworkMode.HOST)
                .map(onHost -> attribute(onHost ? ROLE_ON_HOST_NETWORK : ROLE))
                .toList();
    }

    private static Attribute attribute(String name) {
        return Attribute.builder().name(name).build();
    }

    /** Idempotent: an INACTIVE revision stays as it is. */
    DeregisterTaskDefinitionResponse deregister(Call call, DeregisterTaskDefinitionRequest request) {
        String wanted = Objects.requireNonNullElse(request.taskDefinition(), "");
        if (!Arns.lastPart(wanted).contains(":")) {
            throw EcsErrors.client(
                    "Invalid revision number. Number: %s; give family:revision or the full ARN.", wanted);
        }
        return call.commit(tx -> {
            Stored<TaskDefinition> stored = find(tx, call.scope(), wanted)
                    .orElseThrow(() -> EcsErrors.client("The specified task definition does not exist: %s.", wanted));
            TaskDefinition definition = stored.value();
            if (definition.status() == TaskDefinitionStatus.ACTIVE) {
                definition = definition.toBuilder()
                        .status(TaskDefinitionStatus.INACTIVE)
                        .deregisteredAt(clock.instant())
                        .build();
                store.taskDefinitions().update(tx, stored.with(definition));
                moveLastActive(tx, call.scope(), definition);
            }
            return DeregisterTaskDefinitionResponse.builder()
                    .taskDefinition(definition)
                    .build();
        });
    }

    private void moveLastActive(Transaction tx, Scope scope, TaskDefinition gone) throws SQLException {
        Stored<TaskDefinitionFamily> family =
                store.families().find(tx, scope, gone.family()).orElseThrow();
        if (family.value().lastActive() != gone.revision()) {
            return;
        }
        int revision = gone.revision() - 1;
        while (revision > 0 && !isActive(tx, scope, gone.family(), revision)) {
            revision--;
        }
        store.families()
                .update(tx, family.with(new TaskDefinitionFamily(family.value().lastRevision(), revision)));
    }

    private boolean isActive(Transaction tx, Scope scope, String family, int revision) throws SQLException {
        return store.taskDefinitions()
                .find(tx, scope, storeName(family, revision))
                .filter(t -> t.value().status() == TaskDefinitionStatus.ACTIVE)
                .isPresent();
    }

    DescribeTaskDefinitionResponse describe(Scope scope, DescribeTaskDefinitionRequest request) {
        String wanted = Objects.requireNonNullElse(request.taskDefinition(), "");
        String name = EcsNames.definition(scope, wanted);
        Optional<Stored<TaskDefinition>> found = revision(name).isPresent()
                ? store.taskDefinitions().find(scope, canonical(name))
                : store.families()
                        .find(scope, name)
                        .flatMap(f -> store.taskDefinitions()
                                .find(scope, storeName(name, f.value().lastActive())));
        Stored<TaskDefinition> stored =
                found.orElseThrow(() -> EcsErrors.client("Unable to describe task definition."));
        boolean withTags = request.include().contains(TaskDefinitionField.TAGS);
        return DescribeTaskDefinitionResponse.builder()
                .taskDefinition(stored.value())
                .tags(withTags ? Tags.of(stored) : List.of())
                .build();
    }

    /** {@code family:revision} of what a caller names; as it was named when the family has no active revision. */
    String revisionOf(Scope scope, String wanted) {
        String name = EcsNames.definition(scope, wanted);
        Optional<Integer> revision = revision(name);
        if (revision.isPresent()) {
            return name.substring(0, name.lastIndexOf(':') + 1) + revision.get();
        }
        return store.families()
                .find(scope, name)
                .flatMap(family -> store.taskDefinitions()
                        .find(scope, storeName(name, family.value().lastActive())))
                .map(found -> Arns.lastPart(found.value().taskDefinitionArn()))
                .orElse(name);
    }

    /** The definition that {@code family}, {@code family:revision} or an ARN stands for. */
    Optional<Stored<TaskDefinition>> find(Transaction tx, Scope scope, String wanted) throws SQLException {
        String name = EcsNames.definition(scope, wanted);
        if (revision(name).isPresent()) {
            return store.taskDefinitions().find(tx, scope, canonical(name));
        }
        Optional<Stored<TaskDefinitionFamily>> family = store.families().find(tx, scope, name);
        return family.isEmpty()
                ? Optional.empty()
                : store.taskDefinitions()
                        .find(tx, scope, storeName(name, family.get().value().lastActive()));
    }

    /** The ACTIVE definition to launch. */
    Stored<TaskDefinition> requireActive(Transaction tx, Scope scope, @Nullable String wanted) throws SQLException {
        if (wanted == null || wanted.isEmpty()) {
            throw EcsErrors.invalidParameter("TaskDefinition can not be blank.");
        }
        Stored<TaskDefinition> stored =
                find(tx, scope, wanted).orElseThrow(() -> EcsErrors.client("TaskDefinition not found."));
        if (stored.value().status() != TaskDefinitionStatus.ACTIVE) {
            throw EcsErrors.client("TaskDefinition is inactive");
        }
        return stored;
    }

    private static Optional<Integer> revision(String name) {
        int colon = name.lastIndexOf(':');
        return colon > 0 && name.substring(colon + 1).matches("[0-9]{1,9}")
                ? Optional.of(Integer.valueOf(name.substring(colon + 1)))
                : Optional.empty();
    }

    private static String canonical(String nameWithRevision) {
        return storeName(
                nameWithRevision.substring(0, nameWithRevision.lastIndexOf(':')),
                revision(nameWithRevision).orElseThrow());
    }

    /**
     * A page of definitions in order of family and revision.
     *
     * @param family only this family; empty for all
     * @param descending newest revision first; pages are then cut from the whole, as revisions of a family are few
     */
    Page<TaskDefinition> list(
            Scope scope, String family, TaskDefinitionStatus status, boolean descending, String after, int limit) {
        if (!descending && family.isEmpty()) {
            return store.taskDefinitions().listByIndex(scope, EcsStore.BY_STATUS, status.toString(), after, limit);
        }
        String prefix = family.isEmpty() ? "" : family + ":";
        List<Stored<TaskDefinition>> all =
                new ArrayList<>(store.taskDefinitions().list(scope, prefix, "", Resources.ALL).items().stream()
                        .filter(t -> t.value().status() == status)
                        .toList());
        if (descending) {
            Collections.reverse(all);
        }
        List<Stored<TaskDefinition>> rest = all.stream()
                .filter(t -> after.isEmpty() || (t.name().compareTo(after) > 0) != descending)
                .filter(t -> !t.name().equals(after))
                .toList();
        return rest.size() <= limit
                ? new Page<>(rest, Optional.empty())
                : new Page<>(
                        rest.subList(0, limit), Optional.of(rest.get(limit - 1).name()));
    }

    /** The revision of an ARN that a task or service holds; it may be INACTIVE. */
    Stored<TaskDefinition> byArn(Transaction tx, Scope scope, String arn) throws SQLException {
        return store.taskDefinitions().find(tx, scope, storeName(arn)).orElseThrow();
    }

    /** A page of families that have an ACTIVE revision, or that have none, or all. */
    Page<TaskDefinitionFamily> families(
            Scope scope, String prefix, @Nullable TaskDefinitionStatus status, String after, int limit) {
        List<Stored<TaskDefinitionFamily>> rest =
                store.families().list(scope, prefix, after, Resources.ALL).items().stream()
                        .filter(f -> status == null
                                || (f.value().lastActive() > 0) == (status == TaskDefinitionStatus.ACTIVE))
                        .toList();
        return rest.size() <= limit
                ? new Page<>(rest, Optional.empty())
                : new Page<>(
                        rest.subList(0, limit), Optional.of(rest.get(limit - 1).name()));
    }
}
