package dev.groundplane.services.parallelcluster.model;

/** Why a cluster could not be made. */
public record Failure(String failureCode, String failureReason) {}
