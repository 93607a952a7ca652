package dev.groundplane.platform.identity;

import java.util.List;
import java.util.Map;

/**
 * What a session was begun with. It is sealed into the session's token.
 *
 * @param policy the session policy's text; empty when none was passed
 * @param policyArns managed policies that were passed; they are read as they are at each decision
 * @param tags session tags, with transitive ones of the session before
 * @param transitiveTags keys of those that go on to sessions that this one begins
 * @param issuedAt seconds of Unix time; 0 for long-term credentials
 * @param provider the ARN of the identity provider that vouched for it; empty when none did
 * @param sourceIdentity what {@code SourceIdentity} was set to; empty when it was not
 */
public record SessionDetails(
        String policy,
        List<String> policyArns,
        Map<String, String> tags,
        List<String> transitiveTags,
        long issuedAt,
        String provider,
        String sourceIdentity) {
    /** Of long-term credentials, and of sessions that were begun with nothing. */
    public static final SessionDetails NONE = new SessionDetails("", List.of(), Map.of(), List.of(), 0, "", "");

    /** Nothing but when it began. */
    public static SessionDetails begun(long issuedAt) {
        return new SessionDetails("", List.of(), Map.of(), List.of(), issuedAt, "", "");
    }

    /** Keeps copies. */
    public SessionDetails {
        policyArns = List.copyOf(policyArns);
        tags = Map.copyOf(tags);
        transitiveTags = List.copyOf(transitiveTags);
    }

    /** Whether the session was given policies that bound it. */
    public boolean hasPolicies() {
        return !policy.isEmpty() || !policyArns.isEmpty();
    }
}
