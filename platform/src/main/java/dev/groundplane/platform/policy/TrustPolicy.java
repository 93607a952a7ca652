package dev.groundplane.platform.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.groundplane.platform.identity.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Who may assume a role: services by name, accounts, and roles. Immutable. */
public final class TrustPolicy {
    private static final String ASSUME_ROLE = "sts:AssumeRole";

    private record Trust(boolean allows, List<String> services, List<String> identities) {
        boolean isAbout(Caller caller) {
            return caller.isService()
                    ? services.contains(caller.arn())
                    : identities.stream().anyMatch(identity -> names(identity, caller));
        }

        private static boolean names(String identity, Caller caller) {
            return identity.equals(caller.account())
                    || identity.equals("arn:aws:iam::" + caller.account() + ":root")
                    || identity.equals(caller.arn())
                    || isRoleOf(identity, caller);
        }

        /** A session's ARN has its role's name but not its path. */
        private static boolean isRoleOf(String identity, Caller caller) {
            String prefix = "arn:aws:iam::" + caller.account() + ":role/";
            return identity.startsWith(prefix)
                    && caller.roleName()
                            .filter(identity.substring(identity.lastIndexOf('/') + 1)::equals)
                            .isPresent();
        }
    }

    private final List<Trust> statements;

    private TrustPolicy(List<Trust> statements) {
        this.statements = List.copyOf(statements);
    }

    /** @throws MalformedPolicyException when the document is malformed, or asks for what is not implemented */
    public static TrustPolicy parse(String json) throws MalformedPolicyException {
        List<Trust> statements = new ArrayList<>();
        for (ObjectNode statement : Document.statements(json)) {
            statements.add(trust(statement));
        }
        return new TrustPolicy(statements);
    }

    private static Trust trust(ObjectNode json) throws MalformedPolicyException {
        for (Map.Entry<String, JsonNode> member : json.properties()) {
            switch (member.getKey()) {
                case "Sid", "Effect", "Action", "Principal" -> {}
                case "Condition", "NotPrincipal", "NotAction" -> throw Document.notImplemented(member.getKey());
                case "Resource", "NotResource" ->
                    throw new MalformedPolicyException("Has prohibited field " + member.getKey());
                default -> throw new MalformedPolicyException("Syntax error: unknown member " + member.getKey());
            }
        }
        for (String action : Document.texts("Action", json.path("Action"))) {
            if (!action.equalsIgnoreCase(ASSUME_ROLE)) {
                throw Document.notImplemented("The Action '%s' (a trust policy has %s)".formatted(action, ASSUME_ROLE));
            }
        }
        if (!(json.path("Principal") instanceof ObjectNode principal) || principal.isEmpty()) {
            throw new MalformedPolicyException(
                    "AssumeRole policy must contain a Principal with a Service or AWS member; '*' is not implemented.");
        }
        List<String> services = List.of();
        List<String> identities = List.of();
        for (Map.Entry<String, JsonNode> kind : principal.properties()) {
            switch (kind.getKey()) {
                case "Service" -> services = services(kind.getValue());
                case "AWS" -> identities = identities(kind.getValue());
                default -> throw Document.notImplemented("The Principal " + kind.getKey());
            }
        }
        return new Trust(Document.allows(json), services, identities);
    }

    private static List<String> services(JsonNode value) throws MalformedPolicyException {
        List<String> services = Document.texts("Principal.Service", value);
        for (String service : services) {
            if (!service.matches("[a-z0-9.-]+\\.amazonaws\\.com")) {
                throw new MalformedPolicyException(
                        "Invalid principal in policy: \"SERVICE\":\"%s\"".formatted(service));
            }
        }
        return services;
    }

    private static List<String> identities(JsonNode value) throws MalformedPolicyException {
        List<String> identities = Document.texts("Principal.AWS", value);
        for (String identity : identities) {
            if (!identity.matches(
                    "[0-9]{12}|arn:aws:iam::[0-9]{12}:(root|role/.+)|arn:aws:sts::[0-9]{12}:assumed-role/.+")) {
                throw new MalformedPolicyException(
                        "Invalid principal in policy: \"AWS\":\"%s\"; an account, its root, a role or a session is one"
                                .formatted(identity));
            }
        }
        return identities;
    }

    /** Whether {@code caller} may assume the role, as far as the role is concerned. */
    public boolean trusts(Caller caller) {
        return statements.stream().anyMatch(s -> s.allows() && s.isAbout(caller))
                && statements.stream().noneMatch(s -> !s.allows() && s.isAbout(caller));
    }
}
