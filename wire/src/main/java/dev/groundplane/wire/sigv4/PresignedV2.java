package dev.groundplane.wire.sigv4;

import dev.groundplane.wire.WireException;
import dev.groundplane.wire.WireRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * URLs of S3 that are presigned with Signature Version 2, which boto3 and the AWS CLI of line 1 still make by default. No
 * other form of that version is known here. Source: Amazon S3 User Guide, "Signing and authenticating REST requests
 * (Signature Version 2)", "Query string request authentication alternative".
 */
final class PresignedV2 {
    private static final String HMAC = "HmacSHA1";
    private static final String TOKEN = "x-amz-security-token";
    /** Those that choose what is done or answered, and so are signed. */
    private static final Set<String> SIGNED = Set.of(
            "acl",
            "cors",
            "delete",
            "lifecycle",
            "location",
            "logging",
            "notification",
            "partNumber",
            "policy",
            "requestPayment",
            "response-cache-control",
            "response-content-disposition",
            "response-content-encoding",
            "response-content-language",
            "response-content-type",
            "response-expires",
            "tagging",
            "torrent",
            "uploadId",
            "uploads",
            "versionId",
            "versioning",
            "versions",
            "website");

    /** What may stand beside them: the signature itself, and what pages a listing. */
    private static final Set<String> UNSIGNED = Set.of(
            "AWSAccessKeyId",
            "Expires",
            "Signature",
            TOKEN,
            "continuation-token",
            "delimiter",
            "encoding-type",
            "list-type",
            "marker",
            "max-keys",
            "prefix",
            "start-after");

    private PresignedV2() {}

    /** The signature that a query string carries, if it is of this kind. */
    static Optional<Signature> of(WireRequest request) {
        Map<String, String> query = query(request);
        String expires = query.getOrDefault("Expires", "");
        if (!query.containsKey("AWSAccessKeyId") || !query.containsKey("Signature") || expires.isEmpty()) {
            return Optional.empty();
        }
        if (!expires.matches("[0-9]{1,11}")) {
            throw WireException.of(
                    "AccessDenied", 403, "Invalid date (should be seconds since epoch): %s".formatted(expires));
        }
        return Optional.of(signature(
                query.get("AWSAccessKeyId"),
                query.get("Signature"),
                Instant.ofEpochSecond(Long.parseLong(expires)),
                Optional.ofNullable(query.get(TOKEN))));
    }

    /** A signature of this version; it has no scope. */
    static Signature signature(String accessKeyId, String signature, Instant end, Optional<String> token) {
        return new Signature(
                accessKeyId,
                "",
                "us-east-1",
                "s3",
                Set.of(),
                signature,
                Long.toString(end.getEpochSecond()),
                end,
                Optional.of(Duration.ZERO),
                token);
    }

    private static Map<String, String> query(WireRequest request) {
        Map<String, String> query = new TreeMap<>();
        for (String pair : request.rawQuery().split("&", -1)) {
            int equals = pair.indexOf('=');
            try {
                query.put(
                        URLDecoder.decode(equals < 0 ? pair : pair.substring(0, equals), StandardCharsets.UTF_8),
                        equals < 0 ? "" : URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                return Map.of(); // no client signs this
            }
        }
        return query;
    }

    /**
     * Whether the signature is the request's.
     *
     * @param request whose path begins with the bucket, also where the host names it
     */
    static boolean verify(WireRequest request, Signature signature, String secret) {
        // A parameter that is not signed could make another operation of the one that was: of GetObject,
        // GetObjectRetention.
        if (!query(request).keySet().stream().allMatch(name -> SIGNED.contains(name) || UNSIGNED.contains(name))) {
            return false;
        }
        String text = String.join(
                "\n",
                request.method(),
                request.header("content-md5").orElse(""),
                request.header("content-type").orElse(""),
                signature.timestamp(),
                amazonHeaders(request) + resource(request));
        return isOf(text, signature, secret);
    }

    /** Whether the signature is that of {@code text}. */
    static boolean isOf(String text, Signature signature, String secret) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), HMAC));
            String expected = Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
            return MessageDigest.isEqual(
                    expected.getBytes(StandardCharsets.UTF_8),
                    signature.signature().getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has " + HMAC, e);
        }
    }

    private static String amazonHeaders(WireRequest request) {
        Map<String, List<String>> headers = new TreeMap<>();
        request.headers().forEach((name, values) -> {
            if (name.startsWith("x-amz-")) {
                headers.put(name, values);
            }
        });
        // Clients that presign with a session's token sign it as if it were a header.
        Optional.ofNullable(query(request).get(TOKEN)).ifPresent(token -> headers.put(TOKEN, List.of(token)));
        return headers.entrySet().stream()
                .map(header -> header.getKey().toLowerCase(Locale.ROOT) + ":"
                        + header.getValue().stream().map(String::strip).collect(Collectors.joining(",")) + "\n")
                .collect(Collectors.joining());
    }

    private static String resource(WireRequest request) {
        String parameters = query(request).entrySet().stream()
                .filter(parameter -> SIGNED.contains(parameter.getKey()))
                .map(parameter -> parameter.getValue().isEmpty()
                        ? parameter.getKey()
                        : parameter.getKey() + "=" + parameter.getValue())
                .collect(Collectors.joining("&"));
        return request.rawPath() + (parameters.isEmpty() ? "" : "?" + parameters);
    }
}
