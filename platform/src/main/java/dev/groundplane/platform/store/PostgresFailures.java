package dev.groundplane.platform.store;

import dev.groundplane.platform.ErrorKind;
import dev.groundplane.platform.GroundplaneException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What PostgreSQL's failures mean. Source: PostgreSQL manual, appendix A, "PostgreSQL Error Codes". */
final class PostgresFailures {
    /** character_not_in_repertoire and untranslatable_character: of what Java has as text, only U+0000 is neither. */
    private static final Set<String> NOT_IN_TEXTS = Set.of("22021", "22P05");

    private PostgresFailures() {}

    /** The failure as callers see it: what may work later, or with another value, is told apart from what is a defect. */
    static GroundplaneException of(String what, SQLException cause) {
        String state = Objects.requireNonNullElse(cause.getSQLState(), "");
        if (NOT_IN_TEXTS.contains(state)) {
            return new GroundplaneException(
                    ErrorKind.UNSUITABLE_VALUE,
                    "a text has the character U+0000, which the database of this installation, PostgreSQL, cannot keep; leave it out",
                    cause);
        }
        String advice = advice(state);
        return new GroundplaneException(
                advice == null ? ErrorKind.INTERNAL_ERROR : ErrorKind.INSUFFICIENT_RESOURCES,
                "database %s failed: %s%s".formatted(what, cause.getMessage(), advice == null ? "" : "; " + advice),
                cause);
    }

    /** Whether the session broke, or could not be had. */
    static boolean away(SQLException failure) {
        String state = Objects.requireNonNullElse(failure.getSQLState(), "");
        return state.startsWith("08") || state.startsWith("57P");
    }

    private static @Nullable String advice(String state) {
        if (state.equals("53100")) {
            return "free disk space on the database server";
        }
        if (state.startsWith("53")) {
            return "the database server has no more to give";
        }
        if (state.startsWith("08") || state.startsWith("57P")) {
            return "the database server is away";
        }
        if (state.equals("55P03") || state.startsWith("25P")) {
            return "another control plane held the database for too long";
        }
        return null;
    }
}
