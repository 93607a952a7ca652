package dev.groundplane.warehouse.type;

import dev.groundplane.pgwire.Column;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A type of Redshift's by its OID in {@code pg_type}. */
public enum SqlType {
    BOOLEAN(16, 1, "BOOLEAN"),
    VARBYTE(6551, -1, "BLOB"),
    BYTEA(17, -1, "BLOB"),
    NAME(19, 64, "VARCHAR"),
    BIGINT(20, 8, "BIGINT"),
    SMALLINT(21, 2, "SMALLINT"),
    INTEGER(23, 4, "INTEGER"),
    TEXT(25, -1, "VARCHAR"),
    OID(26, 4, "UINTEGER"),
    REAL(700, 4, "FLOAT"),
    DOUBLE(701, 8, "DOUBLE"),
    UNKNOWN(705, -2, "VARCHAR"),
    CHAR(1042, -1, "VARCHAR"),
    VARCHAR(1043, -1, "VARCHAR"),
    DATE(1082, 4, "DATE"),
    TIME(1083, 8, "TIME"),
    TIMESTAMP(1114, 8, "TIMESTAMP"),
    TIMESTAMPTZ(1184, 8, "TIMESTAMPTZ"),
    INTERVAL(1186, 16, "INTERVAL"),
    TIMETZ(1266, 12, "TIMETZ"),
    NUMERIC(1700, -1, "DECIMAL(38, 10)"),
    UUID(2950, 16, "UUID"),
    SUPER(4000, -1, "JSON");

    private static final Map<Integer, SqlType> BY_OID =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(SqlType::oid, Function.identity()));

    private final int oid;
    private final int size;
    private final String engineName;

    SqlType(int oid, int size, String engineName) {
        this.oid = oid;
        this.size = size;
        this.engineName = engineName;
    }

    /** The type of this OID; empty when there is none. */
    public static Optional<SqlType> of(int oid) {
        return Optional.ofNullable(BY_OID.get(oid));
    }

    /** Its OID in {@code pg_type}. */
    public int oid() {
        return oid;
    }

    /** What the engine calls a type that takes all its values. */
    public String engineName() {
        return engineName;
    }

    /** Whether a literal in quotes without a cast stands for its values in every place. */
    public boolean isText() {
        return this == VARCHAR || this == CHAR || this == TEXT || this == UNKNOWN || this == NAME;
    }

    /** A column of this type. */
    public Column column(String name, int typeModifier) {
        return new Column(name, oid, size, typeModifier);
    }
}
