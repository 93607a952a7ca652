package dev.groundplane.services.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostFormTest {
    private static final Instant NOW = Instant.parse("2026-01-15T12:00:00Z");
    private static final String CONDITIONS = """
            {"bucket": "prices"}, ["starts-with", "$key", "in/"], {"Content-Type": "text/csv"}""";

    private static PostForm form(String policy, Map<String, String> more) {
        Map<String, String> fields = new TreeMap<>(Map.of("key", "in/${filename}", "content-type", "text/csv"));
        fields.putAll(more);
        fields.put("policy", Base64.getEncoder().encodeToString(policy.getBytes(StandardCharsets.UTF_8)));
        return new PostForm("prices", fields, "today.csv");
    }

    private static String policy(String conditions) {
        return "{\"expiration\": \"2026-01-15T12:00:01Z\", \"conditions\": [" + conditions + "]}";
    }

    @Test
    void theFilesNameStandsInTheKey() {
        PostForm form = form(policy(CONDITIONS), Map.of());
        assertThat(form.permitted(NOW)).isEqualTo(SizeRange.ANY);
        assertThat(form.key()).isEqualTo("in/today.csv");
        assertThat(form.headers()).isEqualTo(Map.of("content-type", List.of("text/csv")));
        assertThat(form.successStatus()).isEqualTo(204);
        assertThat(form.redirect()).isEmpty();
    }

    @Test
    void everyFieldButTheFormsOwnNeedsACondition() {
        Map<String, String> own =
                Map.of("x-amz-signature", "00", "signature", "0", "awsaccesskeyid", "A", "x-ignore-me", "1");
        assertThat(form(policy(CONDITIONS), own).permitted(NOW)).isEqualTo(SizeRange.ANY);
        assertThatThrownBy(
                        () -> form(policy(CONDITIONS), Map.of("acl", "private")).permitted(NOW))
                .hasMessageContaining("Extra input fields: acl");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"bucket\": \"other\"}, [\"starts-with\", \"$key\", \"\"], {\"content-type\": \"text/csv\"}",
                "{\"bucket\": \"prices\"}, [\"eq\", \"$key\", \"in/${filename}\"], {\"content-type\": \"text/csv\"}",
                "{\"bucket\": \"prices\"}, [\"starts-with\", \"$key\", \"out/\"], {\"content-type\": \"text/csv\"}",
                "{\"bucket\": \"prices\"}, [\"starts-with\", \"$key\", \"in/\"], {\"content-type\": \"text/csv\"},"
                        + " {\"x-amz-meta-source\": \"desk\"}"
            })
    void aConditionThatDoesNotHoldRefuses(String conditions) {
        assertThatThrownBy(() -> form(policy(conditions), Map.of()).permitted(NOW))
                .hasMessageContaining("Policy Condition failed");
    }

    @Test
    void policiesEnd() {
        assertThatThrownBy(() -> form(policy(CONDITIONS), Map.of()).permitted(NOW.plusSeconds(1)))
                .hasMessageContaining("Policy expired");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no JSON",
                "{}",
                "{\"expiration\": \"tomorrow\", \"conditions\": []}",
                "{\"expiration\": \"2026-01-15T12:00:01Z\", \"conditions\": [[\"like\", \"$key\", \"x\"]]}",
                "{\"expiration\": \"2026-01-15T12:00:01Z\", \"conditions\": [[\"content-length-range\", -1, 2]]}"
            })
    void whatIsNoPolicyIsRefused(String policy) {
        assertThatThrownBy(() -> form(policy, Map.of()).permitted(NOW)).hasMessageContaining("Invalid Policy");
    }

    @Test
    void theFilesLengthIsMeasuredWhileItIsRead() throws Exception {
        String ranges = ", [\"content-length-range\", 2, 9], [\"content-length-range\", 1, 4]";
        SizeRange sizes = form(policy(CONDITIONS + ranges), Map.of()).permitted(NOW);
        assertThat(sizes).isEqualTo(new SizeRange(2, 4));
        assertThat(sizes.of(new ByteArrayInputStream(new byte[4])).readAllBytes())
                .hasSize(4);
        assertThatThrownBy(() -> sizes.of(new ByteArrayInputStream(new byte[5])).readAllBytes())
                .hasMessageContaining("exceeds");
        assertThatThrownBy(() -> sizes.of(new ByteArrayInputStream(new byte[1])).readAllBytes())
                .hasMessageContaining("smaller");
    }
}
