package dev.groundplane.services.parallelcluster.configuration;

/** {@code HeadNode}: where Slurm's controller runs. */
public record HeadNode(InstanceType instanceType, CustomActions customActions) {}
