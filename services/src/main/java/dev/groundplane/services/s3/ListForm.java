package dev.groundplane.services.s3;

import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CommonPrefix;

/**
 * What all listings have in common.
 *
 * @param encoded whether keys are answered percent-encoded, since XML cannot hold every character
 */
record ListForm(String prefix, String delimiter, int most, boolean encoded) {
    private static final int MOST = 1_000;

    /** @throws software.amazon.awssdk.services.s3.model.S3Exception {@code InvalidArgument} */
    static ListForm of(
            @Nullable String prefix, @Nullable String delimiter, @Nullable Integer most, @Nullable String encoding) {
        if (most != null && most < 0) {
            throw S3Errors.invalidArgument("max-keys must be from 0 to 2147483647, found %d", most);
        }
        if (encoding != null && !encoding.equals("url")) {
            throw S3Errors.invalidArgument("Invalid Encoding Method specified in Request: %s", encoding);
        }
        return new ListForm(
                prefix == null ? "" : prefix,
                delimiter == null ? "" : delimiter,
                most == null ? MOST : Math.min(most, MOST),
                encoding != null);
    }

    /** A key, a prefix or a marker as it is answered. */
    @Nullable
    String text(@Nullable String key) {
        return key == null || !encoded ? key : BucketRegister.encoded(key);
    }

    List<CommonPrefix> commonPrefixes(List<String> prefixes) {
        return prefixes.stream()
                .map(each -> CommonPrefix.builder().prefix(text(each)).build())
                .toList();
    }

    /** AWS leaves out a delimiter that was not given, but not a prefix. */
    @Nullable
    String delimiterText() {
        return delimiter.isEmpty() ? null : text(delimiter);
    }
}
