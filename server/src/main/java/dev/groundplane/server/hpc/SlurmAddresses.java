package dev.groundplane.server.hpc;

import dev.groundplane.services.parallelcluster.SlurmCluster;
import dev.groundplane.services.parallelcluster.SlurmClusters;
import dev.groundplane.services.parallelcluster.SlurmNode;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The addresses of a cluster's nodes. Each cluster has a network of its own, so all may use the same ones. */
final class SlurmAddresses {
    /** The first two are the network's own, and one for a gateway. */
    private static final int FIRST = 2;

    private SlurmAddresses() {}

    /** @param number the head node's is 0 */
    static String of(int number) {
        int place = number + FIRST;
        return "10.77.%d.%d".formatted(place >> 8, place & 0xff);
    }

    /** A line for each node: its name, its address, and its number. */
    static String nodes(SlurmCluster cluster) {
        return Stream.concat(
                        Stream.of("%s %s 0".formatted(SlurmClusters.HEAD, of(0))),
                        cluster.nodes().stream()
                                .map(node -> "%s %s %d".formatted(node.name(), of(node.number()), node.number())))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** The nodes' hosts(5). */
    static String hosts(SlurmCluster cluster) {
        return Stream.concat(
                        Stream.of("127.0.0.1 localhost", of(0) + " " + SlurmClusters.HEAD),
                        cluster.nodes().stream().map(SlurmAddresses::host))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String host(SlurmNode node) {
        return of(node.number()) + " " + node.name();
    }
}
