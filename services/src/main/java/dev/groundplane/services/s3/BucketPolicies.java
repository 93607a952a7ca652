package dev.groundplane.services.s3;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.policy.MalformedPolicyException;
import dev.groundplane.platform.policy.Policy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What a bucket's policy may be. What it means is for the authorizer. Source: Amazon S3 User Guide, "Bucket policies". */
final class BucketPolicies {
    private static final int MAX_BYTES = 20 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    private BucketPolicies() {}

    /**
     * The policy, if it is one about that bucket.
     *
     * @throws S3Exception {@code MalformedPolicy}, {@code PolicyTooLarge}
     */
    static JsonNode valid(Bucket bucket, @Nullable String document) {
        String text = document == null ? "" : document;
        if (text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw S3Errors.of("PolicyTooLarge", 400, "A bucket's policy may have %d bytes.", MAX_BYTES);
        }
        JsonNode policy = parse(text);
        try {
            Policy.parseResourcePolicy(text);
        } catch (MalformedPolicyException e) {
            throw malformed(String.valueOf(e.getMessage()));
        }
        for (JsonNode statement : statements(policy)) {
            for (JsonNode resource : each(statement.path("Resource"))) {
                if (!concerns(bucket, resource.asText())) {
                    throw malformed("Policy has invalid resource: " + resource.asText());
                }
            }
        }
        return policy;
    }

    private static boolean concerns(Bucket bucket, String resource) {
        return resource.equals("*")
                || resource.equals(bucket.arn())
                || resource.startsWith(bucket.arn() + "/")
                || resource.startsWith("arn:aws:s3:::*");
    }

    private static JsonNode parse(String text) {
        try {
            JsonNode policy = JSON.readTree(text);
            if (policy == null || !policy.isObject() || statements(policy).isEmpty()) {
                throw malformed("Policies must be valid JSON and the first byte must be '{'");
            }
            return policy;
        } catch (JsonProcessingException e) {
            throw malformed("Policies must be valid JSON and the first byte must be '{'");
        }
    }

    private static S3Exception malformed(String message) {
        return S3Errors.of("MalformedPolicy", 400, "%s", message);
    }

    private static List<JsonNode> statements(JsonNode policy) {
        return each(policy.path("Statement"));
    }

    private static List<JsonNode> each(JsonNode node) {
        List<JsonNode> all = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(all::add);
        } else if (!node.isMissingNode()) {
            all.add(node);
        }
        return all;
    }

    /** Whether it lets everybody do something, whoever they are and without a condition. */
    static boolean isPublic(JsonNode policy) {
        return statements(policy).stream()
                .anyMatch(statement -> statement.path("Effect").asText().equals("Allow")
                        && !statement.has("Condition")
                        && (statement.has("NotPrincipal") || everybody(statement.path("Principal"))));
    }

    private static boolean everybody(JsonNode principal) {
        return principal.asText().equals("*")
                || each(principal.path("AWS")).stream()
                        .anyMatch(one -> one.asText().equals("*"));
    }
}
