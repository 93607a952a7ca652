package dev.groundplane.platform.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Random policies and questions over a small vocabulary, so that they often have to do with each other. */
final class RandomPolicies {
    static final String ACCOUNT = "111111111111";
    static final String OTHER = "222222222222";
    static final String USER = "arn:aws:iam::111111111111:user/team/ann";
    static final String ROLE = "arn:aws:iam::111111111111:role/team/worker";
    static final String SESSION = "arn:aws:sts::111111111111:assumed-role/worker/night";
    static final String ROOT = "arn:aws:iam::111111111111:root";

    private static final List<String> ACTIONS =
            List.of("s3:GetObject", "s3:PutObject", "ecs:RunTask", "sqs:SendMessage");
    private static final List<String> ACTION_PATTERNS = List.of(
            "*",
            "s3:*",
            "s3:Get*",
            "S3:getobject",
            "s3:?utObject",
            "ecs:Run*",
            "ecs:RunTask",
            "sqs:*",
            "iam:*",
            "s3:*Object");
    private static final List<String> RESOURCES = List.of(
            "arn:aws:s3:::data/ann/x",
            "arn:aws:s3:::data/bob/y",
            "arn:aws:s3:::data/*",
            "arn:aws:sqs:us-east-1:111111111111:q",
            "arn:aws:ecs:us-east-1:222222222222:task/a:b",
            "*");
    private static final List<String> RESOURCE_PATTERNS = List.of(
            "*",
            "arn:aws:s3:::data/*",
            "arn:aws:s3:::data/${aws:username}/*",
            "arn:aws:s3:::data/${aws:PrincipalTag/team, 'ann'}/*",
            "arn:aws:s3:::data/${aws:PrincipalTag/team}/*",
            "arn:aws:s3:::data/${*}",
            "arn:aws:s3:*",
            "arn:aws:*:*:111111111111:*",
            "arn:aws:sqs:*:*:?",
            "arn:aws:ecs:us-*:222222222222:task/*",
            "arn:aws:ecs:us-east-1",
            "arn:*:s3:::data/ann/?");
    private static final List<String> KEYS = List.of(
            "aws:username",
            "aws:PrincipalTag/team",
            "aws:SourceIp",
            "aws:TagKeys",
            "s3:max-keys",
            "aws:CurrentTime",
            "aws:SecureTransport",
            "aws:SourceArn");

    private final Random random;

    RandomPolicies(long seed) {
        random = new Random(seed);
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private <T> List<T> some(int most, Supplier<T> make) {
        return IntStream.range(0, 1 + random.nextInt(most))
                .mapToObj(i -> make.get())
                .toList();
    }

    private static String quoted(List<String> texts) {
        return "[\"" + String.join("\",\"", texts) + "\"]";
    }

    PolicyOracle.Case next() {
        String type = one(List.of("Root", "User", "User", "Role", "Role", "Role"));
        boolean role = type.equals("Role");
        String arn = role ? ROLE : type.equals("User") ? USER : ROOT;
        String resource = one(RESOURCES);
        String owner =
                resource.contains(OTHER) ? OTHER : resource.startsWith("arn:aws:s3") && chance(30) ? OTHER : ACCOUNT;
        return new PolicyOracle.Case(
                type,
                ACCOUNT,
                arn,
                role ? SESSION : arn,
                one(ACTIONS),
                resource,
                owner,
                context(type),
                chance(30) ? some(2, () -> some(2, () -> policy(80, false))) : List.of(),
                type.equals("Root") ? List.of() : some(2, () -> policy(85, false)),
                !type.equals("Root") && chance(25) ? Optional.of(policy(85, false)) : Optional.empty(),
                role && chance(25) ? Optional.of(some(2, () -> policy(85, false))) : Optional.empty(),
                chance(50) ? Optional.of(policy(80, true)) : Optional.empty());
    }

    private Map<String, List<String>> context(String type) {
        Map<String, List<String>> context = new HashMap<>();
        if (type.equals("User")) {
            context.put("aws:username", List.of("ann"));
        }
        maybe(context, "aws:principaltag/team", List.of("ann", "bob", "*", "Ann", "$x"));
        maybe(context, "aws:sourceip", List.of("10.1.2.3", "192.0.2.7", "2001:db8::1", "not an address"));
        maybe(context, "s3:max-keys", List.of("10", "10.0", "100", "many", "-1"));
        maybe(context, "aws:currenttime", List.of("2026-01-01T00:00:00Z", "2026-06-01T12:00:00Z"));
        maybe(context, "aws:securetransport", List.of("true", "false"));
        maybe(
                context,
                "aws:sourcearn",
                List.of("arn:aws:s3:::data/ann/x", "arn:aws:sns:us-east-1:111111111111:t", "none"));
        if (chance(60)) {
            context.put("aws:tagkeys", List.copyOf(new TreeSet<>(some(3, () -> one(List.of("a", "b", "c"))))));
        }
        return context;
    }

    private void maybe(Map<String, List<String>> context, String key, List<String> values) {
        if (chance(60)) {
            context.put(key, List.of(one(values)));
        }
    }

    private String policy(int allowPercent, boolean withPrincipal) {
        List<String> statements = some(3, () -> statement(allowPercent, withPrincipal));
        String version = chance(85) ? "\"Version\":\"2012-10-17\"," : chance(50) ? "\"Version\":\"2008-10-17\"," : "";
        return "{" + version + "\"Statement\":[" + String.join(",", statements) + "]}";
    }

    private String statement(int allowPercent, boolean withPrincipal) {
        List<String> members = new ArrayList<>();
        members.add("\"Effect\":\"" + (chance(allowPercent) ? "Allow" : "Deny") + "\"");
        members.add((chance(88) ? "\"Action\":" : "\"NotAction\":") + quoted(some(2, () -> one(ACTION_PATTERNS))));
        members.add(
                (chance(88) ? "\"Resource\":" : "\"NotResource\":") + quoted(some(2, () -> one(RESOURCE_PATTERNS))));
        if (withPrincipal) {
            String principal = chance(20)
                    ? "\"*\""
                    : "{\"AWS\":"
                            + quoted(some(
                                    2,
                                    () -> one(List.of(
                                            "*",
                                            ACCOUNT,
                                            ROOT,
                                            USER,
                                            ROLE,
                                            SESSION,
                                            OTHER,
                                            "arn:aws:iam::111111111111:user/bob"))))
                            + "}";
            members.add((chance(92) ? "\"Principal\":" : "\"NotPrincipal\":") + principal);
        }
        if (chance(45)) {
            members.add("\"Condition\":" + condition());
        }
        return "{" + String.join(",", members) + "}";
    }

    private String condition() {
        Map<String, String> conditions = new HashMap<>();
        for (int i = 0; i <= random.nextInt(2); i++) {
            String key = one(KEYS);
            String sets = chance(20) ? one(List.of("ForAllValues:", "ForAnyValue:")) : "";
            String exists = chance(15) ? "IfExists" : "";
            if (chance(8)) {
                conditions.put("Null", "{\"" + key + "\":\"" + one(List.of("true", "false")) + "\"}");
                continue;
            }
            String operator = one(operators(key));
            String values = quoted(some(2, () -> one(values(operator))));
            conditions.put(sets + operator + exists, "{\"" + key + "\":" + values + "}");
        }
        List<String> members = new ArrayList<>();
        conditions.forEach((operator, value) -> members.add("\"" + operator + "\":" + value));
        return "{" + String.join(",", members) + "}";
    }

    private static List<String> operators(String key) {
        return switch (key) {
            case "aws:SourceIp" -> List.of("IpAddress", "NotIpAddress");
            case "s3:max-keys" ->
                List.of("NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericGreaterThanEquals");
            case "aws:CurrentTime" -> List.of("DateLessThan", "DateGreaterThan");
            case "aws:SecureTransport" -> List.of("Bool");
            case "aws:SourceArn" -> List.of("ArnLike", "ArnNotLike", "ArnEquals", "ArnNotEquals");
            default ->
                List.of(
                        "StringEquals",
                        "StringNotEquals",
                        "StringLike",
                        "StringNotLike",
                        "StringEqualsIgnoreCase",
                        "StringNotEqualsIgnoreCase");
        };
    }

    private static List<String> values(String operator) {
        if (operator.contains("Ip")) {
            return List.of("10.0.0.0/8", "192.0.2.0/29", "192.0.2.7", "0.0.0.0/0", "10.1.2.2/31");
        }
        if (operator.startsWith("Numeric")) {
            return List.of("10", "50", "100.0", "-1");
        }
        if (operator.startsWith("Date")) {
            return List.of("2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z");
        }
        if (operator.equals("Bool")) {
            return List.of("true", "false", "TRUE");
        }
        if (operator.startsWith("Arn")) {
            return List.of(
                    "arn:aws:s3:::data/*", "arn:aws:sns:*:111111111111:?", "arn:aws:s3:::data/${aws:username}/x", "*");
        }
        return List.of(
                "ann",
                "b?b",
                "a*",
                "ANN",
                "a",
                "b",
                "${aws:PrincipalTag/team}",
                "${aws:username, 'bob'}",
                "${*}",
                "${$}x");
    }
}
