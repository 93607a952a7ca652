package dev.groundplane.services.parallelcluster.model;

/** A tag. */
public record Tag(String key, String value) {}
