package dev.groundplane.services.s3;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * An object that a browser sends in a form. Source: Amazon S3 API Reference, "POST Object". Immutable.
 */
public final class PostForm {
    private static final String FILE_NAME = "${filename}";
    private static final Set<String> HEADERS = Set.of(
            "cache-control",
            "content-disposition",
            "content-encoding",
            "content-language",
            "content-md5",
            "content-type",
            "expires");
    /** Fields of the form itself. */
    private static final Set<String> NOT_OF_THE_OBJECT =
            Set.of("x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-security-token", "x-amz-signature");

    private final String bucket;
    private final Map<String, String> fields;

    /**
     * @param fields by name in lower case
     * @param fileName what stands for <code>${filename}</code>
     */
    public PostForm(String bucket, Map<String, String> fields, String fileName) {
        this.bucket = bucket;
        Map<String, String> filled = new TreeMap<>();
        fields.forEach(
                (name, value) -> filled.put(name, name.equals("policy") ? value : value.replace(FILE_NAME, fileName)));
        this.fields = Map.copyOf(filled);
    }

    /**
     * Holds the form against its policy.
     *
     * @return how many bytes the file may have
     * @throws software.amazon.awssdk.services.s3.model.S3Exception {@code AccessDenied}, {@code InvalidPolicyDocument}
     */
    public SizeRange permitted(Instant now) {
        Map<String, String> shown = new TreeMap<>(fields);
        shown.put("bucket", bucket);
        return PostPolicy.of(policy()).permitted(shown, now);
    }

    private String policy() {
        try {
            return new String(
                    Base64.getMimeDecoder().decode(fields.getOrDefault("policy", "")), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw PostPolicy.invalid("it is not in base64");
        }
    }

    /** @throws software.amazon.awssdk.services.s3.model.S3Exception {@code InvalidArgument} when there is none */
    public String key() {
        String key = fields.getOrDefault("key", "");
        if (key.isEmpty()) {
            throw S3Errors.invalidArgument("Bucket POST must contain a field named 'key'.");
        }
        return key;
    }

    /**
     * The headers with which {@code PutObject} stores the same.
     *
     * @throws software.amazon.awssdk.services.s3.model.S3Exception {@code NotImplemented}
     */
    public Map<String, List<String>> headers() {
        if (fields.containsKey("tagging")) {
            throw S3Errors.notImplemented("The form field 'tagging' is not implemented; tag the object afterwards.");
        }
        Map<String, List<String>> headers = new LinkedHashMap<>();
        fields.forEach((name, value) -> {
            if (name.equals("acl")) {
                headers.put("x-amz-acl", List.of(value));
            } else if (HEADERS.contains(name) || (name.startsWith("x-amz-") && !NOT_OF_THE_OBJECT.contains(name))) {
                headers.put(name, List.of(value));
            }
        });
        return headers;
    }

    /** Where the browser goes after success. */
    public Optional<String> redirect() {
        return Optional.ofNullable(fields.getOrDefault("success_action_redirect", fields.get("redirect")));
    }

    /** The status of success where no redirect is wanted: 200, 201 with a document, or 204. */
    public int successStatus() {
        return switch (fields.getOrDefault("success_action_status", "")) {
            case "200" -> 200;
            case "201" -> 201;
            default -> 204; // as AWS answers whatever else is asked for
        };
    }
}
