package dev.groundplane.warehouse.engine;

/**
 * What an engine may use.
 *
 * @param memoryBytes for data; queries that need more write to disk
 * @param spillBytes of disk for that
 * @param threads for one or all queries together
 */
public record EngineLimits(long memoryBytes, long spillBytes, int threads) {}
