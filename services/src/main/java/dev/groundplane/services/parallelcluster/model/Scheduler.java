package dev.groundplane.services.parallelcluster.model;

/**
 * What schedules jobs.
 *
 * @param type {@code slurm}
 */
public record Scheduler(String type) {
    public static final Scheduler SLURM = new Scheduler("slurm");
}
