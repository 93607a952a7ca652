package dev.groundplane.server.warehouse;

/** The worker that was there is there no more; another one can be woken. */
final class WorkerGone extends WorkerUnavailable {
    private static final long serialVersionUID = 1L;

    WorkerGone(Throwable cause) {
        super("the warehouse's worker has gone; connect again", cause);
    }
}
