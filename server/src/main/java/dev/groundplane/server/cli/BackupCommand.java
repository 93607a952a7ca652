package dev.groundplane.server.cli;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.store.PostgresServer;
import dev.groundplane.platform.store.SqliteBackup;
import dev.groundplane.server.local.DataDirectory;
import dev.groundplane.server.local.StoreLocation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Writes a copy of an installation's database, also while it is in use. */
@Command(
        name = "backup",
        description = "Write a copy of the database, also while the control plane runs.",
        mixinStandardHelpOptions = true)
final class BackupCommand implements Callable<Integer> {
    @Mixin
    private DataOption data;

    @Parameters(paramLabel = "FILE", description = "the copy; a file that does not exist")
    private Path file;

    @Override
    public Integer call() {
        DataDirectory directory = data.directory();
        Optional<StoreLocation> shared = StoreLocation.kept(directory);
        if (shared.isPresent()) {
            String address = new PostgresServer(shared.get().url(), null).address();
            throw new GroundplaneException(
                    ErrorKind.USER_ERROR,
                    "the database is %s: back it up with pg_dump --format=custom --file=%s and the contents of S3's objects"
                                    .formatted(address, file)
                            + " by copying %s, and keep %s apart from both"
                                    .formatted(
                                            shared.get().objects(directory),
                                            shared.get().secretKey(directory)));
        }
        if (!Files.exists(directory.database())) {
            throw new GroundplaneException(
                    ErrorKind.USER_ERROR,
                    "there is no database in %s; --data chooses another directory".formatted(directory.root()));
        }
        SqliteBackup.write(directory.database(), file);
        System.out.printf("backed up %s into %s%n", directory.database(), file);
        System.out.printf(
                "the contents of S3's objects are not in it: copy %s before and after it%n", directory.objects());
        System.out.printf(
                "the key is not in it: keep a copy of %s apart from the backup, which is of little use without it%n",
                directory.secretKey());
        return 0;
    }
}
