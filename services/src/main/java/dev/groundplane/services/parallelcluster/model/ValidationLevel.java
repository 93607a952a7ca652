package dev.groundplane.services.parallelcluster.model;

/** How bad a problem of a configuration is; the worse the later. */
public enum ValidationLevel {
    INFO,
    WARNING,
    ERROR
}
