package dev.groundplane.services.rds;

import dev.groundplane.platform.store.Stored;
import java.util.Objects;
import software.amazon.awssdk.services.rds.model.DBCluster;
import software.amazon.awssdk.services.rds.model.DBInstance;

/** What a stored cluster and its instance mean for the server. */
final class ServerDescription {
    private static final double NO_UNITS = 0;

    private ServerDescription() {}

    static DatabaseServer of(Stored<DBCluster> stored, DBInstance writer) {
        DBCluster cluster = stored.value();
        double units = cluster.serverlessV2ScalingConfiguration() == null
                ? NO_UNITS
                : cluster.serverlessV2ScalingConfiguration().maxCapacity();
        return new DatabaseServer(
                cluster.dbClusterResourceId(),
                stored.name(),
                cluster.engineVersion(),
                cluster.port(),
                cluster.masterUsername(),
                Objects.requireNonNull(stored.extra().get(RdsStore.VERIFIER)),
                Objects.requireNonNullElse(cluster.databaseName(), ""),
                ParameterValues.of(stored),
                InstanceClass.memoryMib(writer.dbInstanceClass(), units),
                RdsStore.run(stored));
    }
}
