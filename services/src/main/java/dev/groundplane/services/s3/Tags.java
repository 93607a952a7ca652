package dev.groundplane.services.s3;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.Tag;

/** Tags of objects and buckets. Source: Amazon S3 User Guide, "Categorizing your objects using tags". */
final class Tags {
    static final int MAX_OF_OBJECT = 10;
    static final int MAX_OF_BUCKET = 50;
    private static final Pattern FORM = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*");

    private Tags() {}

    /**
     * The tags of a header, in the form of a query string.
     *
     * @throws software.amazon.awssdk.services.s3.model.S3Exception {@code InvalidArgument}, {@code InvalidTag}
     */
    static Map<String, String> ofHeader(@Nullable String header) {
        Map<String, String> tags = new TreeMap<>();
        if (header == null || header.isEmpty()) {
            return tags;
        }
        for (String pair : header.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            put(tags, decode(parts[0]), parts.length < 2 ? "" : decode(parts[1]), MAX_OF_OBJECT);
        }
        return tags;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw S3Errors.invalidArgument(
                    "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without"
                            + " tag name duplicates.");
        }
    }

    /** @throws software.amazon.awssdk.services.s3.model.S3Exception {@code InvalidTag} */
    static Map<String, String> of(List<Tag> list, int most) {
        Map<String, String> tags = new TreeMap<>();
        list.forEach(tag -> put(tags, tag.key(), tag.value(), most));
        return tags;
    }

    private static void put(Map<String, String> tags, @Nullable String key, @Nullable String value, int most) {
        if (key == null
                || key.isEmpty()
                || key.length() > 128
                || !FORM.matcher(key).matches()) {
            throw S3Errors.of("InvalidTag", 400, "The TagKey you have provided is invalid: %s", String.valueOf(key));
        }
        if (value == null || value.length() > 256 || !FORM.matcher(value).matches()) {
            throw S3Errors.of(
                    "InvalidTag", 400, "The TagValue you have provided is invalid: %s", String.valueOf(value));
        }
        if (key.startsWith("aws:")) {
            throw S3Errors.of(
                    "InvalidTag",
                    400,
                    most == MAX_OF_OBJECT
                            ? "Your TagKey cannot be prefixed with aws:"
                            : "System tags cannot be added/updated by requester: %s",
                    key);
        }
        if (tags.putIfAbsent(key, value) != null) {
            throw S3Errors.of("InvalidTag", 400, "Cannot provide multiple Tags with the same key: %s", key);
        }
        if (tags.size() > most) {
            throw S3Errors.of(
                    most == MAX_OF_OBJECT ? "BadRequest" : "InvalidTag",
                    400,
                    "Object tags cannot be greater than %d",
                    most);
        }
    }

    static List<Tag> list(Map<String, String> tags) {
        return tags.entrySet().stream()
                .map(tag ->
                        Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList();
    }
}
