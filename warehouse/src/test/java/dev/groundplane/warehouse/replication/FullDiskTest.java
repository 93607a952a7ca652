package dev.groundplane.warehouse.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The warehouse's disk is full, and has room again. Needs root, for a disk of its own. */
final class FullDiskTest extends ReplicationFixture {
    private boolean mounted;

    @Override
    void prepare() throws Exception {
        var isRoot = System.getProperty("user.name").equals("root");
        assumeTrue(isRoot || "true".equals(System.getenv("CI")), "needs root, to mount a small file system");
        run("mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", directory.toString());
        mounted = true;
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            run("umount", "--lazy", directory.toString());
        }
    }

    private static void run(String... words) throws Exception {
        var process = new ProcessBuilder(words).inheritIO().start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(String.join(" ", words)).isZero();
    }

    @Test
    void changes_wait_for_room() throws Exception {
        source("CREATE TABLE t(id int PRIMARY KEY, body text)");
        follow();
        insert(1, 1000);
        awaitFollowed();

        fill(0);
        var before = walSender();
        insert(1001, 5000);
        source("DELETE FROM t WHERE id % 3 = 0");
        awaitNext(before);
        empty();
        awaitEqual("t", "id");
    }

    @Test
    void a_table_is_copied_when_there_is_room() throws Exception {
        source("CREATE TABLE t(id int PRIMARY KEY, body text)");
        insert(1, 10_000);
        follow();
        awaitFollowed();

        fill(1 << 20);
        refresh("t");
        var copies = new HashSet<List<String>>();
        await(
                () -> { // a copy has failed, and there is another one
                    copies.addAll(
                            sourceRows(
                                    "SELECT active_pid FROM pg_replication_slots WHERE slot_name LIKE 'groundplane\\_test\\_%'"));
                    assertThat(copies).hasSizeGreaterThan(1);
                });
        source("UPDATE t SET body = id WHERE id % 2 = 0");
        empty();
        awaitState("t", "Synced");
        awaitEqual("t", "id");
    }

    @Test
    void a_database_whose_file_could_not_be_written_is_opened_again() throws Exception {
        source("CREATE TABLE t(id int PRIMARY KEY, body text)");
        follow();
        insert(1, 5000);
        awaitFollowed();

        fill(0);
        var before = walSender();
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> target("CHECKPOINT sales"))
                .withMessageContaining("No space left on device");
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> target("SELECT count(*) FROM public.t"))
                .withMessageContaining("has been invalidated");
        insert(5001, 6000);
        awaitNext(before);
        empty();
        awaitEqual("t", "id");
    }

    /** Rows of 640 bytes that no compression makes smaller. */
    private void insert(int from, int to) throws SQLException {
        source(("INSERT INTO t SELECT i, string_agg(md5(random()::text), '')"
                        + " FROM generate_series(%d, %d) i, generate_series(1, 20) GROUP BY i")
                .formatted(from, to));
    }

    /** Waits until the first copy has nothing left to write: its rows are there a moment before it is taken over. */
    private void awaitFollowed() throws Exception {
        awaitEqual("t", "id");
        awaitState("t", "Synced");
    }

    private Path ballast() {
        return directory.resolve("ballast");
    }

    /** Leaves so much room. */
    private void fill(long bytes) throws IOException {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> {
                    var block = new byte[4096];
                    try (OutputStream file = Files.newOutputStream(ballast())) {
                        while (true) {
                            file.write(block);
                        }
                    }
                })
                .withMessageContaining("No space left on device");
        try (var file = FileChannel.open(ballast(), StandardOpenOption.WRITE)) {
            file.truncate(file.size() - bytes);
        }
    }

    private void empty() throws IOException {
        Files.delete(ballast());
    }

    /** The source's process that whoever follows is connected to; empty when it is not. */
    private String walSender() throws SQLException {
        return sourceRows(
                        "SELECT coalesce(max(active_pid)::text, '') FROM pg_replication_slots WHERE slot_name = 'groundplane_test'")
                .getFirst()
                .getFirst();
    }

    /** Waits until whoever follows has failed and tries again. */
    private void awaitNext(String before) throws Exception {
        await(() -> assertThat(walSender()).isNotIn("", before));
    }
}
