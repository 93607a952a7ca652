package dev.groundplane.server.rds;

import dev.groundplane.services.integration.SourceFinding;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks whether a database can be followed, and says of each thing that is missing which statement mends it. Changes nothing. Source:
 * PostgreSQL's manual, "Logical Replication", "Configuration Settings" and "Security".
 */
final class SourceCheck {
    private static final int LEAST_VERSION = 140_000;
    /** Publications choose rows and columns from here on. */
    private static final int CHOOSING_VERSION = 150_000;
    /** One to follow with, and two to copy tables with. */
    private static final int NEEDED = 3;

    private static final String SCRIPT = "as a superuser, psql -v follower=%s -f docs/zero-etl-source.sql";
    /** Tables that can be followed: with a key by which rows are known. */
    private static final String WITH_KEY = """
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p') AND c.relpersistence = 'p' AND NOT c.relispartition
                AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'groundplane_replication')
                AND EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid
                    AND CASE c.relreplident WHEN 'd' THEN i.indisprimary WHEN 'i' THEN i.indisreplident END)""";
    /** Tables of the owner's publication. */
    private static final String PUBLISHED = """
            FROM pg_publication_tables p JOIN pg_namespace n ON n.nspname = p.schemaname
            JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = p.tablename
            WHERE p.pubname = 'groundplane_tables'""";

    private final SourceDatabase source;
    private final Statement statement;
    private final List<SourceFinding> findings = new ArrayList<>();
    private final String role;

    private SourceCheck(SourceDatabase source, Statement statement) throws SQLException {
        this.source = source;
        this.statement = statement;
        this.role = text("SELECT quote_ident(current_user)");
    }

    /** What is missing, in the order in which it is mended. */
    static List<SourceFinding> of(SourceDatabase source) {
        try (Connection connection = source.open();
                Statement statement = connection.createStatement()) {
            SourceCheck check = new SourceCheck(source, statement);
            check.server();
            check.role();
            if (check.findings.stream().noneMatch(SourceFinding::hinders) && !check.hasSlot()) {
                check.replication();
            }
            return List.copyOf(check.findings);
        } catch (SQLException e) {
            return List.of(Unreachable.finding(source, e));
        }
    }

    private void hinder(String problem, String remedy) {
        findings.add(new SourceFinding(true, problem, remedy));
    }

    private void limit(String problem, String remedy) {
        findings.add(new SourceFinding(false, problem, remedy));
    }

    private void server() throws SQLException {
        int version = number("SELECT current_setting('server_version_num')::int");
        if (version < LEAST_VERSION) {
            hinder(
                    "the server is PostgreSQL %s; following needs 14 or later".formatted(text("SHOW server_version")),
                    "follow a server of a later version");
            return;
        }
        if (holds("SELECT pg_is_in_recovery()")) {
            hinder("the server is a standby", "make the connection one to the primary server");
            return;
        }
        String level = text("SHOW wal_level");
        if (!level.equals("logical")) {
            hinder(
                    "wal_level is %s".formatted(level),
                    "ALTER SYSTEM SET wal_level = 'logical'; then restart the server");
        }
        if (!hasSlot()) {
            requireLeft("max_replication_slots", number("SELECT count(*) FROM pg_replication_slots"));
            requireLeft("max_wal_senders", number("SELECT count(*) FROM pg_stat_replication"));
        }
        if (text("SHOW max_slot_wal_keep_size").equals("-1")) {
            limit(
                    "max_slot_wal_keep_size is -1, so that a follower that stays away fills the server's disk",
                    "ALTER SYSTEM SET max_slot_wal_keep_size = '8GB'; SELECT pg_reload_conf()");
        }
    }

    /** Integrations that follow already have what they need. */
    private boolean hasSlot() throws SQLException {
        return holds(
                "SELECT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = '%s')".formatted(source.name()));
    }

    private void requireLeft(String setting, int used) throws SQLException {
        int most = number("SELECT current_setting('%s')::int".formatted(setting));
        if (most - used < NEEDED) {
            hinder(
                    "%d of %s %d are in use; following needs %d".formatted(used, setting, most, NEEDED),
                    "ALTER SYSTEM SET %s = %d; then restart the server".formatted(setting, used + NEEDED));
        }
    }

    private void role() throws SQLException {
        if (holds("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")) {
            if (holds(
                    "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'groundplane_replication' AND nspowner <>"
                            + " (SELECT oid FROM pg_roles WHERE rolname = current_user))")) {
                hinder(
                        "schema groundplane_replication is another superuser's, and %s makes its own".formatted(role),
                        "ALTER ROLE %s NOSUPERUSER REPLICATION, to follow with what is there".formatted(role));
            }
            return; // makes what it needs
        }
        if (!holds("SELECT rolreplication FROM pg_roles WHERE rolname = current_user")) {
            hinder("role %s may not replicate".formatted(role), "ALTER ROLE %s REPLICATION".formatted(role));
        }
        if (!holds("SELECT EXISTS (SELECT FROM pg_publication WHERE pubname = 'groundplane_tables')")) {
            hinder(
                    "there is no publication %s, and role %s is no superuser, who could make all that following needs"
                            .formatted(SourceDatabase.OWNERS_PUBLICATION, role),
                    SCRIPT.formatted(role) + "; or, where event triggers are not wanted: " + publication());
            return;
        }
        if (!isPrepared()) {
            limit(
                    "schema groundplane_replication, of event triggers, is not there for role %s, so that a new table must be"
                                    .formatted(role)
                            + " added to the publication and an altered one is copied again",
                    SCRIPT.formatted(role));
        }
        published();
        readable();
    }

    private boolean isPrepared() throws SQLException {
        return holds(
                "SELECT coalesce(has_schema_privilege(to_regnamespace('groundplane_replication')::oid, 'USAGE'), false)");
    }

    private String publication() throws SQLException {
        String tables = text(
                "SELECT coalesce(string_agg(format('%I.%I', n.nspname, c.relname), ', ' ORDER BY n.nspname, c.relname), '') "
                        + WITH_KEY);
        return "CREATE PUBLICATION %s %sWITH (publish_via_partition_root = true); GRANT pg_read_all_data TO %s"
                .formatted(
                        SourceDatabase.OWNERS_PUBLICATION, tables.isEmpty() ? "" : "FOR TABLE " + tables + " ", role);
    }

    /** What the owner's publication must tell. */
    private void published() throws SQLException {
        if (!holds("SELECT pubinsert AND pubupdate AND pubdelete AND pubtruncate AND pubviaroot FROM pg_publication"
                + " WHERE pubname = 'groundplane_tables'")) {
            hinder(
                    "publication groundplane_tables does not tell all changes, or those of partitions one by one",
                    "ALTER PUBLICATION groundplane_tables SET (publish = 'insert, update, delete, truncate',"
                            + " publish_via_partition_root = true)");
        }
        if (number("SELECT current_setting('server_version_num')::int") >= CHOOSING_VERSION) {
            String chosen = text("SELECT coalesce(string_agg(format('%s', prrelid::regclass), ', '), '')"
                    + " FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid"
                    + " WHERE p.pubname = 'groundplane_tables' AND (prqual IS NOT NULL OR prattrs IS NOT NULL)");
            if (!chosen.isEmpty()) {
                hinder(
                        "publication groundplane_tables has a part of the rows or columns of %s only".formatted(chosen),
                        "ALTER PUBLICATION groundplane_tables DROP TABLE %1$s; ALTER PUBLICATION groundplane_tables ADD TABLE %1$s"
                                .formatted(chosen));
            }
        }
        String without = names(PUBLISHED + " AND NOT EXISTS (SELECT FROM (SELECT c.oid AS key " + WITH_KEY
                + ") k WHERE k.key = c.oid)");
        if (!without.isEmpty()) {
            limit(
                    "tables without a primary key are published, of which UPDATE and DELETE fail: %s"
                            .formatted(without),
                    "ALTER PUBLICATION groundplane_tables DROP TABLE %s; or give them one".formatted(without));
        }
    }

    private void readable() throws SQLException {
        String closed = names(
                PUBLISHED + " AND NOT (has_table_privilege(c.oid, 'SELECT') AND has_schema_privilege(n.oid, 'USAGE'))");
        if (!closed.isEmpty()) {
            limit(
                    "role %s may not read %s".formatted(role, closed),
                    "GRANT pg_read_all_data TO %1$s; or GRANT SELECT ON %2$s TO %1$s, and USAGE on their schemas"
                            .formatted(role, closed));
        }
        String guarded = names(PUBLISHED + " AND row_security_active(c.oid)");
        if (!guarded.isEmpty()) {
            limit(
                    "policies show role %s a part of the rows only: %s".formatted(role, guarded),
                    "ALTER ROLE %s BYPASSRLS".formatted(role));
        }
    }

    private String names(String from) throws SQLException {
        return text(
                "SELECT coalesce(string_agg(format('%I.%I', n.nspname, c.relname), ', ' ORDER BY n.nspname, c.relname), '') "
                        + from);
    }

    /** What pg_hba.conf lets a role do it says only when it is tried. */
    private void replication() {
        try {
            source.replicate().close();
        } catch (SQLException e) {
            findings.add(Unreachable.finding(source, e));
        }
    }

    private String text(String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    private int number(String query) throws SQLException {
        return Integer.parseInt(text(query));
    }

    private boolean holds(String query) throws SQLException {
        return text(query).equals("t");
    }
}
