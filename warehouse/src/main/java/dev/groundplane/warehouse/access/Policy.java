package dev.groundplane.warehouse.access;

import dev.groundplane.warehouse.sql.Grantee;
import dev.groundplane.warehouse.sql.PolicyCommand.Kind;
import dev.groundplane.warehouse.sql.PolicyCommand.Parameter;
import java.util.List;
import java.util.stream.Stream;

/**
 * A policy as a database keeps it.
 *
 * @param database where it is
 * @param alias of the table in its parts; empty for none
 * @param parts its expressions in the engine's SQL, with whole names of tables
 */
record Policy(String database, Kind kind, String name, String alias, List<Parameter> parameters, List<String> parts) {
    /**
     * A policy that holds for users of a relation.
     *
     * @param outputs the columns that are masked; none for rows
     * @param inputs the columns that stand for the parameters of a mask
     * @param priority of masks of one column the highest holds
     */
    record Attachment(
            Policy policy,
            Target relation,
            Grantee.Kind granteeKind,
            int grantee,
            int priority,
            List<String> outputs,
            List<String> inputs) {
        /** The columns of the relation that it cannot do without. */
        List<String> columns() {
            return policy.kind() == Kind.RLS
                    ? policy.parameters().stream().map(Parameter::name).toList()
                    : Stream.concat(outputs.stream(), inputs.stream())
                            .distinct()
                            .toList();
        }

        /** Whether it is for a user, by itself or through a role. */
        boolean reaches(int user, Principals principals) {
            return switch (granteeKind) {
                case PUBLIC -> true;
                case USER -> grantee == user;
                case ROLE -> principals.rolesOf(user).contains(grantee);
                case GROUP -> false;
            };
        }
    }

    /** Whether policies of rows hold for a relation, and whether all of them have to. */
    record Rows(Target relation, boolean on, boolean all) {}
}
