package dev.groundplane.warehouse.sql;

import java.util.Set;

/** The system views of what runs and what has run, which are brought up to date when a statement names one. */
public final class HistoryViews {
    private static final Set<String> NAMES = Set.of(
            "stl_connection_log",
            "stl_ddltext",
            "stl_query",
            "stl_querytext",
            "stl_sessions",
            "stl_utilitytext",
            "stv_inflight",
            "stv_recents",
            "stv_sessions",
            "svl_qlog",
            "svl_statementtext",
            "sys_connection_log",
            "sys_query_history",
            "sys_query_text",
            "sys_session_history");

    private HistoryViews() {}

    /** Whether a statement names one of them. */
    public static boolean areMentioned(Statement statement) {
        return statement.tokens().stream().anyMatch(token -> token.isName() && NAMES.contains(token.name()));
    }
}
