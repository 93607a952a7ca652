package dev.groundplane.wire;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An HTTP request as it arrived, before any decoding.
 *
 * @param method upper-case HTTP method
 * @param rawPath the path as sent, percent-encoding untouched, never empty
 * @param rawQuery the query string as sent without {@code ?}; empty when there is none
 * @param headers header values by lower-case name, in the order sent
 * @param body the whole body, already bounded by the front door; the caller must not change it afterwards
 */
public record WireRequest(
        String method, String rawPath, String rawQuery, Map<String, List<String>> headers, byte[] body) {

    /** The first value of a header. {@code lowerCaseName} must be lower case. */
    public Optional<String> header(String lowerCaseName) {
        List<String> values = headers.get(lowerCaseName);
        return values == null || values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
    }
}
