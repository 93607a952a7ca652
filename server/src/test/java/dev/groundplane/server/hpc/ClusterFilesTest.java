package dev.groundplane.server.hpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.groundplane.platform.identity.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies in a cluster's directory. Needs root, because a home directory belongs to the cluster's user. */
class ClusterFilesTest {
    private static final FileTime OLD = FileTime.from(Instant.parse("2026-01-15T12:00:00Z"));

    @TempDir
    private Path directory;

    private ClusterFiles files;
    private Path cluster;

    @BeforeEach
    void open() {
        var isRoot = System.getProperty("user.name").equals("root");
        assumeTrue(isRoot || "true".equals(System.getenv("CI")), "needs root, to give a directory to another user");
        files = files(Optional.empty());
        cluster = directory.resolve("clusters/1a2b3c4d");
    }

    private ClusterFiles files(Optional<Path> authorities) {
        return new ClusterFiles(new HpcSite(
                directory.resolve("clusters"),
                "https://localhost:4566",
                authorities,
                Optional::empty,
                new Scope("123456789012", "us-east-1")));
    }

    private void write() throws IOException {
        files.write(Clusters.of(Clusters.FILE), "the-secret");
    }

    private String permissions(String name) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(cluster.resolve(name)));
    }

    private String text(String name) throws IOException {
        return Files.readString(cluster.resolve(name));
    }

    /** All files with what tells that they have been written. */
    private Map<Path, String> written() throws IOException {
        Map<Path, String> all = new TreeMap<>();
        try (Stream<Path> found = Files.walk(cluster)) {
            for (Path path : found.toList()) {
                all.put(
                        path,
                        Files.getAttribute(path, "unix:ino") + " " + Files.getLastModifiedTime(path) + " "
                                + Files.getAttribute(path, "unix:mode"));
            }
        }
        return all;
    }

    private void makeOld() throws IOException {
        for (Path path : written().keySet()) {
            Files.setLastModifiedTime(path, OLD);
        }
    }

    @Test
    void secretsAreRootsAloneAndAllElseIsForTheUsersOfTheCluster() throws IOException {
        write();
        assertThat(permissions("munge.key")).isEqualTo("r--------");
        assertThat(permissions("call")).isEqualTo("rw-------");
        assertThat(permissions("")).isEqualTo("rwx--x--x");
        assertThat(permissions("local")).isEqualTo("rwx--x--x");
        assertThat(permissions("slurm/slurm.conf")).isEqualTo("rw-r--r--");
        assertThat(permissions("state/jobs")).isEqualTo("rw-r--r--");
        assertThat(permissions("node.sh")).isEqualTo("rwxr-xr-x");
        assertThat(permissions("slurm/power.sh")).isEqualTo("rwxr-xr-x");
        assertThat(permissions("slurm/await-nodes.sh")).isEqualTo("rwxr-xr-x");
        assertThat(Files.size(cluster.resolve("munge.key"))).isEqualTo(128);
    }

    @Test
    void theHomeDirectoryIsTheUsers() throws IOException {
        write();
        var home = cluster.resolve("home/ec2-user");
        assertThat(Files.getAttribute(home, "unix:uid")).isEqualTo(700_000);
        assertThat(Files.getAttribute(home, "unix:gid")).isEqualTo(700_000);
        assertThat(permissions("home/ec2-user")).isEqualTo("rwxr-x---");
        assertThat(text("passwd")).isEqualTo("ec2-user:x:700000:700000::/home/ec2-user:/bin/bash\n");
        assertThat(text("group")).isEqualTo("ec2-user:x:700000:\n");
    }

    @Test
    void whichNodesAreThereAlwaysIsNotReadFromTheirNames() throws IOException {
        files.write(Clusters.of(Clusters.with("    - Name: second\n", "    - Name: a-st-b\n")), "the-secret");
        assertThat(text("permanent")).isEqualTo("main-st-small-1\nmain-st-small-2\nmain-st-own-1\n");
        assertThat(text("nodes")).contains("a-st-b-dy-big-1 ");
    }

    @Test
    void theHeadNodeIsToldWhomToCallAndWithWhat() throws IOException {
        write();
        assertThat(text("call").lines())
                .containsExactly(
                        "url = \"https://localhost:4566/hpc/clusters/1a2b3c4d/nodes\"",
                        "header = \"Authorization: Bearer the-secret\"");
        files = files(Optional.of(Path.of("/data/authorities.pem")));
        write();
        assertThat(text("call").lines()).hasSize(3).endsWith("cacert = \"/data/authorities.pem\"");
        assertThat(permissions("call")).isEqualTo("rw-------");
        assertThat(text("id")).isEqualTo("1a2b3c4d\n");
    }

    @Test
    void aRepetitionChangesNothing() throws IOException {
        write();
        makeOld();
        Files.writeString(cluster.resolve("state/jobs"), "JobId=1\n"); // Slurm's, from now on
        Files.writeString(cluster.resolve("home/ec2-user/results"), "42\n");
        Files.setLastModifiedTime(cluster.resolve("home/ec2-user"), OLD);
        var before = written();
        files = files(Optional.empty()); // of another process
        write();
        assertThat(written()).isEqualTo(before);
        assertThat(text("state/jobs")).isEqualTo("JobId=1\n");
    }

    @Test
    void whatAnotherConfigurationHasOtherwiseIsReplacedAndNothingElse() throws IOException {
        write();
        makeOld();
        var key = Files.readAllBytes(cluster.resolve("munge.key"));
        files.write(Clusters.of(Clusters.with("MaxCount: 6", "MaxCount: 7")), "the-secret");
        try (Stream<Path> found = Files.walk(cluster)) {
            assertThat(found.filter(Files::isRegularFile)
                            .filter(path -> !modified(path).equals(OLD)))
                    .containsExactlyInAnyOrder(
                            cluster.resolve("nodes"), cluster.resolve("hosts"), cluster.resolve("slurm/slurm.conf"));
        }
        assertThat(text("slurm/slurm.conf")).contains("NodeName=main-dy-small-[1-5] ");
        assertThat(text("nodes")).contains("main-dy-small-5 10.77.0.9 7\n");
        assertThat(cluster.resolve("munge.key")).hasBinaryContent(key);
    }

    private static FileTime modified(Path path) {
        try {
            return Files.getLastModifiedTime(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatAProcessThatWasKilledHasLeftIsInNobodysWay() throws IOException {
        write();
        Files.writeString(cluster.resolve("nodes"), "of another release\n");
        Files.writeString(cluster.resolve("nodes.next"), "hal");
        Files.delete(cluster.resolve("home/ec2-user"));
        Files.createDirectory(cluster.resolve("home/.ec2-user"));
        write();
        assertThat(text("nodes")).isEqualTo(SlurmAddresses.nodes(Clusters.of(Clusters.FILE)));
        assertThat(cluster.resolve("nodes.next")).doesNotExist();
        assertThat(permissions("home/ec2-user")).isEqualTo("rwxr-x---");
        assertThat(Files.getAttribute(cluster.resolve("home/ec2-user"), "unix:uid"))
                .isEqualTo(700_000);
    }

    @Test
    void eachClusterHasAKeyOfItsOwnAndTakesAllWithIt() throws IOException {
        write();
        Files.writeString(cluster.resolve("home/ec2-user/results"), "42\n");
        var key = Files.readAllBytes(cluster.resolve("munge.key"));
        files.remove("1a2b3c4d");
        files.remove("1a2b3c4d");
        assertThat(cluster).doesNotExist();
        write();
        assertThat(Files.readAllBytes(cluster.resolve("munge.key"))).isNotEqualTo(key);
    }

    @Test
    void whatLinksLeadToIsNotRemoved() throws IOException {
        write();
        var other = Files.createDirectory(directory.resolve("other"));
        Files.writeString(other.resolve("kept"), "kept\n");
        Files.createSymbolicLink(cluster.resolve("home/ec2-user/link"), other);
        files.remove("1a2b3c4d");
        assertThat(cluster).doesNotExist();
        assertThat(other.resolve("kept")).hasContent("kept\n");
    }
}
