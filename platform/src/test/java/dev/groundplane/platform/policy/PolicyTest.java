package dev.groundplane.platform.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.platform.identity.Caller;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyTest {
    private static final Caller USER =
            Caller.user("123456789012", "arn:aws:iam::123456789012:user/ann", "AIDA1", "AKIA");

    @ParameterizedTest
    @CsvSource({
        "*, ecs:RunTask, true",
        "*:*, ecs:RunTask, true",
        "ecs:*, ecs:RunTask, true",
        "ecs:Run*, ecs:RunTask, true",
        "ECS:runtask, ecs:RunTask, true",
        "ecs:?unTask, ecs:RunTask, true",
        "ecs:*T*k, ecs:RunTask, true",
        "ecs:RunTas, ecs:RunTask, false",
        "ecs:RunTask?, ecs:RunTask, false",
        "ecr:*, ecs:RunTask, false"
    })
    void matchesActions(String pattern, String action, boolean allowed) throws MalformedPolicyException {
        assertThat(allows("\"Action\":\"%s\",\"Resource\":\"*\"".formatted(pattern), action, "*", Map.of()))
                .isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "arn:aws:s3:::b/*, arn:aws:s3:::b/x/y:z, true",
        "arn:aws:s3:::B/*, arn:aws:s3:::b/x, false",
        "arn:aws:ecs:*:1:task/?, arn:aws:ecs:us-east-1:1:task/a, true",
        "arn:aws:ecs:*:1:task/?, arn:aws:ecs:us-east-1:2:task/a, false",
        // A wildcard does not reach over a colon within the first segments.
        "arn:aws:ecs:*:task/a, arn:aws:ecs:us-east-1:1:task/a, false",
        // What is left out may be anything.
        "arn:aws:sqs, arn:aws:sqs:us-east-1:1:q, true",
        "arn:aws:iam::*, arn:aws:iam::1:user/a, true",
        "arn:aws:sqs, arn:aws:sns:us-east-1:1:q, false",
        // What is about no resource in particular is matched by everything only.
        "arn:aws:ecs:*:*:*, *, false",
        "*, *, true"
    })
    void matchesResources(String pattern, String resource, boolean allowed) throws MalformedPolicyException {
        assertThat(allows(
                        "\"Action\":\"*\",\"Resource\":\"%s\"".formatted(pattern), "s3:GetObject", resource, Map.of()))
                .isEqualTo(allowed);
    }

    @Test
    void variablesStandForWhatTheRequestHas() throws MalformedPolicyException {
        String statement = "\"Action\":\"*\",\"Resource\":\"arn:aws:s3:::home/${aws:username}/*\"";
        Map<String, List<String>> ann = Map.of("aws:username", List.of("ann"));

        assertThat(allows(statement, "s3:GetObject", "arn:aws:s3:::home/ann/x", ann))
                .isTrue();
        assertThat(allows(statement, "s3:GetObject", "arn:aws:s3:::home/bob/x", ann))
                .isFalse();
        assertThat(allows(statement, "s3:GetObject", "arn:aws:s3:::home/ann/x", Map.of()))
                .isFalse();
        // A value's wildcards are none.
        assertThat(allows(statement, "s3:GetObject", "arn:aws:s3:::home/bob/x", Map.of("aws:username", List.of("*"))))
                .isFalse();
        assertThat(allows(
                        statement,
                        "s3:GetObject",
                        "arn:aws:s3:::home/bob/x",
                        Map.of("aws:username", List.of("\uFFFE"))))
                .isFalse();
    }

    @Test
    void policiesOf2008HaveNoVariables() throws MalformedPolicyException {
        Policy policy = Policy.parse("{\"Version\":\"2008-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\","
                + "\"Resource\":\"arn:aws:s3:::home/${aws:username}\"}}");
        ConditionValues ann = key -> key.equals("aws:username") ? List.of("ann") : null;

        assertThat(Evaluation.said(policy, "s3:GetObject", "arn:aws:s3:::home/ann", ann))
                .isEmpty();
        assertThat(Evaluation.said(policy, "s3:GetObject", "arn:aws:s3:::home/${aws:username}", ann))
                .contains(true);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"StringEquals\":{\"s3:prefix\":[\"a\",\"b\"]}} | b | true",
                "{\"StringEquals\":{\"S3:Prefix\":\"a\"}} | a | true",
                "{\"StringEquals\":{\"s3:prefix\":\"a*\"}} | ab | false",
                "{\"StringLike\":{\"s3:prefix\":\"a*\"}} | ab | true",
                "{\"StringNotEquals\":{\"s3:prefix\":[\"a\",\"b\"]}} | b | false",
                "{\"StringNotEquals\":{\"s3:prefix\":\"a\"}} | | true",
                "{\"StringEquals\":{\"s3:prefix\":\"a\"}} | | false",
                "{\"StringEqualsIfExists\":{\"s3:prefix\":\"a\"}} | | true",
                "{\"StringEqualsIgnoreCase\":{\"s3:prefix\":\"A\"}} | a | true",
                "{\"Null\":{\"s3:prefix\":\"true\"}} | | true",
                "{\"Null\":{\"s3:prefix\":false}} | x | true",
                "{\"Null\":{\"s3:prefix\":\"false\"}} | | false",
                "{\"NumericLessThanEquals\":{\"s3:prefix\":\"10\"}} | 10.0 | true",
                "{\"NumericGreaterThan\":{\"s3:prefix\":10}} | 10 | false",
                "{\"NumericEquals\":{\"s3:prefix\":\"10\"}} | ten | false",
                "{\"DateGreaterThan\":{\"s3:prefix\":\"2026-01-01T00:00:00Z\"}} | 2026-01-01T00:00:01Z | true",
                "{\"DateLessThan\":{\"s3:prefix\":\"2026-01-01\"}} | 2025-12-31T23:59:59Z | true",
                "{\"DateLessThan\":{\"s3:prefix\":\"2026-01-01T00:00:00Z\"}} | 1767225599 | true",
                "{\"Bool\":{\"s3:prefix\":\"true\"}} | True | true",
                "{\"BinaryEquals\":{\"s3:prefix\":\"QmluYXJ5\"}} | QmluYXJ5 | true",
                "{\"IpAddress\":{\"s3:prefix\":\"10.0.0.0/8\"}} | 10.255.0.1 | true",
                "{\"IpAddress\":{\"s3:prefix\":\"10.0.0.0/8\"}} | 11.0.0.1 | false",
                "{\"IpAddress\":{\"s3:prefix\":\"2001:db8::/32\"}} | 2001:DB8:1::7 | true",
                "{\"IpAddress\":{\"s3:prefix\":\"2001:db8::/33\"}} | 2001:db8:8000::7 | false",
                "{\"NotIpAddress\":{\"s3:prefix\":\"10.0.0.0/8\"}} | 10.1.1.1 | false",
                "{\"ArnLike\":{\"s3:prefix\":\"arn:aws:s3:::*\"}} | arn:aws:s3:::b | true",
                "{\"ArnNotEquals\":{\"s3:prefix\":\"arn:aws:s3:::*\"}} | arn:aws:sqs:r:1:q | true"
            })
    void operatorsCompare(String condition, String value, boolean allowed) throws MalformedPolicyException {
        Map<String, List<String>> context = value == null ? Map.of() : Map.of("s3:prefix", List.of(value));
        assertThat(allows(
                        "\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":" + condition,
                        "s3:ListBucket",
                        "*",
                        context))
                .isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "ForAllValues:StringEquals, a b, true",
        "ForAllValues:StringEquals, a c, false",
        "ForAllValues:StringEquals, , true",
        "ForAnyValue:StringEquals, a c, true",
        "ForAnyValue:StringEquals, c, false",
        "ForAnyValue:StringEquals, , false",
        "ForAnyValue:StringEqualsIfExists, , true",
        "ForAllValues:StringNotEquals, c d, true",
        "ForAllValues:StringNotEquals, a d, false",
        "ForAnyValue:StringNotEquals, a d, true"
    })
    void setOperatorsLookAtEachValue(String operator, String values, boolean allowed) throws MalformedPolicyException {
        String condition = "{\"%s\":{\"aws:TagKeys\":[\"a\",\"b\"]}}".formatted(operator);
        Map<String, List<String>> context =
                values == null ? Map.of() : Map.of("aws:tagkeys", List.of(values.split(" ")));
        assertThat(allows(
                        "\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":" + condition, "ecs:RunTask", "*", context))
                .isEqualTo(allowed);
    }

    @Test
    void allButWhatIsMineAllowsNothingToWhomNothingCanBeCalledMine() throws MalformedPolicyException {
        String statement = "\"Action\":\"*\",\"NotResource\":\"arn:aws:s3:::home/${aws:username}/*\"";

        assertThat(allows(statement, "s3:GetObject", "arn:aws:s3:::x", Map.of("aws:username", List.of("ann"))))
                .isTrue();
        assertThat(allows(statement, "s3:GetObject", "arn:aws:s3:::x", Map.of()))
                .isFalse();
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
                "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"b\"}} | Resource b must be in ARN",
                "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"arn:aws:s3:::${x\"},\"Version\":\"2012-10-17\"} | not closed",
                "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{\"Like\":{\"a:b\":\"c\"}}}} | Invalid Condition type : Like",
                "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{\"Bool\":{\"a:b\":\"c\"}}}} | is not valid for a Bool",
                "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{\"Bool\":{\"b\":\"true\"}}}} | prefaced by a vendor",
                "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Principal\":\"*\"}} | principal",
                "{\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"arn:error:s3:::b\"}} | Partition \"error\" is not valid",
                "{\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"arn:aws\"}} | vendor must be fully qualified",
                "{\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"arn:aws::::b\"}} | vendor must be fully qualified",
                "{\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"arn:aws:s3:us-east-1::b\"}} | cannot contain region information",
                "{\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"arn:aws:iam::123456789012:ann\"}} | IAM resource path must",
                "{\"Id\":{},\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}} | Id must be a string",
                "{\"Statement\":{\"Sid\":[],\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}} | Sid must be a string"
            })
    void refusesByName(String document, String named) {
        assertThatThrownBy(() -> Policy.parse(document))
                .isInstanceOf(MalformedPolicyException.class)
                .hasMessageContaining(named);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws:s3:::b",
                "arn:aws-cn:s3:::b",
                "arn:*:s3:::b",
                "arn:aws:s3",
                "arn:aws:sqs:eu-west-1",
                "arn:aws:iam::*:*",
                "arn:aws:iam::123456789012:role/*",
                "arn:aws:iam::123456789012:root",
                "arn:aws:s3:*:*:b",
                "arn:aws:*:us-east-1::b"
            })
    void takesResourcesThatMayBeAboutSomething(String resource) throws MalformedPolicyException {
        assertThat(Policy.parse("{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"%s\"}}"
                        .formatted(resource)))
                .isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"AWS\":\"arn:aws:iam::1:role/x\"} | Invalid principal in policy: \"AWS\":\"arn:aws:iam::1:role/x\"",
                "{\"AWS\":\"arn:aws:iam::123456789012:role/*\"} | Invalid principal",
                "{\"Service\":\"ssm\"} | Invalid principal in policy: \"SERVICE\":\"ssm\"",
                "{\"CanonicalUser\":\"abc\"} | CanonicalUser is not implemented",
                "{\"Federated\":\"accounts.google.com\"} | Invalid principal in policy: \"FEDERATED\"",
                "\"arn:aws:iam::123456789012:root\" | Principal must be"
            })
    void refusesPrincipalsByName(String principal, String named) {
        String document = "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Principal\":%s}}"
                .formatted(principal);
        assertThatThrownBy(() -> Policy.parseTrustPolicy(document))
                .isInstanceOf(MalformedPolicyException.class)
                .hasMessageContaining(named);
    }

    @ParameterizedTest
    @CsvSource({
        "arn:aws:iam::123456789012:root, false, IDENTITY",
        "123456789012, false, IDENTITY",
        "arn:aws:iam::123456789012:user/ann, true,",
        "arn:aws:iam::123456789012:user/bob, false, RESOURCE",
        "*, true,",
        "arn:aws:iam::999999999999:root, false, RESOURCE"
    })
    void aTrustPolicyMustNameTheCaller(String principal, boolean allowed, PolicyKind kind)
            throws MalformedPolicyException {
        Policy trust = Policy.parseTrustPolicy(
                "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Principal\":{\"AWS\":\"%s\"}}}"
                        .formatted(principal));
        AccessRequest assuming = new AccessRequest(
                "sts:AssumeRole", "arn:aws:iam::123456789012:role/r", Optional.empty(), Map.of(), "123456789012", true);

        Decision decision =
                Evaluation.decide(Subject.of(USER), assuming, PolicySet.NONE, Optional.of(trust), key -> null);

        assertThat(decision.isAllowed()).isEqualTo(allowed);
        if (!allowed) {
            assertThat(decision).isEqualTo(Decision.missing(kind));
        }
    }

    @Test
    void servicesAreNamedAsServices() throws MalformedPolicyException {
        Policy trust = Policy.parseTrustPolicy("{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\","
                + "\"Principal\":{\"Service\":\"ecs-tasks.amazonaws.com\"}}}");
        AccessRequest assuming = new AccessRequest(
                "sts:AssumeRole", "arn:aws:iam::123456789012:role/r", Optional.empty(), Map.of(), "123456789012", true);

        for (String service : List.of("ecs-tasks.amazonaws.com", "ecs.amazonaws.com")) {
            Subject subject = Subject.of(Caller.service("123456789012", service));
            assertThat(Evaluation.decide(subject, assuming, PolicySet.NONE, Optional.of(trust), key -> null)
                            .isAllowed())
                    .isEqualTo(service.startsWith("ecs-tasks"));
        }
    }

    private static boolean allows(String statement, String action, String resource, Map<String, List<String>> context)
            throws MalformedPolicyException {
        Policy policy =
                Policy.parse("{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\"," + statement + "}]}");
        return Evaluation.said(policy, action, resource, context::get).orElse(false);
    }
}
