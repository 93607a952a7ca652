package dev.groundplane.services.cloudtrail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BucketPolicyTest {
    private static final String ALLOW = """
            {"Effect": "Allow", "Principal": {"Service": ["logs.amazonaws.com", "cloudtrail.amazonaws.com"]},
             "Action": ["s3:Put*"], "Resource": "arn:aws:s3:::b/AWSLogs/*"%s}""";

    private static boolean allows(String... statements) {
        String document = "{\"Statement\": [" + String.join(",", statements) + "]}";
        return new BucketPolicy(document, "cloudtrail.amazonaws.com", Map.of("aws:sourceaccount", "1"))
                .allows("s3:PutObject", "arn:aws:s3:::b/AWSLogs/1/x");
    }

    @Test
    void anAllowThatFitsAllows() {
        assertThat(allows(ALLOW.formatted(""))).isTrue();
        assertThat(allows(ALLOW.formatted("").replace("cloudtrail", "config"))).isFalse();
        assertThat(allows(ALLOW.formatted("").replace("s3:Put", "s3:Get"))).isFalse();
        assertThat(allows(ALLOW.formatted("").replace("/AWSLogs", "/elsewhere")))
                .isFalse();
    }

    @Test
    void conditionsMustHold() {
        String condition = ", \"Condition\": {\"%s\": {\"%s\": \"%s\"}}";
        assertThat(allows(ALLOW.formatted(condition.formatted("StringEquals", "aws:SourceAccount", "1"))))
                .isTrue();
        assertThat(allows(ALLOW.formatted(condition.formatted("StringEquals", "aws:SourceAccount", "2"))))
                .isFalse();
        assertThat(allows(ALLOW.formatted(condition.formatted("StringEquals", "aws:Unknown", "1"))))
                .isFalse();
        assertThat(allows(ALLOW.formatted(condition.formatted("NewOperator", "aws:SourceAccount", "1"))))
                .isFalse();
    }

    @Test
    void aDenyWinsUnlessItsConditionDoesNotHold() {
        String deny = """
                {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*",
                 "Condition": {"StringNotEquals": {"aws:SourceAccount": "%s"}}}""";
        assertThat(allows(ALLOW.formatted(""), deny.formatted("2"))).isFalse();
        assertThat(allows(ALLOW.formatted(""), deny.formatted("1"))).isTrue();
    }

    @Test
    void whatIsNoPolicyAllowsNothing() {
        assertThat(new BucketPolicy("{", "cloudtrail.amazonaws.com", Map.of()).allows("s3:PutObject", "x"))
                .isFalse();
    }
}
