package dev.groundplane.services.logs;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Behind which entry a listing goes on, as an opaque text.
 *
 * @param time of the entry's last event; 0 where the order is by name
 * @param name of the entry; empty for the start of the listing
 */
record ListToken(long time, String name) {
    /** Reads what {@link #text} wrote; null is the start. */
    static ListToken parse(@Nullable String token) {
        if (token == null) {
            return new ListToken(0, "");
        }
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            if (colon > 0 && colon < text.length() - 1) {
                return new ListToken(Long.parseLong(text.substring(0, colon)), text.substring(colon + 1));
            }
        } catch (IllegalArgumentException e) {
            // Neither base64 nor a number: not a token of ours.
        }
        throw Parameters.invalid("The specified nextToken is invalid.");
    }

    String text() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((time + ":" + name).getBytes(StandardCharsets.UTF_8));
    }
}
