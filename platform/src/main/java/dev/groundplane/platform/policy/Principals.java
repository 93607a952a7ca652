package dev.groundplane.platform.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.groundplane.platform.identity.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Whom a statement of a resource-based policy is about. Source: IAM User Guide, "IAM JSON policy elements: Principal".
 *
 * @param everyone whether it is {@code *}
 * @param identities accounts (twelve digits) and ARNs
 */
record Principals(boolean everyone, List<String> identities, List<String> services, List<String> providers) {
    /** How a policy names a caller. What is later is more. */
    enum Named {
        NOT,
        /** By its account, which leaves to the account's policies who of it may. */
        BY_ACCOUNT,
        /** As everyone, as its user or role, as a service or an identity provider. */
        ITSELF,
        /** As the session that it is. */
        AS_SESSION
    }

    private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");
    private static final Pattern ROOT = Pattern.compile("arn:aws:iam::([0-9]{12}):root");
    private static final Pattern IDENTITY = Pattern.compile(
            "arn:aws:(iam::[0-9]{12}:(user|role)/[^*?]+|sts::[0-9]{12}:(assumed-role/[^*?/]+|federated-user)/[^*?/]+)");
    private static final Pattern SERVICE = Pattern.compile("[a-z0-9.-]+\\.amazonaws\\.com");
    private static final Pattern PROVIDER = Pattern.compile("arn:aws:iam::[0-9]{12}:oidc-provider/.+");

    static Principals of(JsonNode json) throws MalformedPolicyException {
        if (json.isTextual() && json.asText().equals("*")) {
            return new Principals(true, List.of(), List.of(), List.of());
        }
        if (!(json instanceof ObjectNode object) || object.isEmpty()) {
            throw new MalformedPolicyException("Principal must be \"*\" or have a member AWS, Service or Federated.");
        }
        List<String> identities = new ArrayList<>();
        List<String> services = new ArrayList<>();
        List<String> providers = new ArrayList<>();
        boolean everyone = false;
        for (Map.Entry<String, JsonNode> kind : object.properties()) {
            for (String text : Document.texts("Principal", kind.getValue())) {
                switch (kind.getKey()) {
                    case "AWS" -> {
                        everyone |= text.equals("*");
                        if (!text.equals("*")) {
                            identities.add(identity(text));
                        }
                    }
                    case "Service" -> services.add(valid(SERVICE, "SERVICE", text));
                    case "Federated" -> providers.add(valid(PROVIDER, "FEDERATED", text));
                    case "CanonicalUser" -> throw Document.notImplemented("The Principal CanonicalUser");
                    default ->
                        throw new MalformedPolicyException(
                                "Invalid principal in policy: \"%s\"".formatted(kind.getKey()));
                }
            }
        }
        return new Principals(everyone, List.copyOf(identities), List.copyOf(services), List.copyOf(providers));
    }

    /** Roots are kept as their account. */
    private static String identity(String text) throws MalformedPolicyException {
        var root = ROOT.matcher(text);
        if (root.matches()) {
            return root.group(1);
        }
        if (!ACCOUNT.matcher(text).matches() && !IDENTITY.matcher(text).matches()) {
            throw invalid("AWS", text);
        }
        return text;
    }

    private static String valid(Pattern form, String kind, String text) throws MalformedPolicyException {
        if (!form.matcher(text).matches()) {
            throw invalid(kind, text);
        }
        return text;
    }

    private static MalformedPolicyException invalid(String kind, String text) {
        return new MalformedPolicyException("Invalid principal in policy: \"%s\":\"%s\"".formatted(kind, text));
    }

    Named name(Subject subject) {
        Caller caller = subject.caller();
        if (caller.isService()) {
            return everyone || services.contains(caller.arn()) ? Named.ITSELF : Named.NOT;
        }
        if (caller.isWebIdentity()) {
            return everyone || providers.contains(caller.arn()) ? Named.ITSELF : Named.NOT;
        }
        if (identities.contains(caller.arn())) {
            return caller.isTemporary() ? Named.AS_SESSION : Named.ITSELF;
        }
        if (everyone || identities.contains(subject.principalArn())) {
            return Named.ITSELF;
        }
        if (identities.contains(caller.account())) {
            return caller.isRoot() ? Named.ITSELF : Named.BY_ACCOUNT;
        }
        return Named.NOT;
    }
}
