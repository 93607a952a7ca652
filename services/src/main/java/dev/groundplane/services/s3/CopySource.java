package dev.groundplane.services.s3;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Which object is copied.
 *
 * @param versionId null for the present version
 */
public record CopySource(
        String bucket, String key, @Nullable String versionId) {
    private static final String VERSION = "?versionId=";

    /**
     * Reads {@code x-amz-copy-source}: percent-encoded, with or without a slash before it.
     *
     * @throws software.amazon.awssdk.services.s3.model.S3Exception {@code InvalidArgument}
     */
    public static CopySource of(
            @Nullable String header, @Nullable String bucket, @Nullable String key, @Nullable String versionId) {
        if (header == null && bucket != null && key != null) {
            return new CopySource(bucket, key, versionId); // as a service in this process asks
        }
        String text = header == null ? "" : header.startsWith("/") ? header.substring(1) : header;
        if (text.startsWith("arn:")) {
            throw S3Errors.notImplemented("Copy source ARNs are not implemented: %s", text);
        }
        int version = text.indexOf(VERSION);
        String path = version < 0 ? text : text.substring(0, version);
        int slash = path.indexOf('/');
        if (slash < 1 || slash == path.length() - 1) {
            throw S3Errors.invalidArgument(
                    "Copy Source must mention the source bucket and key: sourcebucket/sourcekey, found %s",
                    String.valueOf(header));
        }
        return new CopySource(
                path.substring(0, slash),
                decode(path.substring(slash + 1)),
                version < 0 ? null : decode(text.substring(version + VERSION.length())));
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw S3Errors.invalidArgument("Invalid copy source encoding: %s", text);
        }
    }
}
