package dev.groundplane.wire;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.core.SdkPojo;

/**
 * SDK model objects as HTTP headers: their members that travel there, under the names and in the form that they have on the
 * wire. For services whose requests and responses share headers but no class.
 */
public final class HeaderForm {
    private HeaderForm() {}

    /** The members of {@code pojo} that travel in headers; names are found in any case. */
    public static Map<String, String> of(SdkPojo pojo) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        RestBinding.writeHeaders(pojo, headers);
        return headers;
    }

    /**
     * Sets the members that travel in headers.
     *
     * @param builder an SDK builder; headers that it has no member for are left out
     * @throws WireException {@code SerializationException} when a header has not its member's form
     */
    public static void fill(Object builder, Map<String, String> headers) {
        Map<String, List<String>> values = new HashMap<>();
        headers.forEach((name, value) -> values.put(name.toLowerCase(Locale.ROOT), List.of(value)));
        RestBinding.readParameters(new WireRequest("GET", "/", "", values, new byte[0]), Map.of(), (SdkPojo) builder);
    }
}
