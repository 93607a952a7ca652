package dev.groundplane.warehouse.load;

/**
 * Why a field or line cannot be loaded.
 *
 * @param code by Redshift's "Load error reference"
 * @param reason what was wrong, with the value
 */
record FieldFault(int code, String reason) {
    static final int NO_DELIMITER = 1201;
    static final int EXTRA_COLUMNS = 1202;
    static final int OUT_OF_RANGE = 1204;
    static final int BAD_DATE = 1205;
    static final int BAD_TIMESTAMP = 1206;
    static final int BAD_DIGIT = 1207;
    static final int BAD_FLOAT = 1208;
    static final int BAD_DECIMAL = 1209;
    static final int BAD_BOOLEAN = 1210;
    static final int EMPTY_LINE = 1211;
    static final int MISSING_VALUE = 1213;
    static final int UNENDED_QUOTE = 1214;
    static final int BAD_LINE = 1216;
    static final int BAD_UTF8 = 1220;
    static final int BAD_JSON = 1224;
}
