package dev.groundplane.platform.audit;

import dev.groundplane.platform.store.Migration;
import java.util.List;

/**
 * What makes any value quick to find among millions of records, also one that is rare, or rare in its region, or long ago.
 * Data events, which are most of a busy trail and are never looked up, have no entries, and so cost nothing. An event's id
 * holds its time, and is found by that.
 */
public final class AuditIndexes {
    /** The indexes. They are a component of their own: they change nothing of what is kept. */
    public static final List<Migration> MIGRATIONS = List.of(new Migration("audit-index", 1, """
            CREATE INDEX audit_lookup ON audit (account, region, event_time, seq) WHERE management = 1;
            CREATE INDEX audit_lookup_name ON audit (account, region, event_name, event_time, seq) WHERE management = 1;
            CREATE INDEX audit_lookup_user ON audit (account, region, user_name, event_time, seq) WHERE management = 1;
            CREATE INDEX audit_lookup_source ON audit (account, region, event_source, event_time, seq)
              WHERE management = 1;
            CREATE INDEX audit_lookup_access_key ON audit (account, region, access_key_id, event_time, seq)
              WHERE management = 1;
            CREATE INDEX audit_lookup_read_only ON audit (account, region, read_only, event_time, seq)
              WHERE management = 1;
            DROP INDEX audit_time;
            DROP INDEX audit_name
            """));

    private AuditIndexes() {}
}
