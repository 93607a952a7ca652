package dev.groundplane.warehouse.replication;

import dev.groundplane.warehouse.replication.binlog.BinlogEvent;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A place in a MariaDB server's log by the GTIDs of the last transaction of each domain before it, as {@code @@gtid_binlog_pos} tells.
 *
 * @param byDomain empty when there was none
 */
record Gtids(SortedMap<Long, String> byDomain) implements LogMark {
    /** The place of a text like {@code 0-1-42,1-1-7}. */
    static Gtids of(String text) {
        var byDomain = new TreeMap<Long, String>();
        for (var one : text.split(",")) {
            var gtid = one.strip();
            if (!gtid.isEmpty()) {
                byDomain.put(Long.parseLong(gtid.substring(0, gtid.indexOf('-'))), gtid);
            }
        }
        return new Gtids(byDomain);
    }

    @Override
    public Gtids after(BinlogEvent.Begin group) {
        var next = new TreeMap<>(byDomain);
        next.put(group.domain(), group.gtid());
        return new Gtids(next);
    }

    @Override
    public Gtids rotated() {
        return this;
    }

    /** Says nothing here: the server is asked which GTIDs are at a place. */
    @Override
    public Gtids in(long begun) {
        return this;
    }

    @Override
    public String toString() {
        return String.join(",", byDomain.values());
    }
}
