package dev.groundplane.services.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.iam.model.IamException;
import software.amazon.awssdk.services.iam.model.InvalidInputException;
import software.amazon.awssdk.services.iam.model.LimitExceededException;
import software.amazon.awssdk.services.iam.model.Tag;

class TagListTest {
    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    private static List<Tag> many(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> tag("key" + i, "")).toList();
    }

    @Test
    void aTagThatIsThereKeepsItsPlace() {
        List<Tag> merged = TagList.merged(
                List.of(tag("desk", "rates"), tag("stage", "test")), List.of(tag("Desk", "fx"), tag("cost", "7")));

        assertThat(merged).containsExactly(tag("Desk", "fx"), tag("stage", "test"), tag("cost", "7"));
    }

    @Test
    void thereAreFiftyAtTheMost() {
        assertThat(TagList.merged(many(0, 25), many(25, 50))).hasSize(50);
        assertThatThrownBy(() -> TagList.merged(many(0, 25), many(25, 51))).isInstanceOf(LimitExceededException.class);
        assertThatThrownBy(() -> TagList.valid(many(0, 51)))
                .isInstanceOf(IamException.class)
                .hasMessageContaining("less than or equal to 50");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NO!", "a\0b", "a;b"})
    void someCharactersAreNotForTags(String key) {
        assertThatThrownBy(() -> TagList.valid(List.of(tag(key, "x"))))
                .hasMessageContaining("must satisfy regular expression pattern");
        assertThatThrownBy(() -> TagList.without(List.of(), List.of(key)))
                .hasMessageContaining("must satisfy regular expression pattern");
    }

    /** One without made every later call about what it tagged fail. */
    @Test
    void aTagHasAValueThatMayBeEmpty() {
        assertThat(TagList.valid(List.of(tag("desk", "")))).hasSize(1);
        assertThatThrownBy(() -> TagList.valid(List.of(Tag.builder().key("desk").build())))
                .hasMessageContaining("Member must not be null");
    }

    @Test
    void keysDifferByMoreThanCase() {
        assertThatThrownBy(() -> TagList.valid(List.of(tag("desk", "1"), tag("DESK", "2"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("Duplicate tag keys");
    }
}
