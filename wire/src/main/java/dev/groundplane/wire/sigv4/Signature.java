package dev.groundplane.wire.sigv4;

import dev.groundplane.wire.WireException;
import dev.groundplane.wire.WireRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A Signature Version 4 as a request carries it, in its header or in its query string (presigned), not yet verified.
 *
 * @param accessKeyId whose signature this claims to be
 * @param date the scope's day, {@code yyyyMMdd}; empty in Signature Version 2, which has no scope
 * @param region the scope's region
 * @param service the scope's service, AWS's signing name
 * @param signedHeaders lower-case names of the headers that the signature covers
 * @param signature hexadecimal; base64 in Signature Version 2
 * @param timestamp when it was signed, {@code yyyyMMdd'T'HHmmss'Z'}; in Signature Version 2 when it ends, in seconds
 * @param instant {@code timestamp} as an instant
 * @param validity how long a presigned request is valid; empty for a header signature
 * @param securityToken the session token of temporary credentials; covered by the signature
 */
public record Signature(
        String accessKeyId,
        String date,
        String region,
        String service,
        Set<String> signedHeaders,
        String signature,
        String timestamp,
        Instant instant,
        Optional<Duration> validity,
        Optional<String> securityToken) {
    static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'");
    private static final Duration MAX_VALIDITY = Duration.ofDays(7);

    /** Whether the signature stands in the query string. */
    public boolean presigned() {
        return validity.isPresent();
    }

    /** Whether the rules of S3 apply, which the signing process excepts: paths, payloads, times. */
    boolean ofS3() {
        return service.equals("s3");
    }

    /** Whether it is one of Signature Version 2, in a presigned URL of S3. It covers the bucket as a part of the path. */
    public boolean ofVersion2() {
        return date.isEmpty();
    }

    /** The scope as it stands in what is signed. */
    String scope() {
        return "%s/%s/%s/aws4_request".formatted(date, region, service);
    }

    /**
     * Reads the signature of a request.
     *
     * @return empty when the request is unsigned
     * @throws WireException {@code IncompleteSignature...} when a signature is there but a part of it is missing or
     *     malformed
     */
    public static Optional<Signature> of(WireRequest request) {
        Optional<String> header = request.header("authorization");
        if (header.isPresent()) {
            return Optional.of(fromHeader(request, header.get()));
        }
        return request.rawQuery().contains("X-Amz-Algorithm=")
                ? Optional.of(fromQuery(request))
                : PresignedV2.of(request);
    }

    private static Signature fromHeader(WireRequest request, String header) {
        if (!header.startsWith(ALGORITHM + " ")) {
            throw incomplete("Authorization must start with " + ALGORITHM);
        }
        Map<String, String> parts = new HashMap<>();
        for (String part : header.substring(ALGORITHM.length()).split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                parts.put(
                        part.substring(0, equals).strip(),
                        part.substring(equals + 1).strip());
            }
        }
        String timestamp = request.header("x-amz-date")
                .orElseThrow(() -> incomplete("Authorization header requires the header 'X-Amz-Date'"));
        return of(
                part(parts, "Credential", "Authorization header"),
                part(parts, "SignedHeaders", "Authorization header"),
                part(parts, "Signature", "Authorization header"),
                timestamp,
                Optional.empty(),
                request.header("x-amz-security-token"));
    }

    private static Signature fromQuery(WireRequest request) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : request.rawQuery().split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0 && pair.startsWith("X-Amz-")) {
                parameters.put(pair.substring(0, equals), decode(pair.substring(equals + 1)));
            }
        }
        if (!ALGORITHM.equals(parameters.get("X-Amz-Algorithm"))) {
            throw incomplete("X-Amz-Algorithm must be " + ALGORITHM);
        }
        return of(
                part(parameters, "X-Amz-Credential", "Query string"),
                part(parameters, "X-Amz-SignedHeaders", "Query string"),
                part(parameters, "X-Amz-Signature", "Query string"),
                part(parameters, "X-Amz-Date", "Query string"),
                Optional.of(validity(part(parameters, "X-Amz-Expires", "Query string"))),
                Optional.ofNullable(parameters.get("X-Amz-Security-Token")));
    }

    /**
     * Reads the signature of a form's policy. Source: Amazon S3 API Reference, "Creating a POST policy"; Amazon S3 User Guide,
     * "Signing and authenticating REST requests (Signature Version 2)".
     *
     * @param fields of the form, by name in lower case
     * @return empty when the form is unsigned
     * @throws WireException as {@link #of(WireRequest)}
     */
    public static Optional<Signature> ofForm(Map<String, String> fields) {
        Optional<String> token = Optional.ofNullable(fields.get("x-amz-security-token"));
        String where = "The form";
        if (fields.containsKey("x-amz-algorithm")) {
            if (!ALGORITHM.equals(fields.get("x-amz-algorithm"))) {
                throw incomplete("x-amz-algorithm must be " + ALGORITHM);
            }
            Signature signature = of(
                    part(fields, "x-amz-credential", where),
                    "",
                    part(fields, "x-amz-signature", where),
                    part(fields, "x-amz-date", where),
                    Optional.empty(),
                    token);
            if (!signature.ofS3()) {
                throw incomplete("x-amz-credential must name the service s3, found " + signature.service());
            }
            return Optional.of(signature);
        }
        return fields.containsKey("signature")
                ? Optional.of(PresignedV2.signature(
                        part(fields, "awsaccesskeyid", where), fields.get("signature"), Instant.MAX, token))
                : Optional.empty();
    }

    private static Signature of(
            String credential,
            String headers,
            String signature,
            String timestamp,
            Optional<Duration> validity,
            Optional<String> securityToken) {
        String[] scope = credential.split("/", -1);
        if (scope.length != 5 || !scope[4].equals("aws4_request")) {
            throw incomplete("Credential must have the form KEY/DATE/REGION/SERVICE/aws4_request, found '%s'"
                    .formatted(credential));
        }
        if (!timestamp.startsWith(scope[1])) {
            throw incomplete(
                    "the day in Credential is %s, X-Amz-Date is %s: they must agree".formatted(scope[1], timestamp));
        }
        return new Signature(
                scope[0],
                scope[1],
                scope[2],
                scope[3],
                Set.copyOf(List.of(headers.split(";", -1)).stream().distinct().toList()),
                signature,
                timestamp,
                instant(timestamp),
                validity,
                securityToken);
    }

    private static Instant instant(String timestamp) {
        try {
            return LocalDateTime.parse(timestamp, TIMESTAMP).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw incomplete("X-Amz-Date must have the form 20260131T235959Z, found '%s'".formatted(timestamp));
        }
    }

    private static Duration validity(String seconds) {
        if (!seconds.matches("[0-9]{1,6}") || Long.parseLong(seconds) > MAX_VALIDITY.toSeconds()) {
            throw incomplete("X-Amz-Expires must be seconds from 0 to %d, found '%s'"
                    .formatted(MAX_VALIDITY.toSeconds(), seconds));
        }
        return Duration.ofSeconds(Long.parseLong(seconds));
    }

    private static String part(Map<String, String> parts, String name, String where) {
        String value = parts.get(name);
        if (value == null || value.isEmpty()) {
            throw incomplete("%s requires the parameter '%s'".formatted(where, name));
        }
        return value;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw incomplete("'%s' is not valid percent-encoding".formatted(text));
        }
    }

    private static WireException incomplete(String message) {
        return WireException.of("IncompleteSignatureException", 400, "IncompleteSignature", 400, message);
    }

    /** Keeps the session token out of log lines. */
    @Override
    public String toString() {
        return "Signature[" + accessKeyId + ", " + timestamp + "]";
    }
}
