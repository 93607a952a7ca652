package dev.groundplane.services.iam;

import dev.groundplane.platform.store.Stored;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.iam.model.Policy;
import software.amazon.awssdk.services.iam.model.PolicyVersion;

/** Managed policies by ARN: the account's own and AWS's. Thread-safe. */
final class ManagedPolicyTexts {
    /** A policy that says nothing about anything. */
    static final String NOTHING =
            "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"none:None\",\"Resource\":\"arn:aws:none:::none\"}}";

    private static final Pattern ARN =
            Pattern.compile("arn:aws:iam::([0-9]{12}):policy/(?:[\\x21-\\x7E]*/)?([\\w+=,.@-]+)");

    private final IdentityStore store;

    ManagedPolicyTexts(IdentityStore store) {
        this.store = store;
    }

    /** The text of the policy's default version; empty when there is no such policy that the account can use. */
    Optional<String> text(String account, String arn) {
        if (AwsManagedPolicies.isOne(arn)) {
            return AwsManagedPolicies.find(arn).map(AwsManagedPolicies.Known::document);
        }
        return own(account, arn)
                .flatMap(policy -> store.versions()
                        .find(IdentityStore.scope(account), versionKey(policy.policyName(), policy.defaultVersionId()))
                        .map(version -> version.value().document()));
    }

    /** The policy of that ARN, the account's own or AWS's. */
    Optional<Policy> find(String account, String arn) {
        return AwsManagedPolicies.isOne(arn)
                ? AwsManagedPolicies.find(arn).map(AwsManagedPolicies.Known::policy)
                : own(account, arn);
    }

    private Optional<Policy> own(String account, String arn) {
        Matcher parts = ARN.matcher(arn);
        if (!parts.matches() || !parts.group(1).equals(account)) {
            return Optional.empty();
        }
        return store.policies()
                .find(IdentityStore.scope(account), IdentityStore.key(parts.group(2)))
                .map(Stored::value)
                .filter(policy -> policy.arn().equals(arn));
    }

    Optional<PolicyVersion> version(String account, Policy policy, String versionId) {
        if (AwsManagedPolicies.isOne(policy.arn())) {
            return AwsManagedPolicies.find(policy.arn())
                    .map(AwsManagedPolicies.Known::version)
                    .filter(version -> version.versionId().equals(versionId));
        }
        return store.versions()
                .find(IdentityStore.scope(account), versionKey(policy.policyName(), versionId))
                .map(Stored::value);
    }

    /** Version ids are {@code v1}, {@code v2} and so on; kept so that their order is by number. */
    static String versionKey(String policyName, String versionId) {
        String number = versionId.substring(1);
        return versionPrefix(policyName) + "0".repeat(Math.max(0, 6 - number.length())) + number;
    }

    static String versionPrefix(String policyName) {
        return IdentityStore.key(policyName) + "/";
    }
}
