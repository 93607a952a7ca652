package dev.groundplane.pgwire;

/** A client may not begin a session. */
public final class LoginRefused extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Report report;

    LoginRefused(Report report) {
        super(report.message());
        this.report = report;
    }

    /** What the client is told. */
    Report report() {
        return report;
    }
}
