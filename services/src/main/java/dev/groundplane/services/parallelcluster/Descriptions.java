package dev.groundplane.services.parallelcluster;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.services.parallelcluster.configuration.ClusterConfiguration;
import dev.groundplane.services.parallelcluster.configuration.ConfigurationReader;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Stored clusters as they are to be run. */
final class Descriptions {
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyyMMddHHmm").withZone(ZoneOffset.UTC);

    private Descriptions() {}

    static SlurmCluster of(Stored<HpcCluster> cluster) {
        HpcCluster value = cluster.value();
        return new SlurmCluster(
                value.id(), cluster.name(), logGroup(cluster), value.firstUser(), configuration(value.configuration()));
    }

    /** As AWS names it. */
    static String logGroup(Stored<HpcCluster> cluster) {
        return "/aws/parallelcluster/%s-%s"
                .formatted(
                        cluster.name(),
                        MINUTE.format(Instant.ofEpochMilli(cluster.value().created())));
    }

    static ClusterConfiguration configuration(String text) {
        return ConfigurationReader.read(text)
                .configuration()
                .orElseThrow(() -> new GroundplaneException(
                        ErrorKind.INTERNAL_ERROR, "a stored configuration is not valid any more: " + text));
    }
}
