package dev.groundplane.services.s3;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.CORSConfiguration;
import software.amazon.awssdk.services.s3.model.CORSRule;

/**
 * What browsers are told of buckets before scripts of other origins may use them. Nobody is authenticated for that, and nothing
 * but the bucket's rules shows. Source: Amazon S3 User Guide, "Using cross-origin resource sharing"; WHATWG Fetch, "CORS
 * protocol". Thread-safe.
 */
public final class CrossOrigin {
    private static final String VARY = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method";

    private final S3Store store;

    CrossOrigin(S3Store store) {
        this.store = store;
    }

    /**
     * The answer to a browser that asks before it sends a script's request.
     *
     * @param method of the request to come
     * @param headers that it would carry
     * @return headers of the answer
     * @throws software.amazon.awssdk.services.s3.model.S3Exception {@code AccessForbidden} when no rule allows it
     */
    public Map<String, String> preflight(String bucket, String origin, String method, List<String> headers) {
        List<CORSRule> rules = rules(bucket);
        if (rules.isEmpty()) {
            throw forbidden("CORS is not enabled for this bucket.");
        }
        CORSRule rule = CorsRules.find(rules, origin, method, headers)
                .orElseThrow(
                        () -> forbidden("This CORS request is not allowed. This is usually because the evaluation of"
                                + " Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are"
                                + " not whitelisted by the resource's CORS spec."));
        Map<String, String> answer = allowed(rule, origin);
        if (!headers.isEmpty()) {
            answer.put(
                    "Access-Control-Allow-Headers", String.join(", ", headers).toLowerCase(Locale.ROOT));
        }
        if (rule.maxAgeSeconds() != null) {
            answer.put("Access-Control-Max-Age", rule.maxAgeSeconds().toString());
        }
        return answer;
    }

    /**
     * What is added to the answer to a script's request.
     *
     * @return empty when no rule allows the script to read the answer
     */
    public Map<String, String> actual(String bucket, String origin, String method) {
        Optional<CORSRule> rule = CorsRules.find(rules(bucket), origin, method, List.of());
        return rule.isEmpty() ? Map.of() : allowed(rule.get(), origin);
    }

    private static Map<String, String> allowed(CORSRule rule, String origin) {
        String shown = CorsRules.origin(rule, origin).orElse(origin);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Access-Control-Allow-Origin", shown);
        headers.put("Access-Control-Allow-Methods", String.join(", ", rule.allowedMethods()));
        if (!rule.exposeHeaders().isEmpty()) {
            headers.put("Access-Control-Expose-Headers", String.join(", ", rule.exposeHeaders()));
        }
        if (!shown.equals(CorsRules.ANY)) {
            headers.put("Access-Control-Allow-Credentials", "true");
        }
        headers.put("Vary", VARY);
        return headers;
    }

    private List<CORSRule> rules(String name) {
        Optional<String> document = store.database().read(connection -> {
            Optional<Bucket> bucket = BucketTable.find(connection, name);
            return bucket.isEmpty()
                    ? Optional.empty()
                    : BucketTable.setting(connection, bucket.get(), BucketSetting.CORS);
        });
        return document.map(CorsRules.FORM::decode)
                .map(CORSConfiguration::corsRules)
                .orElse(List.of());
    }

    private static RuntimeException forbidden(String why) {
        return S3Errors.of("AccessForbidden", 403, "CORSResponse: %s", why);
    }
}
