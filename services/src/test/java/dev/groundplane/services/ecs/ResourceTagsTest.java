package dev.groundplane.services.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.ResourceNotFoundException;
import software.amazon.awssdk.services.ecs.model.Tag;

@SuppressWarnings("unchecked") // the SDK's builders take generic varargs
class ResourceTagsTest {
    private ServiceFixture services;
    private EcsFixture ecs;

    @BeforeEach
    void open() {
        services = new ServiceFixture();
        ecs = services.ecs;
    }

    @AfterEach
    void close() {
        services.close();
    }

    @Test
    void everyKindOfResourceHasTags() {
        String host = ecs.connected("mi-1", 1_000, 1_000).containerInstanceArn();
        String definition = ecs.define("web", 1, 10);
        for (String arn : List.of(
                host,
                definition,
                services.create("web", "web", 1).serviceArn(),
                ecs.run("web").taskArn(),
                EcsFixture.SCOPE.arn("ecs", "cluster/default"))) {
            ecs.client().tagResource(r -> r.resourceArn(arn).tags(tag("a", "1"), tag("b", "1")));
            ecs.client().tagResource(r -> r.resourceArn(arn).tags(tag("a", "2")));
            ecs.client().untagResource(r -> r.resourceArn(arn).tagKeys("b", "none"));

            assertThat(ecs.client().listTagsForResource(r -> r.resourceArn(arn)).tags())
                    .as(arn)
                    .containsExactly(tag("a", "2"));
        }
    }

    @Test
    void servicesPassTheirTagsOn() {
        ecs.connected("mi-1", 1_000, 1_000);
        ecs.define("web", 1, 10);
        services.create(r -> r.serviceName("web")
                .taskDefinition("web")
                .desiredCount(1)
                .tags(tag("team", "risk"))
                .propagateTags("SERVICE")
                .enableECSManagedTags(true));
        String task = services.tasks("web").getFirst().taskArn();

        assertThat(ecs.client().listTagsForResource(r -> r.resourceArn(task)).tags())
                .containsExactlyInAnyOrder(
                        tag("team", "risk"), tag("aws:ecs:clusterName", "default"), tag("aws:ecs:serviceName", "web"));
    }

    @Test
    void whatIsNotThereIsNamed() {
        String arn = EcsFixture.SCOPE.arn("ecs", "service/default/ghost");
        assertThatThrownBy(() ->
                        ecs.client().tagResource(r -> r.resourceArn(arn).tags(tag("a", "1"))))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("default/ghost");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "arn:aws:ecs:us-east-1:123456789012:capacity-provider/x"})
    void otherArnsAreRefused(String arn) {
        assertThatThrownBy(() -> ecs.client().listTagsForResource(r -> r.resourceArn(arn)))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("'" + arn + "'");
    }

    @Test
    void keysOfAwsAreReserved() {
        ecs.connected("mi-1", 1_000, 1_000);
        String arn = EcsFixture.SCOPE.arn("ecs", "cluster/default");

        assertThatThrownBy(() ->
                        ecs.client().tagResource(r -> r.resourceArn(arn).tags(tag("aws:x", "1"))))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("'aws:x'");
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }
}
