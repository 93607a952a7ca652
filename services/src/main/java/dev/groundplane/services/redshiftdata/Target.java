package dev.groundplane.services.redshiftdata;

/**
 * Where a statement runs and as whom.
 *
 * @param host where the port of the site is
 * @param user as whom to log in
 */
record Target(Site site, String host, int port, String database, String user, String password) {
    /** Without the password. */
    @Override
    public String toString() {
        return "%s@%s:%d/%s".formatted(user, host, port, database);
    }
}
