package dev.groundplane.server.cli;

import dev.groundplane.server.local.DataDirectory;
import dev.groundplane.server.local.StoreLocation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A database that several control planes share. */
final class DatabaseOptions {
    @Option(
            names = "--database",
            paramLabel = "URL",
            description = "jdbc:postgresql://HOST/DATABASE?user=NAME, for several control planes on one database; also"
                    + " from GROUNDPLANE_DATABASE (default: a file in the data directory)")
    private @Nullable String url;

    @Option(
            names = "--database-password-file",
            paramLabel = "FILE",
            description = "what holds the user's password; else GROUNDPLANE_DATABASE_PASSWORD or a .pgpass file does")
    private @Nullable Path passwordFile;

    @Option(
            names = "--secret-key-file",
            paramLabel = "FILE",
            description = "the installation's key, the same for all control planes on one database (default: secret.key"
                    + " in the data directory)")
    private @Nullable Path secretKeyFile;

    @Option(
            names = "--objects",
            paramLabel = "DIR",
            description =
                    "where the contents of S3's objects lie: a directory that all control planes on one database see,"
                            + " for example by NFS (default: s3 in the data directory)")
    private @Nullable Path objects;

    /** Where the state is; empty for the data directory. */
    Optional<StoreLocation> location(DataDirectory data) {
        return StoreLocation.of(data, url, passwordFile, secretKeyFile, objects, System.getenv());
    }

    /** The options as another process takes them; variables are inherited. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        if (url != null) {
            arguments.addAll(List.of("--database", url));
        }
        if (passwordFile != null) {
            arguments.addAll(List.of(
                    "--database-password-file", passwordFile.toAbsolutePath().toString()));
        }
        if (secretKeyFile != null) {
            arguments.addAll(
                    List.of("--secret-key-file", secretKeyFile.toAbsolutePath().toString()));
        }
        if (objects != null) {
            arguments.addAll(List.of("--objects", objects.toAbsolutePath().toString()));
        }
        return arguments;
    }
}
