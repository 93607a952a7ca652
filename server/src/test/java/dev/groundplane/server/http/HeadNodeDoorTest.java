package dev.groundplane.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.wire.WireRequest;
import dev.groundplane.wire.WireResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadNodeDoorTest {
    private static final String PATH = "/hpc/clusters/1a2b3c4d/nodes";

    private final HeadNodeDoor door = new HeadNodeDoor(HeadNodeDoorTest::report);

    /** One cluster, with one secret. */
    private static Optional<String> report(String cluster, String secret, String text) {
        if (!cluster.equals("1a2b3c4d") || !secret.equals("the-secret")) {
            return Optional.empty();
        }
        if (!text.endsWith("idle")) {
            throw new IllegalArgumentException("'%s' is not a node and its state".formatted(text));
        }
        return Optional.of("partitions up\ntold " + text + "\n");
    }

    private static WireRequest request(String method, String path, String query, String authorization, String body) {
        return new WireRequest(
                method,
                path,
                query,
                Map.of("authorization", List.of(authorization)),
                body.getBytes(StandardCharsets.UTF_8));
    }

    private static WireRequest put(String authorization, String body) {
        return request("PUT", PATH, "", authorization, body);
    }

    private void answers(int status, String text, WireRequest request) {
        assertThat(door.handles(request)).isTrue();
        WireResponse response = door.answer(request);
        assertThat(response.status()).isEqualTo(status);
        assertThat(new String(response.body(), StandardCharsets.UTF_8)).isEqualTo(text);
        assertThat(response.headers()).containsEntry("Content-Type", "text/plain; charset=utf-8");
    }

    @Test
    void aReportIsAnsweredWithWhatIsToBeDone() {
        answers(200, "partitions up\ntold nöde idle\n", put("Bearer the-secret", "nöde idle"));
        answers(200, "partitions up\ntold a idle\n", put("Bearer  the-secret ", "a idle"));
    }

    @Test
    void whoHasNotTheSecretIsToldNothing() {
        String refusal = "there is no such cluster, or this is not its secret\n";
        answers(403, refusal, put("Bearer other", "a idle"));
        answers(403, refusal, put("Bearer ", "a idle"));
        answers(403, refusal, put("Bearer other", "nonsense"));
        answers(403, refusal, request("PUT", "/hpc/clusters/9/nodes", "", "Bearer the-secret", "a idle"));
    }

    @Test
    void nonsenseIsNamed() {
        answers(400, "'nonsense' is not a node and its state\n", put("Bearer the-secret", "nonsense"));
    }

    @Test
    void anObjectOfThatNameIsPutIntoABucket() {
        String signature = "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20260115/us-east-1/s3/aws4_request,"
                + " SignedHeaders=host;x-amz-date, Signature=00";
        assertThat(door.handles(put(signature, "a idle"))).isFalse();
        assertThat(door.handles(new WireRequest("PUT", PATH, "", Map.of(), new byte[0])))
                .isFalse();
        assertThat(door.handles(request("PUT", PATH, "X-Amz-Signature=00", "Bearer the-secret", "a idle")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "HEAD", "DELETE", "put"})
    void onlyPutTells(String method) {
        assertThat(door.handles(request(method, PATH, "", "Bearer the-secret", "a idle")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/hpc/clusters/1a2b3c4d/nodes/",
                "/hpc/clusters/1a2b3c4d",
                "/hpc/clusters//nodes",
                "/hpc/clusters/1A2B/nodes",
                "/hpc/clusters/../nodes",
                "/hpc/clusters/a/b/nodes",
                "/hpc/clusters/%61/nodes",
                "/x/hpc/clusters/1a2b3c4d/nodes",
                "/hpc/clusters/0123456789012345678901234567890123/nodes"
            })
    void otherPathsAreOthers(String path) {
        assertThat(door.handles(request("PUT", path, "", "Bearer the-secret", "a idle")))
                .isFalse();
    }
}
