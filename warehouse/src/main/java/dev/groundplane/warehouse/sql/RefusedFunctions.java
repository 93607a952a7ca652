package dev.groundplane.warehouse.sql;

import dev.groundplane.pgwire.SqlState;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Functions of the engine that Redshift does not have and nobody may call: they read files, of which the engine could reach its
 * own, change its settings, or run SQL that nothing here has looked at.
 */
public final class RefusedFunctions {
    private static final Pattern FAMILIES =
            Pattern.compile("(read|parquet|arrow_scan|(de)?register|__internal)_.*|.*external_resource.*");
    private static final Set<String> OTHERS = Set.of(
            "arrow_scan",
            "checkpoint",
            "copy_database",
            "disable_logging",
            "disable_profiling",
            "duckdb_logs",
            "duckdb_logs_parsed",
            "enable_logging",
            "enable_profiling",
            "force_checkpoint",
            "glob",
            "import_database",
            "json_execute_serialized_sql",
            "json_serialize_plan",
            "open_sessions_text",
            "query",
            "query_table",
            "running_statements_text",
            "seq_scan",
            "serverless_usage_text",
            "signal_backend",
            "sniff_csv",
            "truncate_duckdb_logs",
            "write_log");

    private RefusedFunctions() {}

    /** @throws SqlFailure 42501 when a function of this name may not be called */
    public static void check(String name) {
        if (OTHERS.contains(name) || FAMILIES.matcher(name).matches()) {
            throw SqlFailure.of(
                    SqlState.INSUFFICIENT_PRIVILEGE,
                    "permission denied for function " + name,
                    "It is the engine's own and none of Redshift's.");
        }
    }
}
