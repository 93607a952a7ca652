package dev.groundplane.services.ssm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.platform.identity.Scope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ssm.model.HierarchyTypeMismatchException;
import software.amazon.awssdk.services.ssm.model.InvalidAllowedPatternException;
import software.amazon.awssdk.services.ssm.model.InvalidFilterKeyException;
import software.amazon.awssdk.services.ssm.model.InvalidKeyIdException;
import software.amazon.awssdk.services.ssm.model.InvalidResourceIdException;
import software.amazon.awssdk.services.ssm.model.Parameter;
import software.amazon.awssdk.services.ssm.model.ParameterAlreadyExistsException;
import software.amazon.awssdk.services.ssm.model.ParameterHistory;
import software.amazon.awssdk.services.ssm.model.ParameterMaxVersionLimitExceededException;
import software.amazon.awssdk.services.ssm.model.ParameterMetadata;
import software.amazon.awssdk.services.ssm.model.ParameterNotFoundException;
import software.amazon.awssdk.services.ssm.model.ParameterPatternMismatchException;
import software.amazon.awssdk.services.ssm.model.ParameterStringFilter;
import software.amazon.awssdk.services.ssm.model.ParameterTier;
import software.amazon.awssdk.services.ssm.model.ParameterType;
import software.amazon.awssdk.services.ssm.model.ParameterVersionNotFoundException;
import software.amazon.awssdk.services.ssm.model.PutParameterResponse;
import software.amazon.awssdk.services.ssm.model.Tag;
import software.amazon.awssdk.services.ssm.model.ValidationException;

class ParameterStoreTest {
    @TempDir
    private Path directory;

    private ParametersFixture ssm;

    @BeforeEach
    void open() {
        ssm = new ParametersFixture(directory);
    }

    @AfterEach
    void close() {
        ssm.close();
    }

    private PutParameterResponse put(String name, String value) {
        return ssm.client()
                .putParameter(r ->
                        r.name(name).value(value).type(ParameterType.STRING).overwrite(true));
    }

    private Parameter get(String name) {
        return ssm.client().getParameter(r -> r.name(name).withDecryption(true)).parameter();
    }

    @Test
    void versionsCountAndAreFoundByNumberAndLabel() {
        put("/bank/limit", "1");
        assertThat(put("/bank/limit", "2").version()).isEqualTo(2);
        ssm.client()
                .labelParameterVersion(
                        r -> r.name("/bank/limit").parameterVersion(1L).labels("prod", "1st", "aws-x"));

        assertThat(get("/bank/limit").value()).isEqualTo("2");
        assertThat(get("/bank/limit:1").value()).isEqualTo("1");
        Parameter labelled = get("arn:aws:ssm:us-east-1:123456789012:parameter/bank/limit:prod");
        assertThat(labelled.value()).isEqualTo("1");
        assertThat(labelled.selector()).isEqualTo(":prod");
        assertThat(labelled.arn()).isEqualTo("arn:aws:ssm:us-east-1:123456789012:parameter/bank/limit");
        for (String missing : List.of("/bank/limit:3", "/bank/limit:none", "/bank/limit:1st")) {
            assertThatThrownBy(() -> get(missing)).isInstanceOf(ParameterVersionNotFoundException.class);
        }
        assertThatThrownBy(() -> get("/bank")).isInstanceOf(ParameterNotFoundException.class);
    }

    @Test
    void aSecureStringIsCiphertextUnlessDecrypted() {
        ssm.client().putParameter(r -> r.name("password").value("s3cret").type(ParameterType.SECURE_STRING));

        Parameter sealed = ssm.client().getParameter(r -> r.name("password")).parameter();

        assertThat(sealed.value()).isBase64().doesNotContain("s3cret");
        assertThat(get("password").value()).isEqualTo("s3cret");
        assertThat(get("arn:aws:ssm:us-east-1:123456789012:parameter/password").value())
                .isEqualTo("s3cret");
        assertThat(ssm.client().describeParameters(r -> {}).parameters())
                .extracting(ParameterMetadata::keyId)
                .containsExactly("alias/aws/ssm");
    }

    @Test
    void otherAccountsAndRegionsDoNotSeeIt() {
        put("limit", "1");
        for (Scope scope : List.of(new Scope("123456789012", "eu-west-1"), new Scope("210987654321", "us-east-1"))) {
            assertThatThrownBy(() -> ssm.client(scope).getParameter(r -> r.name("limit")))
                    .isInstanceOf(ParameterNotFoundException.class);
        }
        assertThatThrownBy(() -> get("arn:aws:ssm:eu-west-1:123456789012:parameter/limit"))
                .isInstanceOf(ParameterNotFoundException.class);
    }

    @Test
    void nothingIsOverwrittenUnasked() {
        put("limit", "1");
        assertThatThrownBy(() -> ssm.client()
                        .putParameter(r -> r.name("limit").value("2").type(ParameterType.STRING)))
                .isInstanceOf(ParameterAlreadyExistsException.class)
                .hasMessage("The parameter already exists. To overwrite this value, set the overwrite option in the"
                        + " request to true.");
        assertThatThrownBy(() -> ssm.client()
                        .putParameter(
                                r -> r.name("limit").value("2").overwrite(true).type(ParameterType.SECURE_STRING)))
                .isInstanceOf(HierarchyTypeMismatchException.class);
        assertThat(get("limit").value()).isEqualTo("1");
    }

    @Test
    void anOverwriteKeepsWhatItDoesNotSet() {
        ssm.client()
                .putParameter(r -> r.name("limit")
                        .value("1")
                        .type(ParameterType.STRING)
                        .description("of the bank")
                        .allowedPattern("^\\d+$")
                        .tags(Tag.builder().key("a").value("b").build()));

        assertThatThrownBy(() -> ssm.client()
                        .putParameter(r -> r.name("limit").value("s3cret").overwrite(true)))
                .isInstanceOf(ParameterPatternMismatchException.class)
                .hasMessageNotContaining("s3cret");
        ssm.client().putParameter(r -> r.name("limit").value("2").overwrite(true));

        ParameterMetadata metadata =
                ssm.client().describeParameters(r -> {}).parameters().getFirst();
        assertThat(metadata.description()).isEqualTo("of the bank");
        assertThat(metadata.type()).isEqualTo(ParameterType.STRING);
        assertThat(metadata.version()).isEqualTo(2);
        assertThat(ssm.client()
                        .listTagsForResource(r -> r.resourceType("Parameter").resourceId("limit"))
                        .tagList())
                .hasSize(1);
    }

    @Test
    void aPatternThatNeverEndsIsRefused() {
        assertThatThrownBy(() -> ssm.client()
                        .putParameter(r -> r.name("limit")
                                .type(ParameterType.STRING)
                                .allowedPattern("(.*a){25}b")
                                .value("a".repeat(100))))
                .isInstanceOf(InvalidAllowedPatternException.class);
    }

    @Test
    void tiersHaveSizesAndDoNotShrink() {
        String most = "x".repeat(4096);
        put("standard", most);
        assertThatThrownBy(() -> put("standard", most + "x"))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("4096");
        ssm.client()
                .putParameter(r -> r.name("clever")
                        .value(most + "x")
                        .type(ParameterType.STRING)
                        .tier("Intelligent-Tiering"));
        assertThat(put("clever", "x").tier()).isEqualTo(ParameterTier.ADVANCED);
        assertThatThrownBy(() -> ssm.client()
                        .putParameter(
                                r -> r.name("clever").value("x").overwrite(true).tier("Standard")))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("can't downgrade");
        assertThatThrownBy(() -> put("clever", "x".repeat(8193))).isInstanceOf(ValidationException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"aws", "/AWS/x", "ssm-x", "a/b", "/a//b", "/a/", "a b", "a:1", ""})
    void namesThatAwsRefusesAreRefused(String name) {
        assertThatThrownBy(() -> put(name, "1")).isInstanceOf(ValidationException.class);
    }

    @Test
    void theOldestOfAHundredVersionsGoesUnlessItHasALabel() {
        for (int i = 1; i <= 101; i++) {
            put("limit", Integer.toString(i));
        }
        assertThatThrownBy(() -> get("limit:1")).isInstanceOf(ParameterVersionNotFoundException.class);
        ssm.client()
                .labelParameterVersion(r -> r.name("limit").parameterVersion(2L).labels("keep"));

        assertThatThrownBy(() -> put("limit", "102")).isInstanceOf(ParameterMaxVersionLimitExceededException.class);
        ssm.client()
                .unlabelParameterVersion(
                        r -> r.name("limit").parameterVersion(2L).labels("keep", "none"));
        assertThat(put("limit", "102").version()).isEqualTo(102);
    }

    @Test
    void aLabelIsOnOneVersion() {
        put("limit", "1");
        put("limit", "2");
        ssm.client()
                .labelParameterVersion(r -> r.name("limit").parameterVersion(1L).labels("prod", "a"));
        ssm.client().labelParameterVersion(r -> r.name("limit").labels("prod"));

        assertThat(ssm.client().getParameterHistory(r -> r.name("limit")).parameters())
                .extracting(ParameterHistory::labels)
                .containsExactly(List.of("a"), List.of("prod"));
    }

    @Test
    void pathsHaveLevelsAndPages() {
        for (String name : List.of("plain", "/a/x", "/a/y", "/a/b/z", "/ab/x")) {
            put(name, name);
        }

        assertThat(byPath("/a", false)).containsExactly("/a/x", "/a/y");
        assertThat(byPath("/a/", true)).containsExactly("/a/b/z", "/a/x", "/a/y");
        assertThat(byPath("/", false)).containsExactly("plain");
        assertThat(byPath("/", true)).hasSize(5);
        assertThatThrownBy(() -> byPath("a", true)).isInstanceOf(ValidationException.class);
    }

    private static ParameterStringFilter filter(String key, @Nullable String option, String value) {
        return ParameterStringFilter.builder()
                .key(key)
                .option(option)
                .values(value)
                .build();
    }

    private List<String> byPath(String path, boolean recursive) {
        List<String> names = new ArrayList<>();
        String token = null;
        do {
            String from = token;
            var page = ssm.client()
                    .getParametersByPath(
                            r -> r.path(path).recursive(recursive).maxResults(1).nextToken(from));
            page.parameters().forEach(p -> names.add(p.value()));
            token = page.nextToken();
        } while (token != null);
        return names;
    }

    @Test
    void byPathALabelChoosesTheVersion() {
        put("/a/x", "old");
        ssm.client().labelParameterVersion(r -> r.name("/a/x").labels("prod"));
        put("/a/x", "new");
        put("/a/y", "without");

        assertThat(ssm.client()
                        .getParametersByPath(r -> r.path("/a").parameterFilters(filter("Label", null, "prod")))
                        .parameters())
                .extracting(Parameter::value)
                .containsExactly("old");
        assertThatThrownBy(() ->
                        ssm.client().getParametersByPath(r -> r.path("/a").parameterFilters(filter("Name", null, "x"))))
                .isInstanceOf(InvalidFilterKeyException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "Name, Equals, /a/x, /a/x",
        "Name, BeginsWith, /a, /a/b/z /a/x",
        "Name, Contains, x, /a/x x",
        "Type, , SecureString, x",
        "Path, , /a, /a/x",
        "Path, Recursive, /a, /a/b/z /a/x",
        "tag:team, , risk, /a/x",
        "KeyId, , alias/aws/ssm, x"
    })
    void descriptionsAreFiltered(String key, String option, String value, String expected) {
        put("/a/x", "1");
        put("/a/b/z", "1");
        ssm.client().putParameter(r -> r.name("x").value("1").type(ParameterType.SECURE_STRING));
        ssm.client()
                .addTagsToResource(r -> r.resourceType("Parameter")
                        .resourceId("/a/x")
                        .tags(Tag.builder().key("team").value("risk").build()));

        assertThat(ssm.client()
                        .describeParameters(r -> r.parameterFilters(filter(key, option, value)))
                        .parameters())
                .extracting(ParameterMetadata::name)
                .containsExactly(expected.split(" "));
    }

    @Test
    void manyAtOnceTellWhichAreUnknown() {
        put("a", "1");
        put("b", "2");
        var got = ssm.client().getParameters(r -> r.names("b", "none", "a:7", "a"));
        assertThat(got.parameters()).extracting(Parameter::value).containsExactly("2", "1");
        assertThat(got.invalidParameters()).containsExactly("none", "a:7");

        var deleted = ssm.client().deleteParameters(r -> r.names("a", "none", "b"));
        assertThat(deleted.deletedParameters()).containsExactly("a", "b");
        assertThat(deleted.invalidParameters()).containsExactly("none");
        assertThat(ssm.rows()).isZero();
        assertThatThrownBy(() -> ssm.client().deleteParameter(r -> r.name("a")))
                .isInstanceOf(ParameterNotFoundException.class);
    }

    @Test
    void tagsGoAndUnknownResourcesAreRefused() {
        put("a", "1");
        ssm.client()
                .addTagsToResource(r -> r.resourceType("Parameter")
                        .resourceId("a")
                        .tags(Tag.builder().key("k").value("v").build()));
        ssm.client()
                .removeTagsFromResource(
                        r -> r.resourceType("Parameter").resourceId("a").tagKeys("k"));
        assertThat(ssm.client()
                        .listTagsForResource(r -> r.resourceType("Parameter").resourceId("a"))
                        .tagList())
                .isEmpty();
        assertThatThrownBy(() -> ssm.client()
                        .listTagsForResource(r -> r.resourceType("Parameter").resourceId("none")))
                .isInstanceOf(InvalidResourceIdException.class);
    }

    @Test
    void whatIsNotImplementedIsRefusedByName() {
        assertThatThrownBy(() -> ssm.client()
                        .putParameter(r -> r.name("a")
                                .value("1")
                                .type(ParameterType.STRING)
                                .policies("[]")))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("Policies");
        assertThatThrownBy(() -> ssm.client()
                        .putParameter(r -> r.name("a")
                                .value("1")
                                .type(ParameterType.SECURE_STRING)
                                .keyId("alias/mine")))
                .isInstanceOf(InvalidKeyIdException.class);
        assertThatThrownBy(() -> ssm.client()
                        .getParameter(
                                r -> r.name("/aws/reference/secretsmanager/db").withDecryption(true)))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("GetSecretValue");
    }
}
