package dev.groundplane.services.parallelcluster;

import dev.groundplane.platform.Call;
import dev.groundplane.services.parallelcluster.configuration.ConfigurationReader;
import dev.groundplane.services.parallelcluster.configuration.Reading;
import dev.groundplane.services.parallelcluster.model.ClusterStatus;
import dev.groundplane.services.parallelcluster.model.ComputeFleetStatus;
import dev.groundplane.services.parallelcluster.model.ConfigValidationMessage;
import dev.groundplane.services.parallelcluster.model.CreateClusterRequest;
import dev.groundplane.services.parallelcluster.model.CreateClusterResponse;
import dev.groundplane.services.parallelcluster.model.ValidationLevel;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Makes clusters. */
final class ClusterCreation {
    private static final String NAME = "[a-zA-Z][a-zA-Z0-9-]{0,59}";
    /** Of a UUID, as the part of an interface's name, which has at most fifteen characters. */
    private static final int ID_LENGTH = 8;

    private final Call call;
    private final ClusterStore store;
    private final SlurmClusters slurm;
    private final InstantSource clock;

    ClusterCreation(Call call, ClusterStore store, SlurmClusters slurm, InstantSource clock) {
        this.call = call;
        this.store = store;
        this.slurm = slurm;
        this.clock = clock;
    }

    CreateClusterResponse create(CreateClusterRequest request) {
        String name = request.clusterName();
        if (name == null || !name.matches(NAME)) {
            throw ParallelClusterException.badRequest(
                    "'%s' is not a clusterName: a letter, then up to 59 letters, digits and hyphens.".formatted(name));
        }
        String text = request.clusterConfiguration();
        if (text == null) {
            throw ParallelClusterException.badRequest(
                    "clusterConfiguration is missing: the text of the configuration file.");
        }
        if (store.database().shared()) {
            throw ParallelClusterException.badRequest(
                    "clusters lie in one control plane's data directory, so they are not"
                            + " available where several share a database.");
        }
        Reading reading = ConfigurationReader.read(text);
        List<ConfigValidationMessage> messages = reading.messages().stream()
                .filter(message -> message.level() == ValidationLevel.ERROR || !isSuppressed(message, request))
                .toList();
        boolean refused =
                reading.configuration().isEmpty() || messages.stream().anyMatch(message -> isFailure(message, request));
        if (refused) {
            throw ParallelClusterException.invalid(messages);
        }
        checkRegion(reading);
        List<String> missing = slurm.missing();
        if (!missing.isEmpty()) {
            throw ParallelClusterException.badRequest(String.join(" ", missing));
        }
        if (store.clusters().find(call.scope(), name).isPresent()) {
            throw exists(name);
        }
        if (request.dryrun()) {
            throw ParallelClusterException.dryRun(messages);
        }
        return insert(name, text, request.rollbackOnFailure(), messages);
    }

    /** What is wrong with the file itself, nobody can have overlooked. */
    private static boolean isSuppressed(ConfigValidationMessage message, CreateClusterRequest request) {
        return request.suppressValidators().contains("ALL")
                || request.suppressValidators().contains("type:" + message.type());
    }

    private static boolean isFailure(ConfigValidationMessage message, CreateClusterRequest request) {
        return message.level().compareTo(request.validationFailureLevel()) >= 0;
    }

    private void checkRegion(Reading reading) {
        String region = call.scope().region();
        reading.configuration()
                .flatMap(configuration -> configuration.region())
                .filter(wanted -> !wanted.equals(region))
                .ifPresent(wanted -> {
                    throw ParallelClusterException.badRequest(
                            "Region %s of the configuration is not %s, which was called.".formatted(wanted, region));
                });
    }

    private static ParallelClusterException exists(String name) {
        return ParallelClusterException.badRequest("Cluster %s already exists.".formatted(name));
    }

    private CreateClusterResponse insert(
            String name, String text, boolean rollback, List<ConfigValidationMessage> messages) {
        long now = clock.millis();
        String unique = UUID.randomUUID().toString();
        String id = unique.substring(0, ID_LENGTH);
        String arn = call.scope().arn("cloudformation", "stack/%s/%s".formatted(name, unique));
        return call.commit(tx -> {
            if (store.clusters().find(tx, call.scope(), name).isPresent()) {
                throw exists(name);
            }
            HpcCluster cluster = new HpcCluster(
                    id,
                    arn,
                    store.takeUsers(tx, id),
                    text,
                    rollback,
                    ClusterStatus.CREATE_IN_PROGRESS,
                    ComputeFleetStatus.START_REQUESTED,
                    now,
                    now,
                    now,
                    Map.of(),
                    Map.of(),
                    List.of());
            return new CreateClusterResponse(
                    ClusterView.summary(store.clusters().insert(tx, call.scope(), name, cluster, Map.of())), messages);
        });
    }
}
