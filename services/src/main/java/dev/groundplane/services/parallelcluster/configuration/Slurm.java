package dev.groundplane.services.parallelcluster.configuration;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * {@code Scheduling}, with the scheduler {@code slurm}.
 *
 * @param scaledownIdletime after how long without a job a dynamic node goes; empty: never
 * @param memoryBasedScheduling whether memory is something that jobs consume
 * @param computeBootstrapTimeout how long a node may take from its launch until it is there
 * @param customSettings lines of slurm.conf, in the file's order
 * @param queues in the file's order; the first is the default
 */
public record Slurm(
        Optional<Duration> scaledownIdletime,
        boolean memoryBasedScheduling,
        Duration computeBootstrapTimeout,
        List<Setting> customSettings,
        List<Queue> queues) {

    public Slurm {
        customSettings = List.copyOf(customSettings);
        queues = List.copyOf(queues);
    }
}
