package dev.groundplane.platform.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.groundplane.platform.identity.Caller;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustPolicyTest {
    private static final String ACCOUNT = "123456789012";
    private static final Caller ROOT = Caller.root(ACCOUNT, "AKIA");
    private static final Caller SESSION = Caller.session(ACCOUNT, "Worker", "AROA1", "s", "ASIA");
    private static final Caller TASKS = Caller.service(ACCOUNT, "ecs-tasks.amazonaws.com");

    @Test
    void trustsAServiceByName() throws MalformedPolicyException {
        TrustPolicy policy = trust("Allow", "{\"Service\":[\"ssm.amazonaws.com\",\"ecs-tasks.amazonaws.com\"]}");

        assertThat(policy.trusts(TASKS)).isTrue();
        assertThat(policy.trusts(Caller.service(ACCOUNT, "ecs.amazonaws.com"))).isFalse();
        assertThat(policy.trusts(ROOT)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "123456789012, true, true",
        "arn:aws:iam::123456789012:root, true, true",
        "arn:aws:iam::123456789012:role/Worker, false, true",
        "arn:aws:iam::123456789012:role/team/Worker, false, true",
        "arn:aws:iam::123456789012:role/Other, false, false",
        "arn:aws:sts::123456789012:assumed-role/Worker/s, false, true",
        "arn:aws:sts::123456789012:assumed-role/Worker/t, false, false",
        "arn:aws:iam::999999999999:role/Worker, false, false",
        "999999999999, false, false"
    })
    void trustsIdentities(String identity, boolean root, boolean session) throws MalformedPolicyException {
        TrustPolicy policy = trust("Allow", "{\"AWS\":\"" + identity + "\"}");

        assertThat(policy.trusts(ROOT)).isEqualTo(root);
        assertThat(policy.trusts(SESSION)).isEqualTo(session);
        assertThat(policy.trusts(TASKS)).isFalse();
    }

    @Test
    void aDenialWins() throws MalformedPolicyException {
        TrustPolicy policy = TrustPolicy.parse("""
                {"Statement":[
                  {"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"},
                  {"Effect":"Deny","Principal":{"AWS":"arn:aws:iam::123456789012:role/Worker"},"Action":"sts:AssumeRole"}]}
                """);

        assertThat(policy.trusts(ROOT)).isTrue();
        assertThat(policy.trusts(SESSION)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"*\" | must contain a Principal",
                "{\"Federated\":\"x\"} | Federated",
                "{\"AWS\":\"bob\"} | \"AWS\":\"bob\"",
                "{\"Service\":\"ssm\"} | \"SERVICE\":\"ssm\"",
                "{} | must contain a Principal"
            })
    void refusesPrincipalsByName(String principal, String named) {
        assertThatThrownBy(() -> trust("Allow", principal))
                .isInstanceOf(MalformedPolicyException.class)
                .hasMessageContaining(named);
    }

    @Test
    void refusesOtherMembersByName() {
        String rest = "\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"123456789012\"}";
        assertThatThrownBy(
                        () -> TrustPolicy.parse("{\"Statement\":{%s,\"Action\":\"sts:TagSession\"}}".formatted(rest)))
                .hasMessageContaining("sts:TagSession");
        assertThatThrownBy(() -> TrustPolicy.parse(
                        "{\"Statement\":{%s,\"Action\":\"sts:AssumeRole\",\"Resource\":\"*\"}}".formatted(rest)))
                .hasMessage("Has prohibited field Resource");
        assertThatThrownBy(() -> TrustPolicy.parse(
                        "{\"Statement\":{%s,\"Action\":\"sts:AssumeRole\",\"Condition\":{}}}".formatted(rest)))
                .hasMessageContaining("Condition");
    }

    private static TrustPolicy trust(String effect, String principal) throws MalformedPolicyException {
        return TrustPolicy.parse(
                "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"%s\",\"Principal\":%s,\"Action\":\"sts:AssumeRole\"}}"
                        .formatted(effect, principal));
    }
}
