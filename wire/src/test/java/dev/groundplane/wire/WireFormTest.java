package dev.groundplane.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

class WireFormTest {
    private static final WireForm<Task> TASK = WireForm.of(Task.class, Task::builder);

    @Test
    void absentMembersAreLeftOutAndEmptyOnesAreNot() {
        Task task = Task.builder()
                .group("g")
                .createdAt(Instant.ofEpochMilli(1_700_000_000_120L))
                .version(3L)
                .attachments(List.of())
                .tags(Tag.builder().key("k").build())
                .build();

        assertThat(TASK.encode(task))
                .isEqualTo("{\"attachments\":[],\"createdAt\":1700000000.120,\"group\":\"g\","
                        + "\"tags\":[{\"key\":\"k\"}],\"version\":3}");
        Task back = TASK.decode(TASK.encode(task));
        assertThat(back).isEqualTo(task);
        assertThat(back.hasAttachments()).isTrue();
        assertThat(back.hasContainers()).isFalse();
    }

    @Test
    void anUnknownEnumValueOfALaterReleaseIsKept() {
        Task task = TASK.decode("{\"stopCode\":\"SomethingNew\"}");

        assertThat(task.stopCodeAsString()).isEqualTo("SomethingNew");
        assertThat(TASK.encode(task)).isEqualTo("{\"stopCode\":\"SomethingNew\"}");
    }

    @ParameterizedTest
    @ValueSource(classes = {Task.class, TaskDefinition.class, ContainerInstance.class})
    void whatIsStoredComesBack(Class<? extends SdkPojo> type) throws ReflectiveOperationException {
        for (int seed = 0; seed < 100; seed++) {
            SdkPojo pojo = (SdkPojo) new RandomPojo(seed)
                    .fill((SdkPojo) type.getMethod("builder").invoke(null));
            SdkPojo builder = (SdkPojo) type.getMethod("builder").invoke(null);
            JsonReader.read(JsonWriter.bytes(pojo), builder);

            assertThat(Shape.build(builder)).isEqualTo(pojo);
        }
    }

    @Test
    void whatIsNotTheTypesJsonIsRefused() {
        assertThatThrownBy(() -> TASK.decode("{\"version\":\"x\"}")).isInstanceOf(WireException.class);
        assertThatThrownBy(() -> TASK.decode("[]")).isInstanceOf(WireException.class);
    }
}
