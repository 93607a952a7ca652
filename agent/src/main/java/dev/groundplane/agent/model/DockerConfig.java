package dev.groundplane.agent.model;

import org.jspecify.annotations.Nullable;

/**
 * Settings that the protocol carries as JSON text in the form of Docker's API.
 *
 * @param config Docker's {@code Config} object as text; null means empty
 * @param hostConfig Docker's {@code HostConfig} object as text; null means empty
 */
public record DockerConfig(
        @Nullable String config, @Nullable String hostConfig) {}
