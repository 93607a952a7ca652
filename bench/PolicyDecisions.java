import dev.groundplane.platform.identity.Caller;
import dev.groundplane.platform.policy.AccessRequest;
import dev.groundplane.platform.policy.ConditionValues;
import dev.groundplane.platform.policy.Decision;
import dev.groundplane.platform.policy.Evaluation;
import dev.groundplane.platform.policy.MalformedPolicyException;
import dev.groundplane.platform.policy.Policy;
import dev.groundplane.platform.policy.PolicySet;
import dev.groundplane.platform.policy.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Times decisions against many attached policies, in rounds in which the cases take turns. Arguments: policies, rounds,
 * decisions per round, rounds to warm up. Prints one line per case and round: its name, a tab, nanoseconds per decision.
 */
final class PolicyDecisions {
    private static final String ACCOUNT = "123456789012";
    private static final Subject ANN =
            Subject.of(Caller.user(ACCOUNT, "arn:aws:iam::" + ACCOUNT + ":user/desk/ann", "AIDAANN", "AKIAANN"));
    private static final Map<String, List<String>> VALUES = Map.of(
            "aws:sourceip", List.of("10.1.2.3"),
            "aws:currenttime", List.of("2026-01-15T12:00:00Z"),
            "aws:principaltag/desk", List.of("rates"),
            "aws:resourcetag/desk", List.of("rates"),
            "aws:username", List.of("ann"));

    /** One case; what it must come to is checked, so that no mistake is timed. */
    private record Case(String name, PolicySet policies, AccessRequest request, boolean allowed) {
        long nanosecondsPerDecision(int decisions) {
            ConditionValues values = VALUES::get;
            int allowedCount = 0;
            long begun = System.nanoTime();
            for (int i = 0; i < decisions; i++) {
                Decision decision = Evaluation.decide(ANN, request, policies, Optional.empty(), values);
                if (decision.isAllowed()) {
                    allowedCount++;
                }
            }
            long taken = System.nanoTime() - begun;
            if (allowedCount != (allowed ? decisions : 0)) {
                throw new IllegalStateException(name + " was decided otherwise");
            }
            return taken / decisions;
        }
    }

    public static void main(String[] arguments) throws MalformedPolicyException {
        int policies = Integer.parseInt(arguments[0]);
        int rounds = Integer.parseInt(arguments[1]);
        int decisions = Integer.parseInt(arguments[2]);
        int warmUps = Integer.parseInt(arguments[3]);
        List<Case> cases = cases(policies);
        for (int round = -warmUps; round < rounds; round++) {
            for (Case one : cases) {
                long nanoseconds = one.nanosecondsPerDecision(decisions);
                if (round >= 0) {
                    System.out.println(one.name() + "\t" + nanoseconds);
                }
            }
        }
    }

    private static List<Case> cases(int count) throws MalformedPolicyException {
        List<Policy> attached = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            attached.add(Policy.parse(typical(i)));
        }
        List<Policy> sameAction = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sameAction.add(Policy.parse(aboutOneAction(i)));
        }
        Policy everything = Policy.parse(EVERYTHING);
        PolicySet identity = PolicySet.ofIdentity(attached);
        PolicySet layered = new PolicySet(
                IntStream.range(0, 3).mapToObj(level -> List.of(everything)).toList(),
                attached,
                Optional.of(everything),
                Optional.of(List.of(everything)));
        String last = "arn:aws:s3:::desk-%d/prices/2026/x.parquet".formatted(count - 1);
        return List.of(
                new Case("allowed by the last policy", identity, AccessRequest.on("s3:GetObject", last), true),
                new Case("allowed, with three levels of control policies, a boundary and a session policy", layered,
                        AccessRequest.on("s3:GetObject", last), true),
                new Case("denied by the last policy", identity, AccessRequest.on("s3:DeleteObject", last), false),
                new Case("denied because none allows", identity, AccessRequest.on("s3:GetObject",
                        "arn:aws:s3:::elsewhere/x"), false),
                new Case("denied because every condition fails", PolicySet.ofIdentity(sameAction),
                        AccessRequest.on("ecs:RunTask", "arn:aws:ecs:us-east-1:" + ACCOUNT + ":task-definition/risk:3"),
                        false));
    }

    private static final String EVERYTHING = """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""";

    /** Four statements as people write them: reads under a tag, a listing from the house's network, tasks, a Deny. */
    private static String typical(int number) {
        return """
                {"Version":"2012-10-17","Statement":[
                 {"Effect":"Allow","Action":["s3:GetObject","s3:GetObjectVersion"],
                  "Resource":"arn:aws:s3:::desk-%1$d/prices/*",
                  "Condition":{"StringEquals":{"aws:PrincipalTag/desk":"rates"}}},
                 {"Effect":"Allow","Action":"s3:List*","Resource":"arn:aws:s3:::desk-%1$d",
                  "Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}},
                 {"Effect":"Allow","Action":["ecs:RunTask","ecs:StopTask","ecs:DescribeTasks"],
                  "Resource":"arn:aws:ecs:*:123456789012:task-definition/desk-%1$d-*",
                  "Condition":{"StringEquals":{"aws:ResourceTag/desk":"${aws:PrincipalTag/desk}"}}},
                 {"Effect":"Deny","Action":"s3:DeleteObject","Resource":"arn:aws:s3:::desk-%1$d/prices/*",
                  "Condition":{"DateGreaterThan":{"aws:CurrentTime":"2020-01-01T00:00:00Z"}}}]}"""
                .formatted(number);
    }

    /** Two statements that are about the same action on the same resource, and whose conditions do not hold. */
    private static String aboutOneAction(int number) {
        return """
                {"Version":"2012-10-17","Statement":[
                 {"Effect":"Allow","Action":"ecs:RunTask","Resource":"arn:aws:ecs:*:123456789012:task-definition/risk:*",
                  "Condition":{"StringLike":{"aws:username":"desk-%1$d-*"},"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}},
                 {"Effect":"Allow","Action":"ecs:*","Resource":"*",
                  "Condition":{"IpAddress":{"aws:SourceIp":"192.168.%1$d.0/24"},
                               "DateLessThan":{"aws:CurrentTime":"2030-01-01T00:00:00Z"}}}]}"""
                .formatted(number);
    }
}
