package dev.groundplane.services.logs;

/** Knows which log streams are those of a host's tasks. */
@FunctionalInterface
public interface HostStreams {
    /**
     * Whether a host may write to a stream, which need not exist.
     *
     * @param hostId the managed-instance id, {@code mi-...}
     */
    boolean areOf(String hostId, String group, String stream);
}
