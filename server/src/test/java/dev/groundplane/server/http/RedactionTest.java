package dev.groundplane.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
    private static final String HIDDEN = "\"HIDDEN_DUE_TO_SECURITY_REASONS\"";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "environment",
                "logEvents",
                "password",
                "Password",
                "MasterUserPassword",
                "adminUserPassword",
                "JDBC_CONNECTION_URL",
                "KAFKA_SASL_PLAIN_PASSWORD",
                "AuthenticationConfiguration",
                "secretString",
                "SecretString",
                "SecretBinary",
                "ENVIRONMENT"
            })
    void secretMembersAreHiddenWhateverTheyHold(String member) {
        for (String value :
                new String[] {"\"s3cret\"", "[{\"name\":\"a\",\"value\":\"s3cret\"}]", "{\"s3cret\":1}", "null"}) {
            assertThat(Redaction.apply("{\"a\":{\"b\":[{\"" + member + "\":" + value + "}]},\"c\":1}"))
                    .isEqualTo("{\"a\":{\"b\":[{\"" + member + "\":" + HIDDEN + "}]},\"c\":1}");
        }
    }

    @Test
    void whatHidesNothingIsReturnedAsItIs() {
        String json = "{\"a\" : 1.10, \"text\":\"my environment and my password\"}";

        assertThat(Redaction.apply(json)).isSameAs(json);
    }

    @Test
    void aValueThatOnlyLooksLikeAMemberIsKept() {
        String json = "{\"name\":\"environment\",\"value\":\"password\"}";

        assertThat(Redaction.apply(json)).isEqualTo(json);
    }

    @Test
    void aParametersValueIsHiddenAndItsTagsAreNot() {
        assertThat(Redaction.apply(
                        "PutParameter",
                        "{\"Name\":\"n\",\"Value\":\"s3cret\",\"Tags\":[{\"Key\":\"k\",\"Value\":\"v\"}]}"))
                .isEqualTo("{\"Name\":\"n\",\"Value\":" + HIDDEN + ",\"Tags\":[{\"Key\":\"k\",\"Value\":\"v\"}]}");
    }
}
