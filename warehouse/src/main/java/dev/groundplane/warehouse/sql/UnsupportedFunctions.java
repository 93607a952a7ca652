package dev.groundplane.warehouse.sql;

import java.util.Set;

/** Redshift's functions that there are not. The engine would say that it knows none of this name, or has another one. */
final class UnsupportedFunctions {
    private static final Set<String> NAMES = Set.of(
            "FARMFINGERPRINT64",
            "MURMUR3_32_HASH",
            "HLL",
            "HLL_CREATE_SKETCH",
            "HLL_CARDINALITY",
            "HLL_COMBINE",
            "HLL_COMBINE_SKETCHES",
            "EXPLAIN_MODEL",
            "OBJECT_TRANSFORM",
            "SIZE",
            "COLLATE",
            "CHANGE_QUERY_PRIORITY",
            "CHANGE_SESSION_PRIORITY",
            "CHANGE_USER_PRIORITY",
            "REBOOT_CLUSTER",
            "SET_CONFIG",
            "CURRENT_SETTING",
            "CURRENT_AWS_ACCOUNT",
            "CURRENT_NAMESPACE",
            "CURRENT_USER_ID",
            "DEFAULT_IAM_ROLE",
            "PG_GET_COLS",
            "PG_GET_GRANTEE_BY_IAM_ROLE",
            "PG_GET_IAM_ROLE_BY_USER",
            "PG_GET_LATE_BINDING_VIEW_COLS",
            "SLICE_NUM",
            "ADDBBOX",
            "DROPBBOX",
            "SUPPORTSBBOX",
            "GEOMETRYTYPE",
            "H3_FROMLONGLAT",
            "H3_FROMPOINT",
            "H3_POLYFILL");

    private UnsupportedFunctions() {}

    /** @throws SqlFailure that names it, when it is one of them */
    static void check(Token name) {
        var keyword = name.keyword();
        if (NAMES.contains(keyword) || keyword.startsWith("ST_")) {
            throw SqlFailure.unsupported("function " + keyword);
        }
    }
}
