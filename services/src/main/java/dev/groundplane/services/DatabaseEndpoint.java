package dev.groundplane.services;

/**
 * How a part of Groundplane itself connects to a database that a service runs, or knows.
 *
 * @param engine AWS's name, for example {@code aurora-postgresql}, or {@code postgresql}, {@code mariadb} or {@code mysql} for somebody
 *     else's
 * @param engineVersion for example {@code 17.11}; empty where it is not known
 * @param host a name or address
 * @param database one that is always there
 * @param user may read everything, replicate, and make publications, if it is Groundplane's own; else what its owner allows
 * @param password that user's; only for Groundplane itself, never shown to callers
 * @param transport how connections are protected
 * @param hindrance why it cannot be connected to now; empty when it can
 */
public record DatabaseEndpoint(
        String engine,
        String engineVersion,
        String host,
        int port,
        String database,
        String user,
        String password,
        Transport transport,
        String hindrance) {
    /**
     * How connections to a database are protected.
     *
     * @param sslMode {@code prefer} within the machine, {@code require} for TLS with any certificate, {@code verify-full} for one
     *     of the host's name
     * @param authority the certificate, in PEM, of who vouches for the server's; empty for the authorities that Java knows
     */
    public record Transport(String sslMode, String authority) {
        /** Within the machine. */
        public static final Transport LOCAL = new Transport("prefer", "");
    }

    /** Whether it can be connected to now. */
    public boolean available() {
        return hindrance.isEmpty();
    }

    /** Whether it is somebody else's server, which may change without anybody here being told. */
    public boolean isExternal() {
        return !engine.startsWith("aurora");
    }

    /** Keeps the password out of log lines. */
    @Override
    public String toString() {
        return "DatabaseEndpoint[%s %s at %s:%d]".formatted(engine, engineVersion, host, port);
    }
}
