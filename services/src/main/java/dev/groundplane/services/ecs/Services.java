package dev.groundplane.services.ecs;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.store.Page;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import dev.groundplane.wire.WireForm;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.CreateServiceResponse;
import software.amazon.awssdk.services.ecs.model.DeleteServiceRequest;
import software.amazon.awssdk.services.ecs.model.DeleteServiceResponse;
import software.amazon.awssdk.services.ecs.model.DeploymentControllerType;
import software.amazon.awssdk.services.ecs.model.DescribeServicesRequest;
import software.amazon.awssdk.services.ecs.model.DescribeServicesResponse;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.ListServicesRequest;
import software.amazon.awssdk.services.ecs.model.ListServicesResponse;
import software.amazon.awssdk.services.ecs.model.PropagateTags;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceField;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.UpdateServiceRequest;
import software.amazon.awssdk.services.ecs.model.UpdateServiceResponse;

/**
 * What services are wanted; {@link ServiceScheduler} makes it true. A deleted service is DRAINING until its tasks have
 * stopped, then INACTIVE, and stays describable for {@link TaskExpiry#KEPT}.
 */
final class Services {
    static final String ACTIVE = "ACTIVE";
    static final String DRAINING = "DRAINING";
    static final String INACTIVE = "INACTIVE";

    private static final int MAX_DESCRIBED = 10;
    private static final int DEFAULT_PAGE = 10;
    private static final String CLIENT_TOKEN = "client-token";
    private static final String FINGERPRINT = "fingerprint";

    private final EcsStore store;
    private final Clusters clusters;
    private final TaskDefinitions definitions;
    private final InstantSource clock;

    Services(EcsStore store, Clusters clusters, TaskDefinitions definitions, InstantSource clock) {
        this.store = store;
        this.clusters = clusters;
        this.definitions = definitions;
        this.clock = clock;
    }

    /** Idempotent with a client token; without, an ACTIVE service of that name is an error. */
    CreateServiceResponse create(Call call, CreateServiceRequest request) {
        ServiceRules.check(request);
        return call.commit(tx -> {
            String cluster =
                    clusters.require(tx, call.scope(), request.cluster()).name();
            ReservedClusters.check(call, cluster);
            String name = cluster + "/" + request.serviceName();
            String fingerprint =
                    WireForm.json(request.toBuilder().clientToken(null).build());
            Optional<Stored<Service>> known = store.services().find(tx, call.scope(), name);
            if (known.isPresent() && !INACTIVE.equals(known.get().value().status())) {
                return CreateServiceResponse.builder()
                        .service(same(known.get(), request.clientToken(), fingerprint))
                        .build();
            }
            Service service = service(tx, call, cluster, request);
            Map<String, String> extra = request.clientToken() == null
                    ? Map.of()
                    : Map.of(CLIENT_TOKEN, request.clientToken(), FINGERPRINT, fingerprint);
            if (known.isPresent()) {
                store.services().delete(tx, known.get());
            }
            store.services().insert(tx, call.scope(), name, service, extra);
            return CreateServiceResponse.builder().service(service).build();
        });
    }

    private static Service same(Stored<Service> known, @Nullable String token, String fingerprint) {
        if (DRAINING.equals(known.value().status())) {
            throw EcsErrors.invalidParameter("Unable to Start a service that is still Draining.");
        }
        if (token == null
                || !token.equals(known.extra().get(CLIENT_TOKEN))
                || !fingerprint.equals(known.extra().get(FINGERPRINT))) {
            throw EcsErrors.invalidParameter("Creation of service was not idempotent.");
        }
        return known.value();
    }

    private Service service(Transaction tx, Call call, String cluster, CreateServiceRequest request)
            throws SQLException {
        TaskDefinition definition = definitions
                .requireActive(tx, call.scope(), request.taskDefinition())
                .value();
        ServiceRules.checkGracePeriod(request.healthCheckGracePeriodSeconds(), definition);
        SchedulingStrategy scheduling = ServiceRules.scheduling(request.schedulingStrategy());
        boolean daemon = scheduling == SchedulingStrategy.DAEMON;
        LaunchType launchType = Objects.requireNonNullElse(request.launchType(), LaunchType.EXTERNAL);
        int desired = Objects.requireNonNullElse(request.desiredCount(), 0);
        Deployments deployments =
                new Deployments(List.of()).begin(definition.taskDefinitionArn(), desired, launchType, clock.instant());
        return Service.builder()
                .serviceArn(call.scope().arn("ecs", "service/" + cluster + "/" + request.serviceName()))
                .serviceName(request.serviceName())
                .clusterArn(call.scope().arn("ecs", "cluster/" + cluster))
                .status(ACTIVE)
                .desiredCount(desired)
                .runningCount(0)
                .pendingCount(0)
                .launchType(launchType)
                .taskDefinition(definition.taskDefinitionArn())
                .schedulingStrategy(scheduling)
                .deploymentController(c -> c.type(DeploymentControllerType.ECS))
                .deploymentConfiguration(
                        ServiceRules.configuration(scheduling, null, request.deploymentConfiguration()))
                .deployments(deployments.all())
                .events(List.of())
                .loadBalancers(List.of())
                .serviceRegistries(List.of())
                .placementConstraints(request.placementConstraints())
                .placementStrategy(
                        daemon || request.hasPlacementStrategy()
                                ? request.placementStrategy()
                                : PlacementStrategies.SERVICE_DEFAULT)
                .healthCheckGracePeriodSeconds(request.healthCheckGracePeriodSeconds())
                .enableECSManagedTags(Boolean.TRUE.equals(request.enableECSManagedTags()))
                .enableExecuteCommand(false)
                .propagateTags(Objects.requireNonNullElse(request.propagateTags(), PropagateTags.NONE))
                .createdAt(clock.instant())
                .createdBy(call.caller().arn())
                .tags(request.tags())
                .build();
    }

    /** Another task definition or {@code forceNewDeployment} begins a new deployment; all else changes the service. */
    UpdateServiceResponse update(Call call, UpdateServiceRequest request) {
        SupportedFields.check(request, SupportedFields.UPDATE_SERVICE);
        Service updated = call.commit(tx -> {
            Stored<Service> stored = require(tx, call.scope(), request.cluster(), request.service());
            Service service = stored.value();
            ReservedClusters.check(call, EcsNames.name(service.clusterArn()));
            if (!ACTIVE.equals(service.status())) {
                throw EcsErrors.serviceNotActive();
            }
            ServiceRules.check(request, service.schedulingStrategy());
            TaskDefinition definition = request.taskDefinition() == null
                    ? definitions
                            .byArn(tx, call.scope(), service.taskDefinition())
                            .value()
                    : definitions
                            .requireActive(tx, call.scope(), request.taskDefinition())
                            .value();
            ServiceRules.checkGracePeriod(request.healthCheckGracePeriodSeconds(), definition);
            Stored<Service> changed =
                    stored.with(changed(service, request, definition)).withExtra(ServiceStep.STEADY, null);
            if (!changed.value()
                    .deployments()
                    .getFirst()
                    .id()
                    .equals(service.deployments().getFirst().id())) {
                changed = Throttle.NONE.kept(changed);
            }
            return store.services().update(tx, changed).value();
        });
        return UpdateServiceResponse.builder()
                .service(ServiceTasks.counted(store, call.scope(), updated))
                .build();
    }

    private Service changed(Service service, UpdateServiceRequest request, TaskDefinition definition) {
        int desired = Objects.requireNonNullElse(request.desiredCount(), service.desiredCount());
        Deployments deployments = new Deployments(service.deployments());
        boolean another = !definition.taskDefinitionArn().equals(service.taskDefinition());
        deployments = another || Boolean.TRUE.equals(request.forceNewDeployment())
                ? deployments.begin(definition.taskDefinitionArn(), desired, service.launchType(), clock.instant())
                : deployments.desired(desired, clock.instant());
        return service.toBuilder()
                .desiredCount(desired)
                .taskDefinition(definition.taskDefinitionArn())
                .deployments(deployments.all())
                .deploymentConfiguration(ServiceRules.configuration(
                        service.schedulingStrategy(),
                        service.deploymentConfiguration(),
                        request.deploymentConfiguration()))
                .placementConstraints(
                        request.hasPlacementConstraints()
                                ? request.placementConstraints()
                                : service.placementConstraints())
                .placementStrategy(
                        request.hasPlacementStrategy() ? request.placementStrategy() : service.placementStrategy())
                .healthCheckGracePeriodSeconds(
                        request.healthCheckGracePeriodSeconds() == null
                                ? service.healthCheckGracePeriodSeconds()
                                : request.healthCheckGracePeriodSeconds())
                .enableECSManagedTags(
                        Objects.requireNonNullElse(request.enableECSManagedTags(), service.enableECSManagedTags()))
                .propagateTags(Objects.requireNonNullElse(request.propagateTags(), service.propagateTags()))
                .build();
    }

    /** Idempotent: deleting a service that is DRAINING changes nothing. */
    DeleteServiceResponse delete(Call call, DeleteServiceRequest request) {
        Service deleted = call.commit(tx -> {
            Stored<Service> stored = require(tx, call.scope(), request.cluster(), request.service());
            Service service = stored.value();
            ReservedClusters.check(call, EcsNames.name(service.clusterArn()));
            if (INACTIVE.equals(service.status())) {
                throw EcsErrors.serviceNotFound();
            }
            boolean scaled = service.schedulingStrategy() == SchedulingStrategy.REPLICA && service.desiredCount() > 0;
            if (ACTIVE.equals(service.status()) && scaled && !Boolean.TRUE.equals(request.force())) {
                throw EcsErrors.invalidParameter("The service cannot be stopped while it is scaled above 0.");
            }
            Deployments deployments = new Deployments(service.deployments()).desired(0, clock.instant());
            Service draining = service.toBuilder()
                    .status(DRAINING)
                    .desiredCount(0)
                    .deployments(deployments.all())
                    .build();
            return store.services().update(tx, stored.with(draining)).value();
        });
        return DeleteServiceResponse.builder()
                .service(ServiceTasks.counted(store, call.scope(), deleted))
                .build();
    }

    private Stored<Service> require(Transaction tx, Scope scope, @Nullable String cluster, @Nullable String service)
            throws SQLException {
        if (service == null || service.isEmpty()) {
            throw EcsErrors.invalidParameter("Service can not be blank.");
        }
        String clusterName = clusters.require(tx, scope, cluster).name();
        return store.services()
                .find(tx, scope, EcsNames.service(scope, clusterName, service))
                .orElseThrow(EcsErrors::serviceNotFound);
    }

    DescribeServicesResponse describe(Scope scope, DescribeServicesRequest request) {
        int count = request.services().size();
        if (count < 1 || count > MAX_DESCRIBED) {
            throw EcsErrors.invalidParameter("services must name 1 to %d, found %d.", MAX_DESCRIBED, count);
        }
        String cluster = clusters.requireName(scope, request.cluster());
        boolean withTags = request.include().contains(ServiceField.TAGS);
        List<Service> found = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        for (String nameOrArn : request.services()) {
            String name = EcsNames.service(scope, cluster, nameOrArn);
            Optional<Stored<Service>> stored = store.services().find(scope, name);
            if (stored.isPresent()) {
                Service service =
                        ServiceTasks.counted(store, scope, stored.get().value());
                found.add(
                        withTags ? service : service.toBuilder().tags(List.of()).build());
            } else {
                failures.add(Failure.builder()
                        .arn(scope.arn("ecs", "service/" + name))
                        .reason("MISSING")
                        .build());
            }
        }
        return DescribeServicesResponse.builder()
                .services(found)
                .failures(failures)
                .build();
    }

    ListServicesResponse list(Scope scope, ListServicesRequest request) {
        SupportedFields.check(request, SupportedFields.LIST_SERVICES);
        String cluster = clusters.requireName(scope, request.cluster());
        int limit = request.maxResults() == null ? DEFAULT_PAGE : Limits.pageSize(request.maxResults());
        List<String> arns = new ArrayList<>();
        Optional<String> next = Optional.of(Limits.after(request.nextToken()));
        while (next.isPresent() && arns.size() < limit) {
            Page<Service> page = store.services().list(scope, cluster + "/", next.get(), limit - arns.size());
            page.items().stream()
                    .map(Stored::value)
                    .filter(s -> ACTIVE.equals(s.status()))
                    .filter(s -> request.launchType() == null || request.launchType() == s.launchType())
                    .filter(s -> request.schedulingStrategy() == null
                            || request.schedulingStrategy() == s.schedulingStrategy())
                    .forEach(s -> arns.add(s.serviceArn()));
            next = page.next();
        }
        return ListServicesResponse.builder()
                .serviceArns(arns)
                .nextToken(Limits.token(next))
                .build();
    }

    /** How many of a cluster's services are ACTIVE. */
    static int active(Page<Service> services) {
        return (int) services.items().stream()
                .filter(s -> ACTIVE.equals(s.value().status()))
                .count();
    }
}
