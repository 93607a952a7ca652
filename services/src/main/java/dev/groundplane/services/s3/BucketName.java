package dev.groundplane.services.s3;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a bucket may be called. Source: Amazon S3 User Guide, "General purpose bucket naming rules". */
final class BucketName {
    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern ADDRESS = Pattern.compile("[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+");
    private static final List<String> PREFIXES = List.of("xn--", "sthree-", "amzn-s3-demo-");
    private static final List<String> SUFFIXES = List.of("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3");

    private BucketName() {}

    /** @throws software.amazon.awssdk.services.s3.model.S3Exception {@code InvalidBucketName} */
    static String valid(@Nullable String name) {
        if (name == null
                || !FORM.matcher(name).matches()
                || name.contains("..")
                || ADDRESS.matcher(name).matches()
                || PREFIXES.stream().anyMatch(name::startsWith)
                || SUFFIXES.stream().anyMatch(name::endsWith)) {
            throw S3Errors.of("InvalidBucketName", 400, "The specified bucket is not valid: %s", String.valueOf(name));
        }
        return name;
    }
}
