package dev.groundplane.platform.audit;

import dev.groundplane.platform.GroundplaneException;
import dev.groundplane.platform.audit.AuditFinding.Kind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/**
 * Follows the table of resources upwards beside the records: each record must have the entries by which it is found, and no
 * entry may be of no record. Not thread-safe.
 */
final class ResourceWalk {
    /** What to walk. */
    static final String SELECT = "SELECT seq, type, name FROM audit_resource ORDER BY seq";

    private final ResultSet rows;
    private final Findings findings;
    private boolean has;

    ResourceWalk(ResultSet rows, Findings findings) throws SQLException {
        this.rows = rows;
        this.findings = findings;
        this.has = rows.next();
    }

    /** Compares the entries of a record; those between it and the record before are of no record. */
    void next(AuditRow row) throws SQLException {
        strayBefore(row.position());
        Set<AuditRecord.Resource> entries = new HashSet<>();
        while (has && rows.getLong(1) == row.position()) {
            entries.add(new AuditRecord.Resource(rows.getString(2), rows.getString(3)));
            has = rows.next();
        }
        try {
            if (!entries.equals(Set.copyOf(AuditTrail.resources(row.resources())))) {
                findings.add(
                        Kind.MISLEADING_COLUMN,
                        row.position(),
                        row.record().eventId(),
                        "the record is listed under the resources %s, and names %s",
                        entries,
                        row.resources());
            }
        } catch (GroundplaneException e) {
            // the column is damaged, which the walk over the records has said
        }
    }

    /** What is left is of no record. */
    void end() throws SQLException {
        strayBefore(Long.MAX_VALUE);
    }

    private void strayBefore(long position) throws SQLException {
        while (has && rows.getLong(1) < position) {
            findings.add(
                    Kind.MISLEADING_COLUMN,
                    rows.getLong(1),
                    "",
                    "the resource %s is listed for a record that is not there",
                    rows.getString(3));
            has = rows.next();
        }
    }
}
