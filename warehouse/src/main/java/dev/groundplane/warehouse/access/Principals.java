package dev.groundplane.warehouse.access;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.groundplane.warehouse.sql.Grantee;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** All users, groups and roles of a namespace at one moment. Immutable. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Principals(List<User> users, List<Group> groups, List<Role> roles) {
    /** The namespace's administrator, and the owner of what nobody else is known to own. */
    public static final int ADMINISTRATOR = 100;

    /**
     * A user.
     *
     * @param id never another user's
     * @param superuser may do everything
     * @param createDatabase may make databases
     * @param validUntil as given, {@code infinity} for always; what it ends is the password
     * @param connectionLimit of sessions at once; -1 for none
     * @param sessionTimeout in seconds, after which a session ends when it is idle; 0 for never
     */
    public record User(
            int id,
            String name,
            boolean superuser,
            boolean createDatabase,
            String validUntil,
            int connectionLimit,
            int sessionTimeout) {}

    /** @param members ids of users */
    public record Group(int id, String name, List<Integer> members) {}

    /**
     * A role.
     *
     * @param users ids of users that have it
     * @param roles ids of roles that have it, and with them their users
     */
    public record Role(int id, String name, List<Integer> users, List<Integer> roles) {}

    /** Makes the lists unchangeable. */
    public Principals {
        users = List.copyOf(users);
        groups = List.copyOf(groups);
        roles = List.copyOf(roles);
    }

    /** The user of a name. */
    public Optional<User> user(String name) {
        return users.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    /** The user of an id. */
    public Optional<User> user(int id) {
        return users.stream().filter(one -> one.id() == id).findFirst();
    }

    /** Whether a user is a superuser; false when there is none of that id. */
    boolean isSuperuser(int id) {
        return user(id).map(User::superuser).orElse(false);
    }

    /** The group of a name. */
    public Optional<Group> group(String name) {
        return groups.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    /** The role of a name. */
    public Optional<Role> role(String name) {
        return roles.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    /** The roles that a user has, by itself or through other roles. */
    public Set<Integer> rolesOf(int user) {
        var found = new HashSet<Integer>();
        roles.stream().filter(role -> role.users().contains(user)).forEach(role -> found.add(role.id()));
        var more = true;
        while (more) {
            more = false;
            for (var role : roles) {
                more |= role.roles().stream().anyMatch(found::contains) && found.add(role.id());
            }
        }
        return found;
    }

    /** Whether a role has another one, by itself or through others, or is that one. */
    boolean has(int role, int other) {
        var found = new HashSet<>(Set.of(role));
        var more = true;
        while (more) {
            more = false;
            for (var one : roles) {
                more |= one.roles().stream().anyMatch(found::contains) && found.add(one.id());
            }
        }
        return found.contains(other);
    }

    /** The groups that a user is in. */
    public Set<Integer> groupsOf(int user) {
        var found = new HashSet<Integer>();
        groups.stream().filter(group -> group.members().contains(user)).forEach(group -> found.add(group.id()));
        return found;
    }

    /** The name of a user, a group or a role; empty for PUBLIC and for what is no more. */
    public String name(Grantee.Kind kind, int id) {
        return switch (kind) {
            case USER -> user(id).map(User::name).orElse("");
            case GROUP ->
                groups.stream()
                        .filter(one -> one.id() == id)
                        .map(Group::name)
                        .findFirst()
                        .orElse("");
            case ROLE ->
                roles.stream()
                        .filter(one -> one.id() == id)
                        .map(Role::name)
                        .findFirst()
                        .orElse("");
            case PUBLIC -> "";
        };
    }
}
