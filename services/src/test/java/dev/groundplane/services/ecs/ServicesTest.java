package dev.groundplane.services.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.ClusterContainsServicesException;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.ListServicesResponse;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceNotActiveException;
import software.amazon.awssdk.services.ecs.model.ServiceNotFoundException;

@SuppressWarnings("unchecked") // the SDK's builders take generic varargs
class ServicesTest {
    private ServiceFixture services;
    private EcsFixture ecs;

    @BeforeEach
    void open() {
        services = new ServiceFixture();
        ecs = services.ecs;
        ecs.connected("mi-1", 1_000, 1_000);
        ecs.define("web", 1, 10);
    }

    @AfterEach
    void close() {
        services.close();
    }

    @Test
    void whatIsNotSaidHasAwsDefaults() {
        Service service = services.create("web", "web", 1);

        assertThat(service.serviceArn()).isEqualTo(EcsFixture.SCOPE.arn("ecs", "service/default/web"));
        assertThat(service.deploymentConfiguration().minimumHealthyPercent()).isEqualTo(100);
        assertThat(service.deploymentConfiguration().maximumPercent()).isEqualTo(200);
        assertThat(service.deploymentConfiguration().deploymentCircuitBreaker().enable())
                .isFalse();
        assertThat(service.schedulingStrategyAsString()).isEqualTo("REPLICA");
        assertThat(service.deploymentController().typeAsString()).isEqualTo("ECS");
        assertThat(service.propagateTagsAsString()).isEqualTo("NONE");
        assertThat(service.createdAt()).isEqualTo(EcsFixture.START);
        assertThat(ecs.client().describeClusters(r -> {}).clusters().getFirst().activeServicesCount())
                .isEqualTo(1);
    }

    @Test
    void onlyTheSameTokenAndRequestCreatesTwice() {
        Consumer<CreateServiceRequest.Builder> request =
                r -> r.serviceName("web").taskDefinition("web").desiredCount(1).clientToken("t");
        Service first = ecs.client().createService(request).service();
        assertThat(ecs.client()
                        .createService(request)
                        .service()
                        .deployments()
                        .getFirst()
                        .id())
                .isEqualTo(first.deployments().getFirst().id());

        assertRefused(
                "Creation of service was not idempotent.",
                r -> r.serviceName("web").taskDefinition("web").desiredCount(2).clientToken("t"));
        assertRefused(
                "Creation of service was not idempotent.",
                r -> r.serviceName("web").taskDefinition("web").desiredCount(1));
    }

    @Test
    void wrongRequestsAreRefused() {
        assertRefused(
                "serviceName 'a b'",
                r -> r.serviceName("a b").taskDefinition("web").desiredCount(1));
        assertRefused(
                "TaskDefinition can not be blank.", r -> r.serviceName("s").desiredCount(1));
        assertRefused("desiredCount is required", r -> r.serviceName("s").taskDefinition("web"));
        assertRefused("found -1", r -> r.serviceName("s").taskDefinition("web").desiredCount(-1));
        assertRefused(
                "does not support a desired count",
                r -> r.serviceName("s").taskDefinition("web").desiredCount(1).schedulingStrategy("DAEMON"));
        assertRefused(
                "does not support placement strategies",
                r -> r.serviceName("s")
                        .taskDefinition("web")
                        .schedulingStrategy("DAEMON")
                        .placementStrategy(s -> s.type("random")));
        assertRefused(
                "launchType FARGATE",
                r -> r.serviceName("s").taskDefinition("web").desiredCount(1).launchType("FARGATE"));
        assertRefused(
                "cannot be 100 as this will block deployments",
                r -> r.serviceName("s")
                        .taskDefinition("web")
                        .desiredCount(1)
                        .deploymentConfiguration(c -> c.maximumPercent(100)));
        assertRefused(
                "deploymentController CODE_DEPLOY",
                r -> r.serviceName("s")
                        .taskDefinition("web")
                        .desiredCount(1)
                        .deploymentController(c -> c.type("CODE_DEPLOY")));
        assertRefused(
                "deploymentConfiguration.strategy BLUE_GREEN",
                r -> r.serviceName("s")
                        .taskDefinition("web")
                        .desiredCount(1)
                        .deploymentConfiguration(c -> c.strategy("BLUE_GREEN")));
        assertRefused(
                "healthCheckGracePeriodSeconds 30 has no meaning",
                r -> r.serviceName("s").taskDefinition("web").desiredCount(1).healthCheckGracePeriodSeconds(30));
    }

    @Test
    void whatIsNotImplementedIsRefusedByName() {
        assertRefused(
                "loadBalancers is not implemented",
                r -> r.serviceName("s")
                        .taskDefinition("web")
                        .desiredCount(1)
                        .loadBalancers(l -> l.containerName("main").containerPort(80)));
        assertRefused(
                "networkConfiguration is not implemented",
                r -> r.serviceName("s")
                        .taskDefinition("web")
                        .desiredCount(1)
                        .networkConfiguration(n -> n.awsvpcConfiguration(a -> a.subnets("s"))));
        assertRefused(
                "enableExecuteCommand is not implemented",
                r -> r.serviceName("s").taskDefinition("web").desiredCount(1).enableExecuteCommand(true));
    }

    @Test
    void onlyActiveServicesChange() {
        assertThatThrownBy(() -> ecs.client().updateService(r -> r.service("ghost")))
                .isInstanceOf(ServiceNotFoundException.class);
        assertThatThrownBy(() -> ecs.client().deleteService(r -> r.service("ghost")))
                .isInstanceOf(ServiceNotFoundException.class);
        assertThatThrownBy(
                        () -> ecs.client().updateService(r -> r.service("ghost").cluster("ghost")))
                .isInstanceOf(ClusterNotFoundException.class);
        services.create("web", "web", 1);
        ecs.client().deleteService(r -> r.service("web").force(true));
        assertThatThrownBy(
                        () -> ecs.client().updateService(r -> r.service("web").desiredCount(2)))
                .isInstanceOf(ServiceNotActiveException.class);
        assertRefused(
                "still Draining",
                r -> r.serviceName("web").taskDefinition("web").desiredCount(1));
        services.settle("web");
        assertThatThrownBy(
                        () -> ecs.client().updateService(r -> r.service("web").desiredCount(2)))
                .isInstanceOf(ServiceNotActiveException.class);
    }

    @Test
    void aServiceThatIsScaledUpIsDeletedByForceOnly() {
        services.create("web", "web", 1);
        assertThatThrownBy(() -> ecs.client().deleteService(r -> r.service("web")))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessage("The service cannot be stopped while it is scaled above 0.");
        ecs.client().updateService(r -> r.service("web").desiredCount(0));

        assertThat(ecs.client().deleteService(r -> r.service("web")).service().status())
                .isEqualTo("DRAINING");
    }

    @Test
    void aClusterWithServicesIsNotDeleted() {
        ecs.client().createCluster(r -> r.clusterName("other"));
        ecs.client()
                .createService(r -> r.cluster("other")
                        .serviceName("web")
                        .taskDefinition("web")
                        .desiredCount(0));
        assertThatThrownBy(() -> ecs.client().deleteCluster(r -> r.cluster("other")))
                .isInstanceOf(ClusterContainsServicesException.class);
        ecs.client().deleteService(r -> r.cluster("other").service("web"));

        assertThat(ecs.client().deleteCluster(r -> r.cluster("other")).cluster().status())
                .isEqualTo("INACTIVE");
    }

    @Test
    void servicesAreListedInPages() {
        for (int i = 0; i < 12; i++) {
            services.create("s" + (10 + i), "web", 0);
        }
        ListServicesResponse first = ecs.client().listServices(r -> {});
        ListServicesResponse rest = ecs.client().listServices(r -> r.nextToken(first.nextToken()));

        assertThat(first.serviceArns()).hasSize(10);
        assertThat(rest.serviceArns()).hasSize(2);
        assertThat(rest.nextToken()).isNull();
        assertThat(ecs.client()
                        .listServices(r -> r.schedulingStrategy("DAEMON"))
                        .serviceArns())
                .isEmpty();
    }

    @Test
    void onlyAChangeOfTheTasksBeginsADeployment() {
        String id = services.create("web", "web", 1).deployments().getFirst().id();
        Service scaled = ecs.client()
                .updateService(r -> r.service("web")
                        .desiredCount(2)
                        .taskDefinition("web:1")
                        .deploymentConfiguration(c -> c.maximumPercent(150)))
                .service();
        assertThat(scaled.deployments()).extracting(d -> d.id()).containsExactly(id);
        assertThat(scaled.deployments().getFirst().desiredCount()).isEqualTo(2);
        assertThat(scaled.deploymentConfiguration().minimumHealthyPercent()).isEqualTo(100);
        assertThat(scaled.deploymentConfiguration().maximumPercent()).isEqualTo(150);

        assertThat(ecs.client()
                        .updateService(r -> r.service("web").forceNewDeployment(true))
                        .service()
                        .deployments())
                .hasSize(2);
    }

    @Test
    void theBreakerTripsAtHalfTheCountWithinItsLimits() {
        assertThat(ServiceStep.threshold(1)).isEqualTo(3);
        assertThat(ServiceStep.threshold(7)).isEqualTo(4);
        assertThat(ServiceStep.threshold(25)).isEqualTo(13);
        assertThat(ServiceStep.threshold(800)).isEqualTo(200);
    }

    private void assertRefused(String message, Consumer<CreateServiceRequest.Builder> request) {
        assertThatThrownBy(() -> ecs.client().createService(request))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining(message);
    }

    @Test
    void servicesOfReservedClustersArePlatformsAndPlacedOnAnyInstance() {
        ecs.platform().createCluster(r -> r.clusterName("groundplane-databases"));
        assertThatThrownBy(() -> ecs.client()
                        .createService(r -> r.cluster("groundplane-databases")
                                .serviceName("mine")
                                .taskDefinition("web")
                                .desiredCount(1)))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("reserved");

        ecs.platform()
                .createService(r -> r.cluster("groundplane-databases")
                        .serviceName("bank")
                        .taskDefinition("web")
                        .desiredCount(1));
        services.step(new ServiceKey(EcsFixture.SCOPE, "groundplane-databases/bank"));
        assertThat(ecs.client()
                        .listTasks(r -> r.cluster("groundplane-databases").serviceName("bank"))
                        .taskArns())
                .hasSize(1);
        assertThatThrownBy(() -> ecs.client()
                        .updateService(r -> r.cluster("groundplane-databases")
                                .service("bank")
                                .desiredCount(0)))
                .isInstanceOf(InvalidParameterException.class);
        assertThatThrownBy(() -> ecs.client()
                        .deleteService(r -> r.cluster("groundplane-databases")
                                .service("bank")
                                .force(true)))
                .isInstanceOf(InvalidParameterException.class);
    }
}
