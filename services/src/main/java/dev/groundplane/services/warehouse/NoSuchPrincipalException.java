package dev.groundplane.services.warehouse;

/** A user, group or role of a database is not there, or the warehouse itself is gone. */
public final class NoSuchPrincipalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoSuchPrincipalException(String what) {
        super(what + " does not exist.");
    }
}
