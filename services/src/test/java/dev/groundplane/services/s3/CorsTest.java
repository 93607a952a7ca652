package dev.groundplane.services.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.model.CORSRule;

class CorsTest {
    private static final String PAGE = "https://console.bank.example";

    @TempDir
    Path directory;

    private S3Fixture s3;
    private CrossOrigin crossOrigin;

    @BeforeEach
    void open() {
        s3 = new S3Fixture(directory);
        s3.bucket("bucket");
        crossOrigin = s3.service().crossOrigin();
    }

    @AfterEach
    void close() {
        s3.close();
    }

    private void rule(Consumer<CORSRule.Builder> members) {
        CORSRule.Builder rule = CORSRule.builder();
        members.accept(rule);
        s3.client().putBucketCors(r -> r.bucket("bucket").corsConfiguration(c -> c.corsRules(rule.build())));
    }

    @Test
    void theFirstRuleThatFitsAnswers() {
        s3.client()
                .putBucketCors(r -> r.bucket("bucket")
                        .corsConfiguration(c -> c.corsRules(
                                CORSRule.builder()
                                        .allowedOrigins("https://*.bank.example")
                                        .allowedMethods("PUT")
                                        .allowedHeaders("X-Amz-*")
                                        .build(),
                                CORSRule.builder()
                                        .allowedOrigins("*")
                                        .allowedMethods("GET", "PUT")
                                        .maxAgeSeconds(60)
                                        .build())));
        assertThat(crossOrigin.preflight("bucket", PAGE, "PUT", List.of("x-amz-date")))
                .containsEntry("Access-Control-Allow-Origin", PAGE)
                .containsEntry("Access-Control-Allow-Headers", "x-amz-date")
                .doesNotContainKey("Access-Control-Max-Age");
        assertThat(crossOrigin.preflight("bucket", "https://elsewhere.example", "PUT", List.of()))
                .containsEntry("Access-Control-Allow-Origin", "*")
                .containsEntry("Access-Control-Max-Age", "60")
                .doesNotContainKey("Access-Control-Allow-Credentials");
    }

    @Test
    void wildcardsStandForWhatIsBetween() {
        rule(r -> r.allowedOrigins("https://a*a.example").allowedMethods("GET"));
        assertThat(crossOrigin.actual("bucket", "https://aa.example", "GET")).isNotEmpty();
        assertThat(crossOrigin.actual("bucket", "https://a.example", "GET")).isEmpty();
        assertThat(crossOrigin.actual("bucket", "https://aba.example", "GET")).isNotEmpty();
    }

    @Test
    void whatNoRuleAllowsIsRefused() {
        assertThatThrownBy(() -> crossOrigin.preflight("bucket", PAGE, "GET", List.of()))
                .hasMessageContaining("CORS is not enabled");
        rule(r -> r.allowedOrigins(PAGE).allowedMethods("GET").allowedHeaders("content-type"));
        assertThatThrownBy(() -> crossOrigin.preflight("bucket", PAGE, "GET", List.of("authorization")))
                .hasMessageContaining("not allowed");
        assertThat(crossOrigin.actual("bucket", PAGE, "DELETE")).isEqualTo(Map.of());
        assertThat(crossOrigin.actual("none", PAGE, "GET")).isEmpty();
    }

    @Test
    void rulesThatCannotBeAreRefused() {
        assertThatThrownBy(() -> rule(r -> r.allowedOrigins("*").allowedMethods("OPTIONS")))
                .hasMessageContaining("OPTIONS");
        assertThatThrownBy(
                        () -> rule(r -> r.allowedOrigins("https://*.*.example").allowedMethods("GET")))
                .hasMessageContaining("https://*.*.example");
        assertThatThrownBy(() ->
                        rule(r -> r.allowedOrigins("*").allowedMethods("GET").exposeHeaders("x-*")))
                .hasMessageContaining("x-*");
        assertThatThrownBy(() -> rule(r -> r.allowedMethods("GET"))).hasMessageContaining("AllowedOrigin");
    }
}
