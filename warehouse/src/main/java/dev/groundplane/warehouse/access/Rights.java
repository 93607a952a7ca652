package dev.groundplane.warehouse.access;

import dev.groundplane.warehouse.access.PrivilegeTables.Entry;
import dev.groundplane.warehouse.sql.Privilege;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What users may do to objects, by ownership and privileges. Made for one statement, within which it asks once. */
final class Rights {
    private final Principals principals;
    private final PrivilegeTables tables;
    private final Map<Target, Integer> owners = new HashMap<>();
    private final Map<Target, List<Entry>> entries = new HashMap<>();

    Rights(Principals principals, PrivilegeTables tables) {
        this.principals = principals;
        this.tables = tables;
    }

    boolean isSuperuser(int user) {
        return principals.isSuperuser(user);
    }

    /** Whether it is the object's owner, or may do all. */
    boolean owns(int user, Target target) throws SQLException {
        return isSuperuser(user) || owner(target) == user;
    }

    int owner(Target target) throws SQLException {
        var owner = owners.get(target);
        if (owner == null) {
            owner = target.kind() == Target.Kind.DATABASE ? Principals.ADMINISTRATOR : tables.owner(target);
            owners.put(target, owner);
        }
        return owner;
    }

    /** Whether a user has a privilege on a whole object. */
    boolean has(int user, Target target, Privilege privilege) throws SQLException {
        return owns(user, target)
                || entries(target).stream()
                        .anyMatch(entry ->
                                entry.privilege() == privilege && entry.column().isEmpty() && reaches(entry, user));
    }

    /** The columns that a user has a privilege on, besides those of the whole object. */
    Set<String> columns(int user, Target target, Privilege privilege) throws SQLException {
        var columns = new HashSet<String>();
        entries(target).stream()
                .filter(entry ->
                        entry.privilege() == privilege && !entry.column().isEmpty() && reaches(entry, user))
                .forEach(entry -> columns.add(entry.column()));
        return columns;
    }

    /** Whether a user may grant a privilege on an object or its column. */
    boolean mayGrant(int user, Target target, Privilege privilege, String column) throws SQLException {
        return owns(user, target)
                || entries(target).stream()
                        .anyMatch(entry -> entry.privilege() == privilege
                                && entry.option()
                                && (entry.column().isEmpty() || entry.column().equals(column))
                                && reaches(entry, user));
    }

    /** @throws dev.groundplane.warehouse.sql.SqlFailure when the user has it not */
    void require(int user, Target target, Privilege privilege) throws SQLException {
        if (!has(user, target, privilege)) {
            throw target.denied();
        }
    }

    private List<Entry> entries(Target target) throws SQLException {
        var found = entries.get(target);
        if (found == null) {
            found = tables.entries(target);
            entries.put(target, found);
        }
        return found;
    }

    private boolean reaches(Entry entry, int user) {
        return switch (entry.kind()) {
            case PUBLIC -> true;
            case USER -> entry.grantee() == user;
            case GROUP -> principals.groupsOf(user).contains(entry.grantee());
            case ROLE -> principals.rolesOf(user).contains(entry.grantee());
        };
    }
}
