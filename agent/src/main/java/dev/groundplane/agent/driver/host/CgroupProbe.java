package dev.groundplane.agent.driver.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Finds out which cgroups this agent may make. */
final class CgroupProbe {
    private static final Path MOUNTS = Path.of("/proc/self/mounts");

    private CgroupProbe() {}

    /**
     * The tree for an agent's data directory; agents on one host keep apart by it.
     *
     * @param leftOut receives a sentence for everything that does not work here
     */
    static CgroupTree detect(Path dataDirectory, List<String> leftOut) {
        var place = Path.of("groundplane", shortHash(dataDirectory));
        try {
            var mounts = Files.readAllLines(MOUNTS);
            var cpu = version1(mounts, "cpu");
            var memory = version1(mounts, "memory");
            if (cpu.isPresent() || memory.isPresent()) {
                return new CgroupV1(
                        create(cpu, place, "CPU shares", leftOut), create(memory, place, "memory limits", leftOut));
            }
            return version2(mounts, place);
        } catch (IOException e) {
            leftOut.add("CPU shares and memory limits (%s): the agent needs a writable cgroup file system"
                    .formatted(e.getMessage()));
            return new CgroupTree.None();
        }
    }

    private static Optional<Path> version1(List<String> mounts, String controller) {
        return mounts.stream()
                .map(line -> line.split(" "))
                .filter(fields -> fields[2].equals("cgroup")
                        && Arrays.asList(fields[3].split(",")).contains(controller))
                .map(fields -> Path.of(fields[1]))
                .findFirst();
    }

    private static Optional<Path> create(Optional<Path> root, Path place, String what, List<String> leftOut) {
        if (root.isEmpty()) {
            leftOut.add(what + ": the kernel offers no cgroup controller for them");
            return Optional.empty();
        }
        try {
            return Optional.of(Files.createDirectories(root.get().resolve(place)));
        } catch (IOException e) {
            leftOut.add("%s (%s): the agent needs to write there".formatted(what, e.getMessage()));
            return Optional.empty();
        }
    }

    private static CgroupTree version2(List<String> mounts, Path place) throws IOException {
        var root = mounts.stream()
                .map(line -> line.split(" "))
                .filter(fields -> fields[2].equals("cgroup2"))
                .map(fields -> Path.of(fields[1]))
                .findFirst()
                .orElseThrow(() -> new IOException("no cgroup file system is mounted"));
        CgroupFiles.write(root.resolve(CgroupV2.SUBTREE_CONTROL), CgroupV2.ENABLE_CONTROLLERS);
        var directory = root;
        for (var name : place) {
            directory = directory.resolve(name);
            Files.createDirectories(directory);
            CgroupFiles.write(directory.resolve(CgroupV2.SUBTREE_CONTROL), CgroupV2.ENABLE_CONTROLLERS);
        }
        return new CgroupV2(directory);
    }

    private static String shortHash(Path path) {
        try {
            var text = path.toAbsolutePath().normalize().toString();
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
