package dev.groundplane.server.http;

import dev.groundplane.wire.WireRequest;
import dev.groundplane.wire.WireResponse;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Answers what operators and their monitoring ask about the control plane itself; no AWS calls, so they are not in the audit
 * trail. Asked with the operator's token as {@code Authorization: Bearer TOKEN}; some is told without one to whoever asks
 * from this machine. Thread-safe.
 */
public final class OperatorDoor {
    private static final String BEARER = "Bearer ";
    /** What proxies add: such a request was not made on this machine, whatever its peer's address. */
    private static final List<String> FORWARDED = List.of("forwarded", "x-forwarded-for", "x-real-ip", "via");

    private final byte[] token;
    private final Map<String, Page> pages;

    /**
     * Something that can be asked for.
     *
     * @param contentType media type
     * @param openHere whether it is told without the token to whoever asks from this machine
     * @param content made anew for each request
     */
    public record Page(String contentType, boolean openHere, Supplier<byte[]> content) {}

    /**
     * @param token opens everything
     * @param pages by path
     */
    public OperatorDoor(String token, Map<String, Page> pages) {
        this.token = token.getBytes(StandardCharsets.UTF_8);
        this.pages = Map.copyOf(pages);
    }

    /** Whether a request is for one of the pages. A bucket may have such a name: calls of S3 are signed, or have a query. */
    boolean handles(WireRequest head) {
        return pages.containsKey(head.rawPath())
                && head.method().equals("GET")
                && head.rawQuery().isEmpty()
                && head.header("authorization")
                        .map(value -> value.startsWith(BEARER))
                        .orElse(true);
    }

    /**
     * Answers a request that {@link #handles} told to be for one of the pages.
     *
     * @param peer the address that it came from
     */
    WireResponse answer(WireRequest head, String peer) {
        Page page = pages.get(head.rawPath());
        if (page == null) {
            throw new IllegalArgumentException("no page at " + head.rawPath());
        }
        boolean admitted = head.header("authorization")
                .map(this::isToken)
                .orElseGet(() -> page.openHere()
                        && isLoopback(peer)
                        && FORWARDED.stream()
                                .noneMatch(name -> head.header(name).isPresent()));
        return admitted
                ? new WireResponse(
                        200,
                        Map.of("Content-Type", page.contentType()),
                        page.content().get())
                : refusal();
    }

    private boolean isToken(String authorization) {
        byte[] given = authorization.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(given, token);
    }

    private static boolean isLoopback(String peer) {
        try {
            return InetAddress.ofLiteral(peer).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static WireResponse refusal() {
        return new WireResponse(
                401,
                Map.of("Content-Type", "text/plain; charset=utf-8", "WWW-Authenticate", "Bearer"),
                "the operator's token is missing or wrong; it is in the file operator.token of the data directory%n"
                        .formatted()
                        .getBytes(StandardCharsets.UTF_8));
    }
}
