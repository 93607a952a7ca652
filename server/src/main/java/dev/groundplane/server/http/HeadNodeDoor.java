package dev.groundplane.server.http;

import dev.groundplane.wire.WireRequest;
import dev.groundplane.wire.WireResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers head nodes of Slurm clusters, which tell how their nodes are: {@code PUT /hpc/clusters/ID/nodes} with the cluster's secret
 * as {@code Authorization: Bearer SECRET}. No AWS calls, so they are not in the audit trail; what follows from them is. Thread-safe.
 */
public final class HeadNodeDoor {
    private static final String BEARER = "Bearer ";
    private static final Pattern PATH = Pattern.compile("/hpc/clusters/([a-z0-9]{1,32})/nodes");

    private final Reports reports;

    /** Takes what head nodes tell. */
    public interface Reports {
        /**
         * @return what the head node is to do; empty when there is no such cluster, or that is not its secret
         * @throws IllegalArgumentException when the text says nothing about nodes
         */
        Optional<String> report(String cluster, String secret, String text);
    }

    /** @param reports takes them */
    public HeadNodeDoor(Reports reports) {
        this.reports = reports;
    }

    /** Whether a request is one of these. A bucket may have such a name: calls of S3 are signed in another way. */
    boolean handles(WireRequest head) {
        return head.method().equals("PUT")
                && head.rawQuery().isEmpty()
                && PATH.matcher(head.rawPath()).matches()
                && head.header("authorization")
                        .filter(value -> value.startsWith(BEARER))
                        .isPresent();
    }

    /** Answers a request that {@link #handles} told to be one of these. */
    WireResponse answer(WireRequest request) {
        Matcher path = PATH.matcher(request.rawPath());
        if (!path.matches()) {
            throw new IllegalArgumentException("no cluster's nodes at " + request.rawPath());
        }
        String secret = request.header("authorization").orElse(BEARER).substring(BEARER.length());
        String text = new String(request.body(), StandardCharsets.UTF_8);
        try {
            return reports.report(path.group(1), secret.strip(), text)
                    .map(orders -> text(200, orders))
                    .orElseGet(() -> text(403, "there is no such cluster, or this is not its secret\n"));
        } catch (IllegalArgumentException e) {
            return text(400, e.getMessage() + "\n");
        }
    }

    private static WireResponse text(int status, String text) {
        return new WireResponse(
                status, Map.of("Content-Type", "text/plain; charset=utf-8"), text.getBytes(StandardCharsets.UTF_8));
    }
}
