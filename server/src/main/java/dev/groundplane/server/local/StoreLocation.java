package dev.groundplane.server.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.store.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a control plane keeps its state when that is not in its data directory. Given once, it is kept there, so that the
 * directory is never used with another database by mistake.
 *
 * @param url of a PostgreSQL database, as {@link PostgresServer} takes it
 * @param passwordFile what holds the user's password; null when the variable {@value #PASSWORD} or PostgreSQL's own means do
 * @param secretKeyFile the installation's key; null when it is in the data directory
 * @param objectsDirectory where the contents of S3's objects lie; null when that is in the data directory
 * @param chain names this control plane's hash chain in the audit trail
 */
public record StoreLocation(
        String url,
        @Nullable String passwordFile,
        @Nullable String secretKeyFile,
        @Nullable String objectsDirectory,
        String chain) {
    /** The environment variable that stands in for the URL. */
    public static final String URL = "GROUNDPLANE_DATABASE";

    /** The environment variable that may hold the password. */
    public static final String PASSWORD = "GROUNDPLANE_DATABASE_PASSWORD";

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The location that is given, else the one that the directory was used with before.
     *
     * @param url from the command line, where a password must not be; null for none
     * @param environment the variables of the process
     * @return empty when the state is in the data directory
     * @throws GroundplaneException when it is no such URL, or the directory was used with another database
     */
    public static Optional<StoreLocation> of(
            DataDirectory data,
            @Nullable String url,
            @Nullable Path passwordFile,
            @Nullable Path secretKeyFile,
            @Nullable Path objectsDirectory,
            Map<String, String> environment) {
        if (url != null && url.contains("password=")) {
            throw wrong("everyone can see command lines, so --database must not have a password; put it into a file for"
                    + " --database-password-file or into " + PASSWORD);
        }
        String given = url == null ? environment.get(URL) : url;
        Optional<StoreLocation> kept = kept(data);
        if (given == null || given.isBlank()) {
            if (kept.isEmpty() && secretKeyFile != null) {
                throw wrong("--secret-key-file is for control planes that share a database: give --database");
            }
            if (kept.isEmpty() && objectsDirectory != null) {
                throw wrong("--objects is for control planes that share a database: give --database");
            }
            return kept;
        }
        if (!given.startsWith(PostgresServer.PREFIX)) {
            throw wrong("--database '%s' must begin with %s//".formatted(given, PostgresServer.PREFIX));
        }
        if (Files.exists(data.database())) {
            throw wrong("%s has a database of its own, %s; --data chooses another directory"
                    .formatted(data.root(), data.database().getFileName()));
        }
        if (kept.isPresent() && !address(kept.get().url()).equals(address(given))) {
            throw wrong("%s belongs to the database %s and cannot be used with %s; --data chooses another directory"
                    .formatted(data.root(), address(kept.get().url()), address(given)));
        }
        return Optional.of(new StoreLocation(
                given,
                absolute(passwordFile, kept.map(StoreLocation::passwordFile).orElse(null)),
                absolute(secretKeyFile, kept.map(StoreLocation::secretKeyFile).orElse(null)),
                absolute(
                        objectsDirectory,
                        kept.map(StoreLocation::objectsDirectory).orElse(null)),
                kept.map(StoreLocation::chain).orElseGet(() -> UUID.randomUUID().toString())));
    }

    private static String address(String url) {
        return new PostgresServer(url, null).address();
    }

    private static @Nullable String absolute(@Nullable Path given, @Nullable String kept) {
        return given == null ? kept : given.toAbsolutePath().toString();
    }

    /** The location that the directory was used with before. */
    public static Optional<StoreLocation> kept(DataDirectory data) {
        if (!Files.exists(data.storeLocation())) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(data.storeLocation().toFile(), StoreLocation.class));
        } catch (IOException e) {
            throw new GroundplaneException(
                    ErrorKind.EXTERNAL, "cannot read %s: %s".formatted(data.storeLocation(), e.getMessage()), e);
        }
    }

    /** Keeps it for later starts. */
    public void keep(DataDirectory data) {
        try {
            data.writePrivately(data.storeLocation(), JSON.writeValueAsString(this));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records always have a JSON form", e);
        }
    }

    /**
     * The database server.
     *
     * @param environment the variables of the process
     * @throws GroundplaneException when the password file cannot be read
     */
    public PostgresServer server(Map<String, String> environment) {
        if (passwordFile == null) {
            return new PostgresServer(url, environment.get(PASSWORD));
        }
        try {
            return new PostgresServer(
                    url, Files.readString(Path.of(passwordFile)).strip());
        } catch (IOException e) {
            throw new GroundplaneException(
                    ErrorKind.USER_ERROR, "cannot read the database's password from %s".formatted(passwordFile), e);
        }
    }

    /** The file of the installation's key. */
    public Path secretKey(DataDirectory data) {
        return Path.of(
                Objects.requireNonNullElse(secretKeyFile, data.secretKey().toString()));
    }

    /** The directory of the contents of S3's objects. */
    public Path objects(DataDirectory data) {
        return Path.of(
                Objects.requireNonNullElse(objectsDirectory, data.objects().toString()));
    }

    private static GroundplaneException wrong(String message) {
        return new GroundplaneException(ErrorKind.USER_ERROR, message);
    }

    /** Keeps a password that the URL may have out of log lines. */
    @Override
    public String toString() {
        return "StoreLocation[" + address(url) + "]";
    }
}
