package dev.groundplane.agent.model;

/**
 * A port that a container listens on.
 *
 * @param containerPort the port inside the container
 * @param hostPort the host's port that leads to it; 0 lets the driver choose
 * @param protocol {@code tcp} or {@code udp}
 */
public record PortMapping(int containerPort, int hostPort, String protocol) {
    /** Reads an absent protocol as TCP. */
    public PortMapping {
        protocol = protocol == null ? "tcp" : protocol;
    }
}
