package dev.groundplane.wire;

import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request as it arrived, before any decoding.
 *
 * @param method upper-case HTTP method
 * @param rawPath the path as sent, percent-encoding untouched, never empty
 * @param rawQuery the query string as sent without {@code ?}; empty when there is none
 * @param headers header values by lower-case name, in the order sent
 * @param body the whole body, already bounded by the front door; the caller must not change it afterwards
 * @param content the body of an operation whose payload streams, to be read once; then {@code body} is empty. Null for all
 *     other operations
 */
public record WireRequest(
        String method,
        String rawPath,
        String rawQuery,
        Map<String, List<String>> headers,
        byte[] body,
        @Nullable InputStream content) {

    /** A request whose body has been read. */
    public WireRequest(String method, String rawPath, String rawQuery, Map<String, List<String>> headers, byte[] body) {
        this(method, rawPath, rawQuery, headers, body, null);
    }

    /** The first value of a header. {@code lowerCaseName} must be lower case. */
    public Optional<String> header(String lowerCaseName) {
        List<String> values = headers.get(lowerCaseName);
        return values == null || values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
    }

    /** The same request with its body read. */
    public WireRequest withBody(byte[] read) {
        return new WireRequest(method, rawPath, rawQuery, headers, read, null);
    }

    /** The same request with a body that streams. */
    public WireRequest withContent(InputStream stream) {
        return new WireRequest(method, rawPath, rawQuery, headers, body, stream);
    }

    /** The same request to another path. What was signed is the path as sent. */
    public WireRequest withPath(String path) {
        return new WireRequest(method, path, rawQuery, headers, body, content);
    }
}
