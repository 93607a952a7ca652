package dev.groundplane.services.iam;

import dev.groundplane.platform.policy.MalformedPolicyException;
import dev.groundplane.platform.policy.Policy;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Policy documents as they come in and go out. They are stored as they came. */
final class Documents {
    private Documents() {}

    /** The text of an identity policy that is well-formed. */
    static String identity(@Nullable String document) {
        String text = Members.required("policyDocument", document);
        try {
            Policy.parse(text);
            return text;
        } catch (MalformedPolicyException e) {
            throw IamErrors.malformed(String.valueOf(e.getMessage()));
        }
    }

    /** The text of a trust policy that is well-formed. */
    static String trust(@Nullable String document, int mostCharacters) {
        String text = Members.required("policyDocument", document);
        if (size(text) > mostCharacters) {
            throw IamErrors.limitExceeded("ACLSizePerRole", mostCharacters);
        }
        try {
            Policy.parseTrustPolicy(text);
            return text;
        } catch (MalformedPolicyException e) {
            throw IamErrors.malformed(String.valueOf(e.getMessage()));
        }
    }

    /** White space does not count against AWS's limits. */
    static int size(String document) {
        return document.replaceAll("\\s", "").length();
    }

    /** As responses carry documents: percent-encoded (RFC 3986). */
    static String encoded(String document) {
        return URLEncoder.encode(document, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
