package dev.groundplane.services.ecs;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Arns;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Page;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.DescribeTasksRequest;
import software.amazon.awssdk.services.ecs.model.DescribeTasksResponse;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.ListTasksRequest;
import software.amazon.awssdk.services.ecs.model.ListTasksResponse;
import software.amazon.awssdk.services.ecs.model.StopTaskRequest;
import software.amazon.awssdk.services.ecs.model.StopTaskResponse;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskField;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/** Reading and stopping tasks. Stopped tasks stay describable for {@link TaskExpiry#KEPT}. */
final class Tasks {
    private static final int MAX_DESCRIBED = 100;

    private final EcsStore store;
    private final Clusters clusters;
    private final InstantSource clock;

    Tasks(EcsStore store, Clusters clusters, InstantSource clock) {
        this.store = store;
        this.clusters = clusters;
        this.clock = clock;
    }

    DescribeTasksResponse describe(Scope scope, DescribeTasksRequest request) {
        if (request.tasks().isEmpty()) {
            throw EcsErrors.invalidParameter("Tasks cannot be empty.");
        }
        if (request.tasks().size() > MAX_DESCRIBED) {
            throw EcsErrors.invalidParameter(
                    "tasks must name at most %d, found %d.",
                    MAX_DESCRIBED, request.tasks().size());
        }
        String cluster = clusters.requireName(scope, request.cluster());
        boolean withTags = request.include().contains(TaskField.TAGS);
        List<Task> found = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        for (String idOrArn : request.tasks()) {
            String name = EcsNames.inCluster(cluster, idOrArn);
            Optional<Stored<Task>> stored = store.tasks().find(scope, name);
            if (stored.isPresent()) {
                Task task = stored.get().value();
                found.add(withTags ? task : task.toBuilder().tags(List.of()).build());
            } else {
                failures.add(Failure.builder()
                        .arn(scope.arn("ecs", "task/" + name))
                        .reason("MISSING")
                        .build());
            }
        }
        return DescribeTasksResponse.builder().tasks(found).failures(failures).build();
    }

    ListTasksResponse list(Scope scope, ListTasksRequest request) {
        SupportedFields.check(request, SupportedFields.LIST_TASKS);
        if (request.desiredStatus() == DesiredStatus.UNKNOWN_TO_SDK_VERSION) {
            throw EcsErrors.invalidParameter(
                    "desiredStatus '%s' must be RUNNING, PENDING or STOPPED.", request.desiredStatusAsString());
        }
        String cluster = clusters.requireName(scope, request.cluster());
        int limit = Limits.pageSize(request.maxResults());
        DesiredStatus desired = Objects.requireNonNullElse(request.desiredStatus(), DesiredStatus.RUNNING);
        Predicate<Task> wanted = filter(cluster, request);
        // Filters are few and selective, pages small: read on until the page is full.
        List<String> arns = new ArrayList<>();
        String after = Limits.after(request.nextToken());
        Optional<String> next = Optional.of(after);
        while (next.isPresent() && arns.size() < limit) {
            Page<Task> page = store.tasks()
                    .listByIndex(
                            scope,
                            EcsStore.BY_DESIRED_STATUS,
                            cluster + "/" + desired,
                            next.get(),
                            limit - arns.size());
            page.items().stream().map(Stored::value).filter(wanted).forEach(t -> arns.add(t.taskArn()));
            next = page.next();
        }
        return ListTasksResponse.builder()
                .taskArns(arns)
                .nextToken(Limits.token(next))
                .build();
    }

    private static Predicate<Task> filter(String cluster, ListTasksRequest request) {
        String instance =
                request.containerInstance() == null ? null : EcsNames.inCluster(cluster, request.containerInstance());
        String service = request.serviceName() == null
                ? null
                : LaunchRequest.SERVICE_GROUP + Arns.lastPart(request.serviceName());
        return task -> matches(request.startedBy(), task.startedBy())
                && matches(instance, EcsNames.name(task.containerInstanceArn()))
                && matches(request.launchTypeAsString(), task.launchTypeAsString())
                && matches(request.family(), family(task))
                && (service == null || (service.equals(task.group()) && isOfService(task)));
    }

    private static boolean isOfService(Task task) {
        return task.startedBy() != null && task.startedBy().startsWith(Deployments.ID_PREFIX);
    }

    private static boolean matches(@Nullable String wanted, @Nullable String actual) {
        return wanted == null || wanted.equals(actual);
    }

    private static String family(Task task) {
        String name = EcsNames.name(task.taskDefinitionArn());
        return name.substring(0, name.lastIndexOf(':'));
    }

    /** Idempotent: stopping a task that is stopping or stopped changes nothing. */
    StopTaskResponse stop(Call call, StopTaskRequest request) {
        if (request.task() == null || request.task().isEmpty()) {
            throw EcsErrors.invalidParameter("Task can not be blank.");
        }
        return call.commit(tx -> {
            String cluster =
                    clusters.require(tx, call.scope(), request.cluster()).name();
            String name = EcsNames.inCluster(cluster, request.task());
            Stored<Task> stored = store.tasks()
                    .find(tx, call.scope(), name)
                    .orElseThrow(() -> EcsErrors.invalidParameter("The referenced task was not found."));
            Task task = stored.value();
            if (!"STOPPED".equals(task.desiredStatus())) {
                String reason = Objects.requireNonNullElse(request.reason(), "Task stopped by user");
                task = stop(tx, stored, TaskStopCode.USER_INITIATED, reason);
            }
            return StopTaskResponse.builder().task(task).build();
        });
    }

    /** Wants a task that is not stopping yet to stop. */
    Task stop(Transaction tx, Stored<Task> stored, TaskStopCode code, String reason) throws SQLException {
        Task task = stored.value();
        Task stopping = task.toBuilder()
                .desiredStatus("STOPPED")
                .stopCode(code)
                .stoppedReason(reason)
                .stoppingAt(clock.instant())
                .version(task.version() + 1)
                .build();
        store.tasks().update(tx, stored.with(stopping));
        InstanceKey instance = new InstanceKey(stored.scope(), EcsNames.name(task.containerInstanceArn()));
        store.wake(tx, instance);
        return stopping;
    }
}
