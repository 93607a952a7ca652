package dev.groundplane.services.redshiftdata;

import dev.groundplane.platform.secret.Encryption;
import dev.groundplane.platform.secret.SealedException;
import java.sql.SQLException;

/** Keeps the passwords of statements that wait for their turn, sealed. Thread-safe. */
record Passwords(Encryption encryption) {
    private static final String TYPE = "redshift-data:password";

    /** @param statement its id; opened for another one the password is refused */
    String seal(String statement, String password) {
        return encryption.seal(TYPE, statement, password);
    }

    String open(String statement, String sealed) throws SQLException {
        try {
            return encryption.open(TYPE, statement, sealed);
        } catch (SealedException e) {
            throw new SQLException("The statement's password cannot be read: " + e.getMessage(), e);
        }
    }
}
