package dev.groundplane.platform.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * One statement of an identity policy, on every resource.
 *
 * @param allows whether its effect is Allow; else Deny
 * @param except whether it is about every action but these
 * @param actions patterns such as {@code ecs:Describe*}
 */
record Statement(boolean allows, boolean except, List<String> actions) {
    static Statement of(ObjectNode json) throws MalformedPolicyException {
        for (Map.Entry<String, JsonNode> member : json.properties()) {
            switch (member.getKey()) {
                case "Sid", "Effect", "Action", "NotAction", "Resource" -> {}
                case "NotResource", "Condition" -> throw Document.notImplemented(member.getKey());
                case "Principal", "NotPrincipal" ->
                    throw new MalformedPolicyException("Policy document should not specify a principal.");
                default -> throw new MalformedPolicyException("Syntax error: unknown member " + member.getKey());
            }
        }
        if (json.has("Action") == json.has("NotAction")) {
            throw new MalformedPolicyException("Policy statement must contain actions: one of Action and NotAction.");
        }
        checkResource(json.path("Resource"));
        String member = json.has("Action") ? "Action" : "NotAction";
        return new Statement(Document.allows(json), member.equals("NotAction"), actions(member, json.get(member)));
    }

    private static void checkResource(JsonNode resource) throws MalformedPolicyException {
        if (resource.isMissingNode() || (resource.isEmpty() && resource.isContainerNode())) {
            throw new MalformedPolicyException("Policy statement must contain resources.");
        }
        for (String one : Document.texts("Resource", resource)) {
            if (!one.equals("*")) {
                throw new MalformedPolicyException(
                        "The Resource '%s' is not implemented by this release of Groundplane: only \"*\" is;"
                                        .formatted(one)
                                + " a later release tells resources apart.");
            }
        }
    }

    private static List<String> actions(String member, JsonNode value) throws MalformedPolicyException {
        List<String> actions = Document.texts(member, value);
        if (actions.isEmpty()) {
            throw new MalformedPolicyException("Policy statement must contain actions.");
        }
        for (String action : actions) {
            if (!action.equals("*") && !action.matches("[A-Za-z0-9-]+:[A-Za-z0-9*?]+")) {
                throw new MalformedPolicyException(
                        "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.; found '%s'"
                                .formatted(action));
            }
        }
        return actions;
    }

    boolean isAbout(String action) {
        return actions.stream().anyMatch(pattern -> Wildcard.matches(pattern, action)) != except;
    }
}
