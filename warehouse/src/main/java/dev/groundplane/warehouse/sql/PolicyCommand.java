package dev.groundplane.warehouse.sql;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Statements about policies, which say what rows of a table users are shown, or what they are shown instead of a column's values.
 * Source: Redshift's "CREATE RLS POLICY", "ATTACH RLS POLICY", "CREATE MASKING POLICY", "ATTACH MASKING POLICY" and their like.
 */
public sealed interface PolicyCommand {
    /** What a policy is about. */
    enum Kind {
        /** Rows. */
        RLS,
        /** Values of columns. */
        MASKING;

        /** As the warehouse keeps it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A column that a policy's expressions name.
     *
     * @param type as written
     * @param engineType the engine's type for it
     */
    record Parameter(String name, String type, String engineType) {}

    /**
     * What a policy says.
     *
     * @param text as written
     * @param parts in the engine's SQL: one condition, or a value for each column that is masked
     */
    record Expressions(String text, List<String> parts) {}

    /** @param alias of the table in the expressions; empty for none */
    record Create(
            Kind kind,
            String name,
            boolean ifNotExists,
            List<Parameter> parameters,
            String alias,
            Expressions expressions)
            implements PolicyCommand {}

    /** Other expressions of the same parameters. */
    record Alter(Kind kind, String name, Expressions expressions) implements PolicyCommand {}

    /** @param cascade whether it is detached before */
    record Drop(Kind kind, String name, boolean ifExists, boolean cascade) implements PolicyCommand {}

    /**
     * A policy holds for users of tables from now on.
     *
     * @param outputs the columns that are masked; none for rows
     * @param inputs the columns that stand for the policy's parameters; none where these are the outputs
     */
    record Attach(
            Kind kind,
            String name,
            List<List<String>> tables,
            List<String> outputs,
            List<String> inputs,
            List<Grantee> grantees,
            int priority)
            implements PolicyCommand {}

    /** It does not any more. */
    record Detach(Kind kind, String name, List<List<String>> tables, List<String> outputs, List<Grantee> grantees)
            implements PolicyCommand {}

    /**
     * Whether policies of rows hold for a table at all.
     *
     * @param conjunction how several of them hold together; empty for as it is, at first all of them
     */
    record Security(List<String> table, boolean on, Optional<Conjunction> conjunction) implements PolicyCommand {}

    /** How several policies of rows hold together. */
    enum Conjunction {
        AND,
        OR
    }

    /** Roles may do something about all policies. */
    record Permit(boolean grants, List<Permission> permissions, List<String> roles) implements PolicyCommand {}

    /** What roles may do about policies. */
    enum Permission {
        EXPLAIN_RLS,
        IGNORE_RLS,
        EXPLAIN_MASKING;

        /** As the warehouse keeps it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The command that a statement is; empty when it is another statement.
     *
     * @throws SqlFailure when it begins like one and is none
     */
    static Optional<PolicyCommand> of(Statement statement) {
        return new PolicyParser(statement).command();
    }

    /** What CommandComplete says. */
    default String tag() {
        return switch (this) {
            case Create create -> "CREATE %s POLICY".formatted(create.kind());
            case Alter alter -> "ALTER %s POLICY".formatted(alter.kind());
            case Drop drop -> "DROP %s POLICY".formatted(drop.kind());
            case Attach attach -> "ATTACH %s POLICY".formatted(attach.kind());
            case Detach detach -> "DETACH %s POLICY".formatted(detach.kind());
            case Security security -> "ALTER TABLE";
            case Permit permit -> permit.grants() ? "GRANT" : "REVOKE";
        };
    }
}
