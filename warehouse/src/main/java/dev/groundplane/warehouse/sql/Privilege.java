package dev.groundplane.warehouse.sql;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What may be granted on an object. Source: Redshift's "GRANT". */
public enum Privilege {
    SELECT,
    INSERT,
    UPDATE,
    DELETE,
    DROP,
    REFERENCES,
    TRUNCATE,
    ALTER,
    CREATE,
    USAGE,
    TEMP;

    /** Those on tables and views. */
    public static final Set<Privilege> OF_RELATIONS =
            EnumSet.of(SELECT, INSERT, UPDATE, DELETE, DROP, REFERENCES, TRUNCATE, ALTER);

    /** Those on schemas. */
    public static final Set<Privilege> OF_SCHEMAS = EnumSet.of(CREATE, USAGE);

    /** Those on databases. */
    public static final Set<Privilege> OF_DATABASES = EnumSet.of(CREATE, USAGE, TEMP);

    /** The privilege of a name in any case; empty for other words. */
    public static Optional<Privilege> of(String name) {
        var capitals = name.toUpperCase(Locale.ROOT);
        return EnumSet.allOf(Privilege.class).stream()
                .filter(privilege ->
                        privilege.name().equals(capitals) || (privilege == TEMP && capitals.equals("TEMPORARY")))
                .findFirst();
    }
}
