package dev.groundplane.agent.link;

/** A channel could not be opened. */
public final class ConnectFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean refused;

    /**
     * A failure to connect.
     *
     * @param refused whether the other side answered and does not want this container instance
     */
    public ConnectFailure(String message, boolean refused, Throwable cause) {
        super(message, cause);
        this.refused = refused;
    }

    /** Whether the other side answered and does not want this container instance, so that registering anew may help. */
    public boolean refused() {
        return refused;
    }
}
