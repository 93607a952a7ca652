package dev.groundplane.services.logs;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;

class StoredMessageTest {
    @Property
    void everyMessageComesBackAsItWent(@ForAll @CharRange(from = '\0', to = '2') String message) {
        String stored = StoredMessage.of(message);

        assertThat(stored).doesNotContain("\0");
        assertThat(StoredMessage.read(stored)).isEqualTo(message);
    }

    @Test
    void whatWasStoredBeforeIsReadAsItIs() {
        assertThat(StoredMessage.read("a\u001ab\u001a")).isEqualTo("a\u001ab\u001a");
    }
}
