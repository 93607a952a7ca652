package dev.groundplane.server.warehouse;

/** There is no worker for a client now; the message is for the client. */
sealed class WorkerUnavailable extends RuntimeException permits WorkerGone {
    private static final long serialVersionUID = 1L;

    WorkerUnavailable(String message) {
        super(message);
    }

    WorkerUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
