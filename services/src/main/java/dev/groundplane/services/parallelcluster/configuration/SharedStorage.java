package dev.groundplane.services.parallelcluster.configuration;

/** A file system that all nodes mount; {@code storageType} is the file's, for example {@code Efs}. */
public record SharedStorage(String name, String mountDir, String storageType) {}
