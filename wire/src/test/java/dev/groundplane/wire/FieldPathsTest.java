package dev.groundplane.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;

@SuppressWarnings("unchecked") // the SDK's builders take generic varargs
class FieldPathsTest {
    private static final Set<String> SUPPORTED =
            Set.of("family", "containerDefinitions", "containerDefinitions.name", "tags.*");

    @Test
    void whatIsSupportedPasses() {
        RegisterTaskDefinitionRequest request = RegisterTaskDefinitionRequest.builder()
                .family("f")
                .containerDefinitions(container().build(), container().build())
                .tags(t -> t.key("k").value("v"))
                .build();

        assertThat(FieldPaths.unsupported(request, SUPPORTED)).isEmpty();
    }

    @Test
    void theFirstOtherMemberIsNamed() {
        assertThat(FieldPaths.unsupported(
                        RegisterTaskDefinitionRequest.builder().cpu("1").build(), SUPPORTED))
                .contains("cpu");
        assertThat(FieldPaths.unsupported(
                        RegisterTaskDefinitionRequest.builder()
                                .containerDefinitions(
                                        container().build(),
                                        container()
                                                .healthCheck(h -> h.command("true"))
                                                .build())
                                .build(),
                        SUPPORTED))
                .contains("containerDefinitions[1].healthCheck");
    }

    @Test
    void supportOfAMemberIsNotSupportOfAllBelowItOrAboveIt() {
        RegisterTaskDefinitionRequest request = RegisterTaskDefinitionRequest.builder()
                .family("f")
                .tags(t -> t.key("k"))
                .build();

        assertThat(FieldPaths.unsupported(request, Set.of("family", "tags"))).contains("tags[0].key");
        assertThat(FieldPaths.unsupported(request, Set.of("family", "tags", "tags.key")))
                .isEmpty();
        assertThat(FieldPaths.unsupported(request, Set.of("family", "tags.key")))
                .contains("tags");
    }

    @Test
    void whatAsksForNothingPasses() {
        RegisterTaskDefinitionRequest request = RegisterTaskDefinitionRequest.builder()
                .enableFaultInjection(false)
                .volumes(List.of())
                .containerDefinitions(container()
                        .privileged(false)
                        .dockerLabels(Map.of())
                        .command(List.of())
                        .build())
                .build();

        assertThat(FieldPaths.unsupported(request, SUPPORTED)).isEmpty();
        assertThat(FieldPaths.unsupported(
                        request.toBuilder().enableFaultInjection(true).build(), SUPPORTED))
                .contains("enableFaultInjection");
        assertThat(FieldPaths.unsupported(
                        RegisterTaskDefinitionRequest.builder()
                                .containerDefinitions(container()
                                        .dockerLabels(Map.of("a", ""))
                                        .build())
                                .build(),
                        SUPPORTED))
                .contains("containerDefinitions[0].dockerLabels");
    }

    private static ContainerDefinition.Builder container() {
        return ContainerDefinition.builder().name("c");
    }
}
