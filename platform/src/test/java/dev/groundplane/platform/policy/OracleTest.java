package dev.groundplane.platform.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.platform.identity.Caller;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The evaluation against a second one that shares no code with it, on random policies and requests. */
class OracleTest {
    private static final int CASES = 100_000;
    private static final long SEED = 20_260_115;

    @Test
    void decidesAsTheOracleDoes() throws MalformedPolicyException {
        RandomPolicies random = new RandomPolicies(SEED);
        Map<String, Integer> outcomes = new HashMap<>();
        for (int i = 0; i < CASES; i++) {
            PolicyOracle.Case asked = random.next();
            String expected = PolicyOracle.decide(asked);
            Decision decision = decide(asked);
            if (!text(decision).equals(expected)) {
                assertThat(text(decision)).as("case %d: %s", i, asked).isEqualTo(expected);
            }
            outcomes.merge(expected, 1, Integer::sum);
        }
        // A vocabulary in which something never happens would prove nothing about it.
        assertThat(outcomes)
                .containsOnlyKeys(
                        "ALLOW",
                        "DENY SERVICE_CONTROL",
                        "DENY RESOURCE",
                        "DENY IDENTITY",
                        "DENY BOUNDARY",
                        "DENY SESSION",
                        "MISSING SERVICE_CONTROL",
                        "MISSING RESOURCE",
                        "MISSING IDENTITY",
                        "MISSING BOUNDARY",
                        "MISSING SESSION");
        assertThat(outcomes.values()).allMatch(count -> count > 300);
    }

    private static String text(Decision decision) {
        return switch (decision.outcome()) {
            case ALLOWED -> "ALLOW";
            case EXPLICIT_DENY -> "DENY " + decision.kind();
            case IMPLICIT_DENY -> "MISSING " + decision.kind();
        };
    }

    private static Decision decide(PolicyOracle.Case asked) throws MalformedPolicyException {
        Caller caller = switch (asked.type()) {
            case "Root" -> Caller.root(asked.account(), "AKIA");
            case "User" -> Caller.user(asked.account(), asked.userArn(), "AIDA1", "AKIA");
            default -> Caller.session(asked.account(), "worker", "AROA1", "night", "ASIA");
        };
        List<List<Policy>> controls = new ArrayList<>();
        for (List<String> level : asked.controls()) {
            controls.add(parsed(level));
        }
        Optional<Policy> boundary = asked.boundary().isPresent()
                ? Optional.of(Policy.parse(asked.boundary().get()))
                : Optional.empty();
        Optional<List<Policy>> session =
                asked.session().isPresent() ? Optional.of(parsed(asked.session().get())) : Optional.empty();
        Optional<Policy> resource = asked.resourcePolicy().isPresent()
                ? Optional.of(Policy.parseResourcePolicy(asked.resourcePolicy().get()))
                : Optional.empty();
        return Evaluation.decide(
                new Subject(caller, asked.userArn()),
                AccessRequest.on(asked.action(), asked.resource()).ownedBy(asked.owner()),
                new PolicySet(controls, parsed(asked.identity()), boundary, session),
                resource,
                asked.context()::get);
    }

    private static List<Policy> parsed(List<String> documents) throws MalformedPolicyException {
        List<Policy> policies = new ArrayList<>();
        for (String document : documents) {
            policies.add(Policy.parse(document));
        }
        return policies;
    }
}
