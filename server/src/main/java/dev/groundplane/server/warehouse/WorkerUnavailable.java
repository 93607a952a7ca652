package dev.groundplane.server.warehouse;

/** There is no worker for a client now; the message is for the client. */
final class WorkerUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WorkerUnavailable(String message) {
        super(message);
    }

    WorkerUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
