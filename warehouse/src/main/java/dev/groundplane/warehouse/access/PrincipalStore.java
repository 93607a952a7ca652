package dev.groundplane.warehouse.access;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a namespace's users, groups and roles are kept. Thread-safe. */
public interface PrincipalStore {
    /** One change of one principal. */
    sealed interface Change {
        /**
         * A user as it will be.
         *
         * @param user with the id 0 when it is new
         * @param verifier of the password for SCRAM; empty for none; null to keep what there is
         */
        record PutUser(Principals.User user, @Nullable String verifier) implements Change {}

        /** A group as it will be; with the id 0 when it is new. */
        record PutGroup(Principals.Group group) implements Change {}

        /** A role as it will be; with the id 0 when it is new. */
        record PutRole(Principals.Role role) implements Change {}

        /** A user, a group or a role that will be no more. */
        record Remove(dev.groundplane.warehouse.sql.Grantee.Kind kind, int id) implements Change {}
    }

    /** All of them now. */
    Principals read();

    /**
     * Makes changes, all or none.
     *
     * @param by the user who wants them
     * @param event what is done, as {@code CREATE USER}
     * @return all of them afterwards
     * @throws dev.groundplane.warehouse.sql.SqlFailure when a name is taken
     */
    Principals change(String by, String event, List<Change> changes);
}
