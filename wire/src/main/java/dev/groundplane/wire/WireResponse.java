package dev.groundplane.wire;

import java.util.Map;

/**
 * An HTTP response ready to be written.
 *
 * @param status HTTP status code
 * @param headers header values by name; one value each
 * @param body the body bytes; empty for none
 */
public record WireResponse(int status, Map<String, String> headers, byte[] body) {}
