package dev.groundplane.services.s3;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The headers that are kept with an object and come back with it. Source: Amazon S3 User Guide, "Object metadata". */
final class ObjectHeaders {
    static final String USER_PREFIX = "x-amz-meta-";
    static final String CONTENT_TYPE = "Content-Type";
    private static final String CONTENT_ENCODING = "Content-Encoding";
    private static final String DEFAULT_TYPE = "binary/octet-stream";
    private static final int MAX_USER_BYTES = 2 * 1024;
    private static final List<String> KEPT = List.of(
            "Cache-Control",
            "Content-Disposition",
            CONTENT_ENCODING,
            "Content-Language",
            CONTENT_TYPE,
            "Expires",
            "x-amz-website-redirect-location");
    private static final Set<String> OWNER_HAS_ALL = Set.of("private", "bucket-owner-full-control");

    /** What every operation that makes objects acts on, besides what it alone has. */
    static final List<String> MEMBERS = List.of(
            "x-amz-acl",
            "x-amz-meta-",
            "x-amz-server-side-encryption",
            "x-amz-storage-class",
            "x-amz-tagging",
            "x-amz-object-lock-mode",
            "x-amz-object-lock-retain-until-date",
            "x-amz-object-lock-legal-hold",
            "Cache-Control",
            "Content-Disposition",
            CONTENT_ENCODING,
            "Content-Language",
            CONTENT_TYPE,
            "Expires",
            "x-amz-website-redirect-location");

    private ObjectHeaders() {}

    /** The members of an operation that makes objects. */
    static String[] members(String... further) {
        return Stream.concat(MEMBERS.stream(), Stream.of(further)).toArray(String[]::new);
    }

    /**
     * What of a request's headers is kept.
     *
     * @throws S3Exception {@code MetadataTooLarge}
     */
    static Map<String, String> kept(Map<String, String> request) {
        Map<String, String> kept = new TreeMap<>();
        kept.put(CONTENT_TYPE, DEFAULT_TYPE);
        for (String name : KEPT) {
            String value = request.get(name);
            if (value != null && !value.isEmpty()) {
                kept.put(name, value);
            }
        }
        kept.computeIfPresent(CONTENT_ENCODING, (name, value) -> withoutChunks(value));
        int bytes = 0;
        for (Map.Entry<String, String> header : request.entrySet()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (name.startsWith(USER_PREFIX)) {
                kept.put(name, header.getValue());
                bytes += name.length()
                        - USER_PREFIX.length()
                        + header.getValue().getBytes(StandardCharsets.UTF_8).length;
            }
        }
        if (bytes > MAX_USER_BYTES) {
            throw S3Errors.of(
                    "MetadataTooLarge",
                    400,
                    "Your metadata headers exceed the maximum allowed metadata size: %d of %d bytes",
                    bytes,
                    MAX_USER_BYTES);
        }
        return kept;
    }

    /** How the content came is not how it is. */
    static @Nullable String withoutChunks(String encoding) {
        String rest = Stream.of(encoding.split(",", -1))
                .map(String::strip)
                .filter(each -> !each.equals("aws-chunked") && !each.isEmpty())
                .collect(Collectors.joining(","));
        return rest.isEmpty() ? null : rest;
    }

    /**
     * Refuses what would have to be done to the object and is not.
     *
     * @throws S3Exception naming the header and its value
     */
    static void check(Map<String, String> request) {
        acl(request.get("x-amz-acl"));
        only(request, "x-amz-storage-class", "STANDARD");
        only(request, "x-amz-server-side-encryption", "AES256");
    }

    /** Access control lists are off, as in every new bucket of AWS; those that say nothing are taken. */
    static void acl(@Nullable String acl) {
        if (acl != null && !OWNER_HAS_ALL.contains(acl)) {
            throw aclsOff();
        }
    }

    static S3Exception aclsOff() {
        return S3Errors.of("AccessControlListNotSupported", 400, "The bucket does not allow ACLs");
    }

    private static void only(Map<String, String> request, String header, String supported) {
        String value = request.get(header);
        if (value != null && !value.equals(supported)) {
            throw S3Errors.notImplemented(
                    "A header you provided implies functionality that is not implemented: %s: %s; only %s is.",
                    header, value, supported);
        }
    }
}
