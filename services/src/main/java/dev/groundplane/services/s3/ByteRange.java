package dev.groundplane.services.s3;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A part of an object's content. Source: RFC 9110, section 14.
 *
 * @param from the first byte
 * @param length at least one byte
 */
record ByteRange(long from, long length) {
    private static final Pattern FORM = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /**
     * What a {@code Range} header asks for.
     *
     * @return empty when there is none or it has no form that S3 knows: then everything is asked for
     * @throws software.amazon.awssdk.services.s3.model.S3Exception {@code InvalidRange} when no byte is in it
     */
    static Optional<ByteRange> of(@Nullable String header, long size) {
        Matcher form = FORM.matcher(header == null ? "" : header.strip());
        if (!form.matches()) {
            return Optional.empty();
        }
        String first = form.group(1);
        String last = form.group(2);
        if (first.isEmpty() && last.isEmpty()) {
            return Optional.empty();
        }
        long from = first.isEmpty() ? Math.max(0, size - Long.parseLong(last)) : Long.parseLong(first);
        long to = first.isEmpty() || last.isEmpty() ? size - 1 : Math.min(Long.parseLong(last), size - 1);
        if (!first.isEmpty() && !last.isEmpty() && Long.parseLong(last) < from) {
            return Optional.empty(); // no range at all
        }
        if (from > to) {
            throw S3Errors.of(
                    "InvalidRange",
                    416,
                    "The requested range is not satisfiable: %s of %d bytes",
                    String.valueOf(header),
                    size);
        }
        return Optional.of(new ByteRange(from, to - from + 1));
    }

    /** As it stands in {@code Content-Range}. */
    String of(long size) {
        return "bytes %d-%d/%d".formatted(from, from + length - 1, size);
    }
}
