package dev.groundplane.wire;

import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP response ready to be written.
 *
 * @param status HTTP status code
 * @param headers header values by name; one value each
 * @param body the body bytes; empty for none
 * @param content the body of an operation whose payload streams; whoever writes the response closes it. Null for all other
 *     operations
 */
public record WireResponse(
        int status,
        Map<String, String> headers,
        byte[] body,
        @Nullable InputStream content) {

    /** A response whose body is at hand. */
    public WireResponse(int status, Map<String, String> headers, byte[] body) {
        this(status, headers, body, null);
    }

    /** The same head before content that streams. */
    public WireResponse withContent(InputStream stream) {
        return new WireResponse(status, headers, new byte[0], stream);
    }
}
