package dev.groundplane.services.redshiftdata;

/**
 * Where a statement runs and as whom.
 *
 * @param workgroup its name
 * @param host where its port is
 * @param user of the database
 */
record Target(String workgroup, String host, int port, String database, String user, String password) {
    /** Without the password. */
    @Override
    public String toString() {
        return "%s@%s:%d/%s".formatted(user, host, port, database);
    }
}
