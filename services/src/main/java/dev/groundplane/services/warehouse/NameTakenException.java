package dev.groundplane.services.warehouse;

/** A user, group or role of a database has the name already. */
public final class NameTakenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NameTakenException(String kind, String name) {
        super("%s %s already exists.".formatted(kind, name));
    }
}
