package dev.groundplane.server.warehouse;

/** A worker's call cannot be carried out, and this is what the client of the worker is told. */
public final class WorkerCallRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String sqlState;

    /** @param sqlState see {@link dev.groundplane.pgwire.SqlState} */
    public WorkerCallRefused(String sqlState, String message) {
        super(message);
        this.sqlState = sqlState;
    }

    String sqlState() {
        return sqlState;
    }
}
