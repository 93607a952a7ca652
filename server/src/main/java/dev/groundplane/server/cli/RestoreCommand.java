package dev.groundplane.server.cli;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.server.ControlPlane;
import dev.groundplane.server.local.DataDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts a backup into a data directory that has no database. */
@Command(
        name = "restore",
        description = "Put a backup into a data directory that has no database yet.",
        mixinStandardHelpOptions = true)
final class RestoreCommand implements Callable<Integer> {
    @Mixin
    private DataOption data;

    @Parameters(paramLabel = "FILE", description = "what 'backup' wrote")
    private Path file;

    @Option(
            names = "--secret-key-file",
            paramLabel = "FILE",
            description = "the copy of secret.key that belongs to the backup (default: it is put there by hand)")
    private @Nullable Path key;

    @Override
    public Integer call() throws IOException {
        DataDirectory directory = data.directory();
        if (!Files.isReadable(file)) {
            throw wrong("there is no file %s that can be read", file);
        }
        if (key != null && !Files.isReadable(key)) {
            throw wrong("there is no file %s that can be read", key);
        }
        directory.create();
        if (Files.exists(directory.database()) || Files.exists(directory.storeLocation())) {
            throw wrong(
                    "%s has a database already; --data chooses another directory, or move that one away",
                    directory.root());
        }
        if (key != null) {
            directory.writePrivately(directory.secretKey(), Files.readString(key));
        }
        ControlPlane.restore(file, directory);
        System.out.printf("restored %s into %s%n", file, directory.root());
        System.out.println(
                Files.exists(directory.secretKey())
                        ? "start it with: ./groundplane up --data " + directory.root()
                        : "put the key that belongs to it into %s (mode 0600), then: ./groundplane up --data %s"
                                .formatted(directory.secretKey(), directory.root()));
        return 0;
    }

    private static GroundplaneException wrong(String message, Path path) {
        return new GroundplaneException(ErrorKind.USER_ERROR, message.formatted(path));
    }
}
