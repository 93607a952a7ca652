package dev.groundplane.warehouse.sql;

import java.util.Locale;

/**
 * Whom something is granted to, as a statement names them.
 *
 * @param name empty for PUBLIC
 */
public record Grantee(Kind kind, String name) {
    /** Everybody. */
    public static final Grantee PUBLIC = new Grantee(Kind.PUBLIC, "");

    /** What there is to grant to. */
    public enum Kind {
        USER,
        GROUP,
        ROLE,
        PUBLIC;

        /** As system views name it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** {@code name}, {@code GROUP name}, {@code ROLE name} or {@code PUBLIC}. */
    static Grantee read(TokenReader reader) {
        if (reader.accept("PUBLIC")) {
            return PUBLIC;
        }
        if (reader.accept("GROUP")) {
            return new Grantee(Kind.GROUP, reader.principalName());
        }
        if (reader.accept("ROLE")) {
            return new Grantee(Kind.ROLE, reader.principalName());
        }
        return new Grantee(Kind.USER, reader.principalName());
    }
}
