package dev.groundplane.server.http;

import dev.groundplane.wire.WireRequest;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Buckets named by the host, as in {@code http://bucket.s3.localhost:4566/key}. Source: Amazon S3 User Guide, "Virtual hosting
 * of general purpose buckets". Immutable.
 */
public final class BucketHosts {
    /** The environment variable with further domains, separated by commas. */
    public static final String VARIABLE = "GROUNDPLANE_S3_DOMAINS";

    private static final List<String> BUILT_IN = List.of("s3.localhost", "localhost");

    private final List<String> domains;

    private BucketHosts(List<String> domains) {
        // s3.localhost before localhost: else s3 would be a bucket
        this.domains = domains.stream()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /** @param configured further domains, separated by commas; null for none */
    public static BucketHosts of(@Nullable String configured) {
        List<String> further = configured == null
                ? List.of()
                : List.of(configured.toLowerCase(Locale.ROOT).split("\\s*,\\s*", -1)).stream()
                        .filter(domain -> !domain.isBlank())
                        .map(String::strip)
                        .toList();
        return new BucketHosts(
                Stream.concat(BUILT_IN.stream(), further.stream()).toList());
    }

    /** The request with the bucket of its host's name as the first part of its path. */
    public WireRequest inPath(WireRequest request) {
        return request.header("host")
                .flatMap(this::bucket)
                .map(bucket -> request.withPath("/" + bucket + request.rawPath()))
                .orElse(request);
    }

    private Optional<String> bucket(String hostAndPort) {
        String host = hostAndPort.replaceFirst(":[0-9]*$", "").toLowerCase(Locale.ROOT);
        for (String domain : domains) {
            if (host.equals(domain)) {
                return Optional.empty();
            }
            if (host.endsWith("." + domain)) {
                return Optional.of(host.substring(0, host.length() - domain.length() - 1));
            }
        }
        return Optional.empty();
    }
}
