package dev.groundplane.server.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Another S3 that keeps the objects instead of the data directory. Given once, it is kept there, so that the directory is never used
 * without it or with another one by mistake.
 *
 * @param endpoint scheme, host and port
 * @param region that calls are signed for
 * @param credentialsFile a shared credentials file of AWS with a profile {@code default}
 * @param authoritiesFile certificates (PEM) of whom to trust for its own; null for those that Java trusts
 * @param virtualHosts whether buckets are named by the host instead of by the path
 */
public record S3Location(
        String endpoint,
        String region,
        String credentialsFile,
        @Nullable String authoritiesFile,
        boolean virtualHosts) {
    private static final String DEFAULT_REGION = "us-east-1";
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The location that is given, else the one that the directory was used with before.
     *
     * @param endpoint from the command line; null for none
     * @return empty when objects are in the data directory
     * @throws GroundplaneException when it is no such URL, a file cannot be read, or the directory was used with another one
     */
    public static Optional<S3Location> of(
            DataDirectory data,
            @Nullable String endpoint,
            @Nullable String region,
            @Nullable Path credentialsFile,
            @Nullable Path authoritiesFile,
            @Nullable Boolean virtualHosts) {
        Optional<S3Location> kept = kept(data);
        if (endpoint == null && kept.isEmpty()) {
            if (region != null || credentialsFile != null || authoritiesFile != null || virtualHosts != null) {
                throw wrong(
                        "--s3-region, --s3-credentials, --s3-ca and --s3-virtual-hosts are for an S3 of your own: give"
                                + " --s3-endpoint");
            }
            return kept;
        }
        String used = endpoint == null ? kept.orElseThrow().endpoint() : address(endpoint);
        if (kept.isPresent() && !kept.get().endpoint().equals(used)) {
            throw wrong(
                    "%s was used with the S3 at %s and cannot be used with %s; --data chooses another directory. If it is"
                                    .formatted(data.root(), kept.get().endpoint(), used)
                            + " the same S3 at another address, remove %s first".formatted(data.s3Location()));
        }
        String file = credentialsFile == null
                ? kept.map(S3Location::credentialsFile)
                        .orElseThrow(
                                () -> wrong("--s3-endpoint needs --s3-credentials FILE: a file as ~/.aws/credentials,"
                                        + " with aws_access_key_id and aws_secret_access_key under [default]"))
                : credentialsFile.toAbsolutePath().toString();
        if (!Files.isReadable(Path.of(file))) {
            throw wrong("--s3-credentials %s cannot be read: it must be a file as ~/.aws/credentials".formatted(file));
        }
        return Optional.of(new S3Location(
                used,
                Objects.requireNonNullElse(region, kept.map(S3Location::region).orElse(DEFAULT_REGION)),
                file,
                authoritiesFile == null
                        ? kept.map(S3Location::authoritiesFile).orElse(null)
                        : authoritiesFile.toAbsolutePath().toString(),
                Objects.requireNonNullElse(
                        virtualHosts, kept.map(S3Location::virtualHosts).orElse(false))));
    }

    /** Without a slash at its end. */
    private static String address(String given) {
        String example = "it must be the S3's own, such as https://s3.example.org or http://10.0.0.5:9000";
        try {
            URI uri = new URI(given);
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            boolean bare = uri.getRawPath() == null
                    || uri.getRawPath().isEmpty()
                    || uri.getRawPath().equals("/");
            if (!http || uri.getHost() == null || !bare || uri.getRawQuery() != null || uri.getRawFragment() != null) {
                throw wrong("--s3-endpoint '%s': %s, without a bucket or path".formatted(given, example));
            }
            if (uri.getRawUserInfo() != null) {
                throw wrong(
                        "everyone can see command lines, so --s3-endpoint must not have credentials; put them into a file"
                                + " for --s3-credentials");
            }
            return given.replaceFirst("/$", "");
        } catch (URISyntaxException e) {
            throw wrong("--s3-endpoint '%s' is no URL: %s".formatted(given, example));
        }
    }

    /** The location that the directory was used with before. */
    public static Optional<S3Location> kept(DataDirectory data) {
        if (!Files.exists(data.s3Location())) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(data.s3Location().toFile(), S3Location.class));
        } catch (IOException e) {
            throw new GroundplaneException(
                    ErrorKind.EXTERNAL, "cannot read %s: %s".formatted(data.s3Location(), e.getMessage()), e);
        }
    }

    /** Keeps it for later starts. */
    public void keep(DataDirectory data) {
        try {
            data.writePrivately(data.s3Location(), JSON.writeValueAsString(this));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records always have a JSON form", e);
        }
    }

    private static GroundplaneException wrong(String message) {
        return new GroundplaneException(ErrorKind.USER_ERROR, message);
    }
}
