package dev.groundplane.server.cli;

import dev.groundplane.server.DurationSetting;
import dev.groundplane.server.local.DataDirectory;
import dev.groundplane.server.local.S3Location;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Another S3 that keeps the objects. */
final class S3Options {
    private static final String LIST_EVERY = "--s3-list-every";

    @Option(
            names = "--s3-endpoint",
            paramLabel = "URL",
            description = "an S3 of your own (AWS, Ceph, MinIO) that keeps the objects, such as https://s3.example.org;"
                    + " remembered (default: they are kept in the data directory)")
    private @Nullable String endpoint;

    @Option(
            names = "--s3-region",
            paramLabel = "REGION",
            description = "the region that calls of it are signed for (default: us-east-1)")
    private @Nullable String region;

    @Option(
            names = "--s3-credentials",
            paramLabel = "FILE",
            description = "a file as ~/.aws/credentials, whose profile 'default' calls it; read again when it changes")
    private @Nullable Path credentials;

    @Option(
            names = "--s3-ca",
            paramLabel = "FILE",
            description = "the authorities (PEM) that vouch for its certificate (default: those that Java trusts)")
    private @Nullable Path authorities;

    @Option(
            names = "--s3-virtual-hosts",
            description = "name its buckets by the host (bucket.s3.example.org) instead of by the path")
    private @Nullable Boolean virtualHosts;

    @Option(
            names = LIST_EVERY,
            paramLabel = "DURATION",
            defaultValue = "5s",
            description = "how often the prefixes of copy jobs are listed there, to find what others put (default:"
                    + " ${DEFAULT-VALUE})")
    private String listEvery = "";

    /** Which S3 that is; empty for the data directory. */
    Optional<S3Location> location(DataDirectory data) {
        return S3Location.of(data, endpoint, region, credentials, authorities, virtualHosts);
    }

    /** @throws dev.groundplane.platform.GroundplaneException when it is no duration, or less than a second */
    Duration listEvery() {
        return DurationSetting.of(LIST_EVERY, listEvery);
    }

    /** The options as another process takes them. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of(LIST_EVERY, listEvery));
        if (endpoint != null) {
            arguments.addAll(List.of("--s3-endpoint", endpoint));
        }
        if (region != null) {
            arguments.addAll(List.of("--s3-region", region));
        }
        if (credentials != null) {
            arguments.addAll(
                    List.of("--s3-credentials", credentials.toAbsolutePath().toString()));
        }
        if (authorities != null) {
            arguments.addAll(List.of("--s3-ca", authorities.toAbsolutePath().toString()));
        }
        if (virtualHosts != null) {
            arguments.add("--s3-virtual-hosts=" + virtualHosts);
        }
        return arguments;
    }
}
