package dev.groundplane.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.wire.WireRequest;
import dev.groundplane.wire.WireResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may read the pages for operators. */
class OperatorDoorTest {
    private static final String TOKEN = "Bearer right";
    private final OperatorDoor door =
            new OperatorDoor("right", Map.of("/open", page(true, "numbers"), "/closed", page(false, "names")));

    private static OperatorDoor.Page page(boolean openHere, String content) {
        return new OperatorDoor.Page("text/plain", openHere, () -> content.getBytes(StandardCharsets.UTF_8));
    }

    private static WireRequest get(String path, Map<String, List<String>> headers) {
        return new WireRequest("GET", path, "", headers, new byte[0]);
    }

    private int status(String path, Map<String, List<String>> headers, String peer) {
        return door.answer(get(path, headers), peer).status();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.8.8.8", "::1", "0:0:0:0:0:0:0:1"})
    void whoAsksFromThisMachineNeedsNoTokenForWhatIsOpenHere(String peer) {
        WireResponse response = door.answer(get("/open", Map.of()), peer);

        assertThat(response.status()).isEqualTo(200);
        assertThat(new String(response.body(), StandardCharsets.UTF_8)).isEqualTo("numbers");
        assertThat(status("/closed", Map.of(), peer)).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.5", "2001:db8::1", "localhost", ""})
    void whoAsksFromElsewhereNeedsTheToken(String peer) {
        assertThat(status("/open", Map.of(), peer)).isEqualTo(401);
        assertThat(status("/open", Map.of("authorization", List.of("Bearer wrong")), peer))
                .isEqualTo(401);
        assertThat(status("/open", Map.of("authorization", List.of(TOKEN)), peer))
                .isEqualTo(200);
        assertThat(status("/closed", Map.of("authorization", List.of(TOKEN)), peer))
                .isEqualTo(200);
    }

    @Test
    void aWrongTokenIsRefusedAlsoFromThisMachine() {
        assertThat(status("/open", Map.of("authorization", List.of("Bearer wrong")), "127.0.0.1"))
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"forwarded", "x-forwarded-for", "x-real-ip", "via"})
    void whatAProxyPassesOnWasNotAskedFromThisMachine(String header) {
        assertThat(status("/open", Map.of(header, List.of("192.0.2.7")), "127.0.0.1"))
                .isEqualTo(401);
    }

    @Test
    void bucketsOfTheSameNameStayReachable() {
        assertThat(door.handles(get("/open", Map.of()))).isTrue();
        assertThat(door.handles(get("/other", Map.of()))).isFalse();
        assertThat(door.handles(get("/open", Map.of("authorization", List.of("AWS4-HMAC-SHA256 Credential=")))))
                .isFalse();
        assertThat(door.handles(new WireRequest("GET", "/open", "X-Amz-Signature=1", Map.of(), new byte[0])))
                .isFalse();
        assertThat(door.handles(new WireRequest("PUT", "/open", "", Map.of(), new byte[0])))
                .isFalse();
    }
}
