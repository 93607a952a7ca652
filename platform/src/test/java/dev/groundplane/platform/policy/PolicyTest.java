package dev.groundplane.platform.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.platform.policy.Policy.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTest {
    @ParameterizedTest
    @CsvSource({
        "*, ecs:RunTask, ALLOWED",
        "ecs:*, ecs:RunTask, ALLOWED",
        "ecs:Run*, ecs:RunTask, ALLOWED",
        "ECS:runtask, ecs:RunTask, ALLOWED",
        "ecs:?unTask, ecs:RunTask, ALLOWED",
        "ecs:*T*k, ecs:RunTask, ALLOWED",
        "ecs:RunTas, ecs:RunTask, NOT_ALLOWED",
        "ecs:RunTask?, ecs:RunTask, NOT_ALLOWED",
        "ecr:*, ecs:RunTask, NOT_ALLOWED"
    })
    void matchesActions(String pattern, String action, Decision decision) throws MalformedPolicyException {
        assertThat(decide(action, statement("Allow", "Action", pattern))).isEqualTo(decision);
    }

    @Test
    void aDenialWinsOverEveryPermission() throws MalformedPolicyException {
        assertThat(decide("ecs:RunTask", statement("Allow", "Action", "*"), statement("Deny", "Action", "ecs:Run*")))
                .isEqualTo(Decision.DENIED);
    }

    @Test
    void notActionIsAboutEverythingElse() throws MalformedPolicyException {
        String policy = statement("Allow", "NotAction", "iam:*");

        assertThat(decide("ecs:RunTask", policy)).isEqualTo(Decision.ALLOWED);
        assertThat(decide("iam:CreateRole", policy)).isEqualTo(Decision.NOT_ALLOWED);
    }

    @Test
    void noPolicyAllowsNothing() {
        assertThat(Policy.decide(List.of(), "ecs:RunTask")).isEqualTo(Decision.NOT_ALLOWED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ | Syntax errors in policy",
                "[] | must be a JSON object",
                "{} | Statement must be an object",
                "{\"Statement\":[]} | at least one Statement",
                "{\"Version\":\"2020-01-01\",\"Statement\":[]} | found \"2020-01-01\"",
                "{\"Statments\":[]} | unknown member Statments",
                "{\"Statement\":{\"Effect\":\"allow\",\"Action\":\"*\",\"Resource\":\"*\"}} | found 'allow'",
                "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\"}} | must contain resources",
                "{\"Statement\":{\"Effect\":\"Allow\",\"Resource\":\"*\"}} | must contain actions",
                "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"Run\",\"Resource\":\"*\"}} | found 'Run'",
                "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":3,\"Resource\":\"*\"}} | string or a list of strings",
                "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"arn:aws:s3:::b\"}} | 'arn:aws:s3:::b'",
                "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{}}} | Condition",
                "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Principal\":\"*\"}} | principal"
            })
    void refusesByName(String document, String named) {
        assertThatThrownBy(() -> Policy.parse(document))
                .isInstanceOf(MalformedPolicyException.class)
                .hasMessageContaining(named);
    }

    private static Decision decide(String action, String... documents) throws MalformedPolicyException {
        List<Policy> policies = new ArrayList<>();
        for (String document : documents) {
            policies.add(Policy.parse(document));
        }
        return Policy.decide(policies, action);
    }

    private static String statement(String effect, String member, String... actions) {
        String list = String.join("\",\"", Stream.of(actions).toList());
        return "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"%s\",\"%s\":[\"%s\"],\"Resource\":\"*\"}]}"
                .formatted(effect, member, list);
    }
}
