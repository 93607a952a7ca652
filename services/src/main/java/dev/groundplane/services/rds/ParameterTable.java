package dev.groundplane.services.rds;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The parameters of a major version of PostgreSQL: what {@code pg_settings} has, and RDS's own. The resources are tab-separated:
 * name, type, unit, context, least, most, choices, default. Immutable.
 */
final class ParameterTable {
    private static final Map<String, ParameterTable> BY_MAJOR = new ConcurrentHashMap<>();

    /** What Groundplane decides, or would break the server, the machine or what is promised of it. */
    private static final Pattern FIXED = Pattern.compile("""
            allow_.*|archive_.*|bonjour.*|cluster_name|config_file|data_directory.*|data_sync_retry|debug_.*|dynamic_.*\
            |event_source|extension_.*|external_pid_file|file_.*|fsync|full_page_writes|hba_file|hot_standby.*|huge_page.*|ident_file\
            |ignore_.*|io_.*|jit_debugging_support|jit_dump_bitcode|jit_profiling_support|jit_provider|krb_.*|listen_addresses\
            |local_preload_libraries|log_destination|log_directory|log_file.*|log_line_prefix|log_rotation.*|log_truncate.*\
            |logging_collector|md5_.*|oauth_.*|password_encryption|port|primary_.*|recovery_.*|reserved_connections|restart_after_crash\
            |restore_.*|restrict_.*|send_abort_.*|session_.*|shared_memory_type|shared_preload_libraries|ssl.*|summarize_wal\
            |superuser_.*|sync_.*|synchronized_.*|synchronous_standby_names|syslog_.*|trace_.*|unix_.*|update_process_title\
            |wal_consistency_checking|wal_init_zero|wal_level|wal_recycle|wal_retrieve.*|wal_skip_threshold|wal_summary.*\
            |wal_sync_method|zero_damaged_pages|transaction_deferrable|transaction_isolation|transaction_read_only""");

    private static final List<EngineParameter> OF_RDS = List.of(
            new EngineParameter("rds.logical_replication", "bool", "", true, "", "", List.of("0", "1"), "1", true),
            new EngineParameter("rds.force_ssl", "bool", "", false, "", "", List.of("0", "1"), "0", true),
            // Which of Aurora's ways of replication is used: here there is one.
            new EngineParameter(
                    "aurora.enhanced_logical_replication", "bool", "", true, "", "", List.of("0", "1"), "1", true),
            new EngineParameter(
                    "aurora.logical_replication_backup", "bool", "", true, "", "", List.of("0", "1"), "0", true),
            new EngineParameter(
                    "aurora.logical_replication_globaldb", "bool", "", true, "", "", List.of("0", "1"), "0", true));

    private final SequencedMap<String, EngineParameter> all;

    private ParameterTable(SequencedMap<String, EngineParameter> all) {
        this.all = all;
    }

    /** Whether a major version is known. */
    static boolean has(String major) {
        return major.matches("\\d+") && ParameterTable.class.getResource(resource(major)) != null;
    }

    static ParameterTable of(String major) {
        return BY_MAJOR.computeIfAbsent(major, ParameterTable::read);
    }

    private static String resource(String major) {
        return "parameters-" + major + ".tsv";
    }

    private static ParameterTable read(String major) {
        SequencedMap<String, EngineParameter> all = new TreeMap<>();
        OF_RDS.forEach(parameter -> all.put(parameter.name(), parameter));
        try (InputStream stream = ParameterTable.class.getResourceAsStream(resource(major))) {
            if (stream == null) {
                throw new IllegalArgumentException("the parameters of PostgreSQL %s are not known".formatted(major));
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                EngineParameter parameter = parse(line.split("\t", -1));
                all.put(parameter.name(), parameter);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ParameterTable(all);
    }

    private static EngineParameter parse(String[] row) {
        return new EngineParameter(
                row[0],
                row[1],
                row[2],
                row[3].equals("postmaster"),
                row[4],
                row[5],
                row[6].isEmpty() ? List.of() : List.of(row[6].split(",")),
                row[7],
                !FIXED.matcher(row[0]).matches());
    }

    /** In order of their names. */
    Collection<EngineParameter> all() {
        return all.sequencedValues();
    }

    Optional<EngineParameter> find(String name) {
        return Optional.ofNullable(all.get(name));
    }
}
