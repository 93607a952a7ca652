package dev.groundplane.agent.link;

/** A channel could not be opened. */
public final class ConnectFailure extends Exception {
    private static final long serialVersionUID = 1L;

    /** What the other side had to say. */
    public enum Answer {
        /** None: it is away or broken. */
        NONE,
        /** It does not want this container instance, so that registering anew may help. */
        REFUSED,
        /** Somebody has deregistered this container instance. */
        DEREGISTERED
    }

    private final Answer answer;

    /** A failure to connect. */
    public ConnectFailure(String message, Answer answer, Throwable cause) {
        super(message, cause);
        this.answer = answer;
    }

    /** What the other side had to say. */
    public Answer answer() {
        return answer;
    }
}
