package dev.groundplane.server.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.RolePassing;
import dev.groundplane.platform.secret.SecretKeyFile;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.SqliteDatabase;
import dev.groundplane.services.redshiftserverless.RedshiftServerless;
import dev.groundplane.services.warehouse.Backup;
import dev.groundplane.services.warehouse.Backups;
import dev.groundplane.services.warehouse.Restore;
import dev.groundplane.services.warehouse.Warehouse;
import dev.groundplane.services.warehouse.WarehouseFoundation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.redshiftserverless.RedshiftServerlessClient;
import software.amazon.awssdk.services.redshiftserverless.model.NamespaceStatus;
import software.amazon.awssdk.services.redshiftserverless.model.SnapshotStatus;

/** With files that are texts: what is in them is the engine's business. */
class BackupWorkTest {
    private static final String FILE = "dev.duckdb";
    private static final String LOG = "dev.duckdb.wal";

    @TempDir
    private Path directory;

    private final LinkedBlockingQueue<String> changes = new LinkedBlockingQueue<>();
    /** What was asked of workers. */
    private final List<String> steps = new CopyOnWriteArrayList<>();

    private Path files;
    private Database database;
    private RedshiftServerless service;
    private Backups backups;
    private BackupFiles backupFiles;
    private RestoreFiles restoreFiles;
    private BackupWork work;
    private String namespaceId;

    @BeforeEach
    void open() throws IOException {
        files = Files.createDirectory(directory.resolve("warehouse"));
        database = new SqliteDatabase(directory.resolve("db"), Resources.MIGRATIONS);
        service = newService();
        namespaceId = client().createNamespace(r -> r.namespaceName("risk"))
                .namespace()
                .namespaceId();
        client().createWorkgroup(r -> r.workgroupName("risk").namespaceName("risk"));
        backupFiles = new BackupFiles(files);
        restoreFiles = new RestoreFiles(files, backupFiles);
        work = new BackupWork(backups, backupFiles, restoreFiles, new NoWorkers(), service::wantRecoveryPoint);
        write("rows", "more rows");
    }

    private RedshiftServerless newService() {
        Events events = new Events();
        InstantSource clock = InstantSource.fixed(Instant.parse("2026-01-15T12:00:00Z"));
        WarehouseFoundation foundation = new WarehouseFoundation(
                database,
                events,
                SecretKeyFile.open(directory.resolve("key"), directory.resolve("none")),
                port -> true,
                clock);
        RedshiftServerless made = new RedshiftServerless(
                database,
                events,
                "warehouse.example",
                (caller, role, principal) -> RolePassing.Verdict.NO_SUCH_ROLE,
                foundation,
                clock);
        backups = new Backups(database, events, foundation, List.of(made.backups()));
        // After the service, whose reads know of a change then.
        for (String type : List.of(
                "redshift-serverless:namespace", "redshift-serverless:snapshot", "redshift-serverless:restore")) {
            events.subscribe(type, change -> changes.add(type));
        }
        return made;
    }

    @AfterEach
    void close() {
        work.close();
        service.close();
        database.close();
    }

    /** Of namespaces whose workgroups all sleep. */
    private final class NoWorkers implements Workers {
        @Override
        public List<Warehouse> warehouses() {
            return service.warehouses();
        }

        @Override
        public Stillness still(String namespace) throws IOException {
            steps.add("still");
            return StillFiles.of(files, namespace);
        }

        @Override
        public void end(String namespace) {}

        @Override
        public NamespaceLock exclude(String namespace) throws IOException {
            return NamespaceLock.await(files, namespace);
        }

        @Override
        public void refresh() {
            steps.add("refresh");
        }
    }

    private RedshiftServerlessClient client() {
        return service.client(new RootCall(database));
    }

    private void write(String file, String log) throws IOException {
        Path namespace = Files.createDirectories(files.resolve(namespaceId));
        Files.writeString(namespace.resolve(FILE), file);
        Files.writeString(namespace.resolve(LOG), log);
        Files.writeString(namespace.resolve("load_history.db"), "no database of the namespace's");
    }

    private String content() throws IOException {
        Path namespace = files.resolve(namespaceId);
        return Files.readString(namespace.resolve(FILE)) + ", " + Files.readString(namespace.resolve(LOG));
    }

    private List<String> directories() throws IOException {
        try (Stream<Path> all = Files.list(files)) {
            return all.filter(Files::isDirectory)
                    .map(path -> path.getFileName().toString())
                    .toList();
        }
    }

    private void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            assertThat(changes.poll(30, TimeUnit.SECONDS)).as("a change").isNotNull();
        }
    }

    private SnapshotStatus status() {
        return client().getSnapshot(r -> r.snapshotName("daily")).snapshot().status();
    }

    private Backup snapshot() throws InterruptedException {
        client().createSnapshot(r -> r.namespaceName("risk").snapshotName("daily"));
        await(() -> status() == SnapshotStatus.AVAILABLE);
        return backup();
    }

    private Backup backup() {
        return backups.find(backups.all().getFirst()).orElseThrow();
    }

    private Backups.Key namespace() {
        return new Backups.Key(RootCall.SCOPE, namespaceId);
    }

    private Restore restore() {
        client().restoreFromSnapshot(
                        r -> r.namespaceName("risk").workgroupName("risk").snapshotName("daily"));
        return backups.restore(namespace()).orElseThrow();
    }

    private void awaitRestored() throws InterruptedException {
        await(() ->
                client().getNamespace(r -> r.namespaceName("risk")).namespace().status() == NamespaceStatus.AVAILABLE
                        && backups.restore(namespace()).isEmpty());
    }

    @Test
    void aSnapshotIsRestoredWithNothingLeftBeside() throws Exception {
        work.start();
        Backup backup = snapshot();
        assertThat(backup.files()).extracting("name").containsExactly(FILE, LOG);
        write("other rows", "");
        restore();
        awaitRestored();

        assertThat(content()).isEqualTo("rows, more rows");
        assertThat(directories()).containsExactlyInAnyOrder(namespaceId, "backups");
        assertThat(files.resolve(namespaceId).resolve("load_history.db")).doesNotExist();
    }

    @Test
    void sessionsEndBeforeTheLastSnapshotIsMade() throws Exception {
        work.start();
        client().deleteWorkgroup(r -> r.workgroupName("risk"));
        client().deleteNamespace(r -> r.namespaceName("risk").finalSnapshotName("daily"));
        await(() -> status() == SnapshotStatus.AVAILABLE);

        assertThat(steps).containsExactly("refresh", "still");
    }

    @Test
    void whatIsUnfinishedIsFinishedByTheNextProcess() throws Exception {
        client().createSnapshot(r -> r.namespaceName("risk").snapshotName("daily"));
        Path half = Files.createDirectories(files.resolve("backups").resolve(backup().id() + ".part"));
        Files.writeString(half.resolve(FILE), "ro");
        Path nobodys = Files.createDirectories(files.resolve("backups").resolve("no-row"));
        Files.writeString(nobodys.resolve(FILE), "rows");

        work.start();
        await(() -> status() == SnapshotStatus.AVAILABLE);
        Backup backup = backup();
        assertThat(backupFiles.of(backup.id()).resolve(FILE)).hasContent("rows");
        work.close();
        assertThat(half).doesNotExist();
    }

    private enum Killed {
        BEFORE_ANYTHING,
        WHILE_COPYING,
        WITH_THE_COPY,
        BETWEEN_BOTH_RENAMES,
        BETWEEN_BOTH_RENAMES_WITH_A_WORKER,
        AFTER_THE_SWAP,
        WITH_THE_USERS
    }

    @ParameterizedTest
    @EnumSource
    void aRestoreGoesOnWhereverItWasKilled(Killed when) throws Exception {
        work.start();
        Backup backup = snapshot();
        work.close();
        write("other rows", "");
        restoreWithoutAnybody(backup, when);

        BackupWork next =
                new BackupWork(backups, backupFiles, restoreFiles, new NoWorkers(), service::wantRecoveryPoint);
        try (next) {
            next.start();
            awaitRestored();
        }
        assertThat(content()).isEqualTo("rows, more rows");
        assertThat(directories()).containsExactlyInAnyOrder(namespaceId, "backups");
    }

    /** What a process has done that is killed at some moment. The one that follows has the store of a new process. */
    private void restoreWithoutAnybody(Backup backup, Killed when) throws Exception {
        service.close();
        service = newService();
        Restore restore = restore();
        String beside = restore.namespaceId() + "." + restore.id();
        if (when == Killed.WHILE_COPYING) {
            Path part = Files.createDirectory(files.resolve(beside + ".part"));
            Files.writeString(part.resolve(FILE), "ro");
        }
        if (when.compareTo(Killed.WITH_THE_COPY) >= 0) {
            restoreFiles.stage(restore, backup);
        }
        if (when == Killed.BETWEEN_BOTH_RENAMES || when == Killed.BETWEEN_BOTH_RENAMES_WITH_A_WORKER) {
            Files.move(files.resolve(namespaceId), files.resolve(beside + ".old"));
        }
        if (when == Killed.BETWEEN_BOTH_RENAMES_WITH_A_WORKER) {
            write("a new database", "");
        }
        if (when.compareTo(Killed.AFTER_THE_SWAP) >= 0) {
            restoreFiles.swap(restore);
        }
        if (when == Killed.WITH_THE_USERS) {
            backups.restored(RootCall.SCOPE, restore, backup);
        }
    }

    @Test
    void aDamagedSnapshotLeavesTheNamespaceAsItWas() throws Exception {
        work.start();
        Backup backup = snapshot();
        Files.writeString(backupFiles.of(backup.id()).resolve(LOG), "MORE rows");
        write("other rows", "and more");
        restore();
        awaitRestored();

        assertThat(status()).isEqualTo(SnapshotStatus.FAILED);
        assertThat(content()).isEqualTo("other rows, and more");
        assertThat(directories()).containsExactlyInAnyOrder(namespaceId, "backups");
    }

    @Test
    void filesThatAreWrittenAnewMeanwhileAreNotTaken() throws Exception {
        Files.writeString(files.resolve(namespaceId).resolve(LOG + ".checkpoint"), "the next log");

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> backupFiles.copy(namespaceId, List.of("dev"), "backup"))
                .withMessageContaining("dev.duckdb was written anew");
        assertThat(backupFiles.of("backup")).doesNotExist();
    }

    /** Whether a worker, which is a process of its own, could have the namespace's databases. */
    private boolean canAnotherProcessHaveThem() throws IOException, InterruptedException {
        Path program = Files.writeString(directory.resolve("Lock.java"), """
                import java.nio.channels.FileChannel;
                import java.nio.file.Path;
                import java.nio.file.StandardOpenOption;

                void main(String[] words) throws Exception {
                    System.exit(FileChannel.open(Path.of(words[0]), StandardOpenOption.WRITE).tryLock() == null ? 3 : 0);
                }
                """);
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        int exit = new ProcessBuilder(
                        java.toString(),
                        program.toString(),
                        files.resolve(namespaceId + ".lock").toString())
                .inheritIO()
                .start()
                .waitFor();
        assertThat(exit).isIn(0, 3);
        return exit == 0;
    }

    @Test
    void aNamespaceWhoseWorkerIsBusyIsNotCopiedAndNotReplaced() throws Exception {
        try (var _ = NamespaceLock.await(files, namespaceId)) {
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> StillFiles.of(files, namespaceId));
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> NamespaceLock.await(files, namespaceId));
            assertThat(canAnotherProcessHaveThem()).isFalse();
        }
        assertThat(canAnotherProcessHaveThem()).isTrue();
        try (StillFiles still = StillFiles.of(files, namespaceId)) {
            assertThat(still.databases()).containsExactly("dev");
        }
    }

    @Test
    void filesLookTheSameUntilTheyChange() throws Exception {
        String before = backupFiles.look(namespaceId);
        assertThat(backupFiles.look(namespaceId)).isEqualTo(before).contains(FILE, LOG);
        write("rows", "more rows and more");
        assertThat(backupFiles.look(namespaceId)).isNotEqualTo(before);
        assertThat(backupFiles.look("none")).isEmpty();
    }
}
