package dev.groundplane.services.parallelcluster.configuration;

/** A parameter of Slurm's, to be written {@code name=value}: one word, or one text in double quotes. */
public record Setting(String name, String value) {}
