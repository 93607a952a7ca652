package dev.groundplane.agent.model;

/**
 * Where a container sees a volume.
 *
 * @param sourceVolume the volume's name
 * @param containerPath the absolute path at which the container sees it
 * @param readOnly whether the container may only read it
 */
public record MountPoint(String sourceVolume, String containerPath, boolean readOnly) {}
