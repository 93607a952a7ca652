package dev.groundplane.platform.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.platform.identity.Scope;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecodedTest {
    private static final Scope HERE = new Scope("1", "here");
    private static final Scope THERE = new Scope("1", "there");

    private final List<String> decodings = new ArrayList<>();
    private final Decoded<String> decoded = new Decoded<>(body -> {
        decodings.add(body);
        return "value of " + body;
    });

    @Test
    void theSameTextIsDecodedOnce() {
        assertThat(decoded.of(HERE, "a", "one")).isEqualTo("value of one");
        assertThat(decoded.of(HERE, "a", "one")).isEqualTo("value of one");
        assertThat(decodings).containsExactly("one");
    }

    @Test
    void anotherTextIsDecodedAlsoUnderTheSameName() {
        decoded.of(HERE, "a", "one");
        assertThat(decoded.of(HERE, "a", "two")).isEqualTo("value of two");
        assertThat(decoded.of(HERE, "a", "one")).isEqualTo("value of one");
        assertThat(decoded.of(THERE, "a", "three")).isEqualTo("value of three");
        assertThat(decoded.of(HERE, "a", "one")).isEqualTo("value of one");
        assertThat(decodings).containsExactly("one", "two", "one", "three");
    }

    @Test
    void aBoundedNumberIsKept() {
        for (int i = 0; i <= 256; i++) {
            decoded.of(HERE, "name " + i, "text " + i);
        }
        decoded.of(HERE, "name 256", "text 256");
        assertThat(decodings).hasSize(257);
        decoded.of(HERE, "name 0", "text 0");
        assertThat(decodings).hasSize(258);
    }
}
