package dev.groundplane.services.ecs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.AttributeLimitExceededException;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.InvalidParameterException;
import software.amazon.awssdk.services.ecs.model.ListAttributesResponse;
import software.amazon.awssdk.services.ecs.model.TargetNotFoundException;

@SuppressWarnings("unchecked") // the SDK's builders take generic varargs
class InstanceAttributesTest {
    private EcsFixture ecs;
    private ContainerInstance host;

    @BeforeEach
    void open() {
        ecs = new EcsFixture();
        host = ecs.connected("mi-1", 1_000, 1_000);
    }

    @AfterEach
    void close() {
        ecs.close();
    }

    @Test
    void aCustomAttributeOutlivesARegistration() {
        put("rack", "a");
        put("rack", "b");
        ecs.host("mi-1")
                .registerContainerInstance(r -> r.cluster("default")
                        .containerInstanceArn(host.containerInstanceArn())
                        .totalResources(host.registeredResources())
                        .attributes(Attribute.builder()
                                .name("ecs.os-type")
                                .value("linux")
                                .build()));

        assertThat(ecs.instance(host.containerInstanceArn()).attributes())
                .extracting(a -> a.name() + "=" + a.value())
                .containsExactlyInAnyOrder("ecs.os-type=linux", "rack=b");
    }

    @Test
    void attributesAreListedInPagesAndByName() {
        put("rack", "a");
        ListAttributesResponse first = ecs.client()
                .listAttributes(r -> r.targetType("container-instance").maxResults(2));
        ListAttributesResponse rest = ecs.client()
                .listAttributes(r -> r.targetType("container-instance").nextToken(first.nextToken()));
        assertThat(first.attributes()).hasSize(2);
        assertThat(rest.attributes()).extracting(Attribute::name).endsWith("rack");
        assertThat(rest.nextToken()).isNull();

        assertThat(ecs.client()
                        .listAttributes(r -> r.targetType("container-instance")
                                .attributeName("rack")
                                .attributeValue("a"))
                        .attributes())
                .containsExactly(Attribute.builder()
                        .name("rack")
                        .value("a")
                        .targetType("container-instance")
                        .targetId(host.containerInstanceArn())
                        .build());
    }

    @Test
    void whatIsDeletedIsGone() {
        put("rack", "a");
        assertThat(ecs.client()
                        .deleteAttributes(r -> r.attributes(
                                a -> a.name("rack").targetId(host.containerInstanceArn()),
                                a -> a.name("none").targetId(host.containerInstanceArn())))
                        .attributes())
                .extracting(Attribute::name)
                .containsExactly("rack");

        assertThat(ecs.instance(host.containerInstanceArn()).attributes())
                .extracting(Attribute::name)
                .doesNotContain("rack");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ecs.os-type", "com.amazonaws.ecs.capability.x", "groundplane.driver.host", "", "a b"})
    void namesThatAreNotForUsersAreRefused(String name) {
        assertThatThrownBy(() -> put(name, "x"))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessageContaining("'" + name + "'");
    }

    @Test
    void aHostHasTenCustomAttributesAtTheMost() {
        for (int i = 0; i < 10; i++) {
            put("a" + i, "x");
        }
        put("a0", "y");

        assertThatThrownBy(() -> put("a10", "x")).isInstanceOf(AttributeLimitExceededException.class);
    }

    @Test
    void anUnknownTargetIsNamed() {
        assertThatThrownBy(() -> ecs.client()
                        .putAttributes(r -> r.attributes(a -> a.name("x").targetId("ghost"))))
                .isInstanceOf(TargetNotFoundException.class)
                .hasMessageContaining("'ghost'");
    }

    private List<Attribute> put(String name, String value) {
        return ecs.client()
                .putAttributes(r -> r.attributes(a -> a.name(name).value(value).targetId(host.containerInstanceArn())))
                .attributes();
    }
}
