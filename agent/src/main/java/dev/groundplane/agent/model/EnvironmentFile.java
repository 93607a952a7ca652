package dev.groundplane.agent.model;

/**
 * A file whose lines become variables of a container's environment.
 *
 * @param value the ARN of an S3 object
 * @param type {@code s3}, the only one
 */
public record EnvironmentFile(String value, String type) {}
