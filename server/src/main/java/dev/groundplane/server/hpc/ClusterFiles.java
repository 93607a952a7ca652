package dev.groundplane.server.hpc;

import dev.groundplane.server.local.FileTree;
import dev.groundplane.services.parallelcluster.SlurmCluster;
import dev.groundplane.services.parallelcluster.SlurmNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** What lies in a cluster's directory; {@code node.sh} says what is what. Thread-safe: each cluster is worked on by one thread at a time. */
final class ClusterFiles {
    /** Runs a node. */
    static final String NODE = "node.sh";

    private static final String PRIVATE = "rw-------";
    private static final String READABLE = "rw-r--r--";
    private static final String EXECUTABLE = "rwxr-xr-x";
    private static final String PASSABLE = "rwx--x--x";
    private static final int KEY_BYTES = 128;

    private final HpcSite site;

    ClusterFiles(HpcSite site) {
        this.site = site;
    }

    /**
     * Writes what the nodes read. A repetition changes nothing.
     *
     * @param secret what the head node shows when it calls
     */
    void write(SlurmCluster cluster, String secret) throws IOException {
        Path directory = site.cluster(cluster.id());
        makeDirectory(site.clusters(), PASSABLE);
        makeDirectory(directory, PASSABLE);
        makeDirectory(directory.resolve("slurm"), "rwxr-xr-x");
        makeDirectory(directory.resolve("state"), "rwxr-xr-x");
        makeDirectory(directory.resolve("local"), PASSABLE);
        makeDirectory(directory.resolve("home"), "rwxr-xr-x");
        makeHome(cluster, directory.resolve("home"));
        if (!Files.exists(directory.resolve("munge.key"))) {
            byte[] key = new byte[KEY_BYTES];
            new SecureRandom().nextBytes(key);
            replace(directory.resolve("munge.key"), key, "r--------");
        }
        String user = cluster.configuration().defaultUser();
        text(directory, "id", cluster.id() + "\n", READABLE);
        text(directory, "nodes", SlurmAddresses.nodes(cluster), READABLE);
        text(directory, "permanent", permanent(cluster), READABLE);
        text(directory, "hosts", SlurmAddresses.hosts(cluster), READABLE);
        text(
                directory,
                "passwd",
                "%s:x:%d:%d::/home/%s:/bin/bash\n".formatted(user, cluster.firstUser(), cluster.firstUser(), user),
                READABLE);
        text(directory, "group", "%s:x:%d:\n".formatted(user, cluster.firstUser()), READABLE);
        text(directory, "call", call(cluster, secret), PRIVATE);
        text(directory, "slurm/slurm.conf", SlurmConfiguration.of(cluster), READABLE);
        if (!Files.exists(directory.resolve("state/jobs"))) {
            text(directory, "state/jobs", "", READABLE); // Slurm would make it for itself alone
        }
        script(directory, NODE);
        script(directory, "report.sh");
        script(directory, "slurm/power.sh");
        script(directory, "slurm/await-nodes.sh");
    }

    private static String permanent(SlurmCluster cluster) {
        return cluster.nodes().stream()
                .filter(SlurmNode::permanent)
                .map(node -> node.name() + "\n")
                .collect(Collectors.joining());
    }

    /** Has the head node report, which takes with it what it is to do; nothing when it does not run. */
    void poke(String id) throws IOException {
        Path pipe = site.cluster(id).resolve("power");
        if (Files.exists(pipe)) {
            // Also for reading: opened for writing alone, a pipe that nobody reads keeps one waiting.
            try (FileChannel channel = FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(new byte[] {'\n'}));
            }
        }
    }

    /** How curl calls the control plane. */
    private String call(SlurmCluster cluster, String secret) {
        String lines = """
                url = "%s/hpc/clusters/%s/nodes"
                header = "Authorization: Bearer %s"
                """.formatted(site.endpoint(), cluster.id(), secret);
        return site.authorities()
                .map(file -> lines + "cacert = \"%s\"\n".formatted(file))
                .orElse(lines);
    }

    private static void makeHome(SlurmCluster cluster, Path homes) throws IOException {
        Path home = homes.resolve(cluster.configuration().defaultUser());
        if (!Files.isDirectory(home)) {
            Path made = homes.resolve("." + home.getFileName());
            makeDirectory(made, "rwxr-x---");
            Files.setAttribute(made, "unix:uid", cluster.firstUser());
            Files.setAttribute(made, "unix:gid", cluster.firstUser());
            Files.move(made, home, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static void script(Path directory, String name) throws IOException {
        String resource = name.substring(name.indexOf('/') + 1);
        try (InputStream content = ClusterFiles.class.getResourceAsStream(resource)) {
            if (content == null) {
                throw new FileNotFoundException(resource + " is missing from the class path");
            }
            replace(directory.resolve(name), content.readAllBytes(), EXECUTABLE);
        }
    }

    private static void text(Path directory, String name, String text, String permissions) throws IOException {
        replace(directory.resolve(name), text.getBytes(StandardCharsets.UTF_8), permissions);
    }

    private static void replace(Path file, byte[] content, String permissions) throws IOException {
        if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), content)) {
            return;
        }
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.deleteIfExists(next);
        Files.createFile(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE)));
        Files.write(next, content);
        Files.setPosixFilePermissions(next, PosixFilePermissions.fromString(permissions));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** One that is there may lack its permissions: whoever made it may have been killed before giving them. */
    private static void makeDirectory(Path directory, String permissions) throws IOException {
        Files.createDirectories(directory);
        Set<PosixFilePermission> wanted = PosixFilePermissions.fromString(permissions);
        if (!Files.getPosixFilePermissions(directory).equals(wanted)) {
            Files.setPosixFilePermissions(directory, wanted);
        }
    }

    /** Removes a cluster's directory with all that is in it, if it is there. */
    void remove(String id) throws IOException {
        FileTree.remove(site.cluster(id));
    }
}
