package dev.groundplane.warehouse.replication.binlog;

import com.github.shyiko.mysql.binlog.event.ByteArrayEventData;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventHeaderV4;
import com.github.shyiko.mysql.binlog.event.RotateEventData;
import dev.groundplane.warehouse.replication.binlog.BinlogEvent.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Makes events of what the server sent. Source: MariaDB's documentation, "Replication Protocol". For one thread. */
final class EventReader {
    /** The server made it for whoever reads; it is not in the log. */
    private static final int ARTIFICIAL = 0x20;
    /** Of a GTID: its group is one statement, and nothing follows that ends it. */
    private static final int STANDALONE = 1;

    private static final int PREPARED = 64;
    private static final long WRAP = 1L << 32;
    /** Of a statement: the session's number and how long it took, and its error's number. */
    private static final int STATEMENT_SESSION = 8;

    private static final int STATEMENT_ERROR = 2;

    private final Map<Long, LogTable> tables = new HashMap<>();
    private String file;
    private long offset;
    private boolean inGroup;
    private boolean standalone;

    /** @param file where reading begins, from a place on */
    EventReader(String file, long offset) {
        this.file = file;
        this.offset = offset;
    }

    /** Reads an event, which may be none or two of those that there are here. */
    void read(Event event, Consumer<BinlogEvent> events) {
        EventHeaderV4 header = event.getHeader();
        if (event.getData() instanceof RotateEventData rotation) {
            rotated(header, rotation);
            events.accept(new BinlogEvent.Rotated(LogPosition.of(file, offset)));
            return;
        }
        ByteArrayEventData data = event.getData();
        var content = new Cursor(data.getData());
        var end = end(header);
        switch (header.getEventType()) {
            case MARIADB_GTID -> events.accept(begin(header, content, end));
            case XID, XA_PREPARE -> events.accept(finished(header, end, false));
            case QUERY -> statement(header, content, end, events);
            case TABLE_MAP -> tables.put(LogTable.id(content), LogTable.of(content));
            case WRITE_ROWS -> events.accept(rows(Kind.INSERTED, content, data));
            case UPDATE_ROWS -> events.accept(rows(Kind.UPDATED, content, data));
            case DELETE_ROWS -> events.accept(rows(Kind.DELETED, content, data));
            case INTVAR, RAND, USER_VAR, APPEND_BLOCK, BEGIN_LOAD_QUERY, ANNOTATE_ROWS -> {} // before statements
            default -> {
                if (inGroup && (header.getFlags() & ARTIFICIAL) == 0 && !isOfServer(header)) {
                    events.accept(new BinlogEvent.Unreadable("an event of the kind " + header.getEventType()));
                    if (standalone) {
                        events.accept(finished(header, end, false));
                    }
                }
            }
        }
    }

    private static boolean isOfServer(EventHeaderV4 header) {
        return switch (header.getEventType()) {
            case HEARTBEAT, FORMAT_DESCRIPTION, MARIADB_GTID_LIST, BINLOG_CHECKPOINT, STOP -> true;
            default -> false;
        };
    }

    /** Where the event ends. Events have the lowest 32 bits of that; a file is larger than these count when one transaction is. */
    private long end(EventHeaderV4 header) {
        if (header.getNextPosition() == 0 || (header.getFlags() & ARTIFICIAL) != 0 || isOfServer(header)) {
            return offset;
        }
        var next = offset / WRAP * WRAP + header.getNextPosition();
        offset = next < offset ? next + WRAP : next;
        return offset;
    }

    private void rotated(EventHeaderV4 header, RotateEventData rotation) {
        var begins = (header.getFlags() & ARTIFICIAL) != 0;
        if (!begins || !rotation.getBinlogFilename().equals(file)) {
            file = rotation.getBinlogFilename();
            offset = rotation.getBinlogPosition();
            tables.clear();
        }
    }

    private BinlogEvent begin(EventHeaderV4 header, Cursor content, long end) {
        var sequence = content.little(Long.BYTES);
        var domain = content.little(Integer.BYTES);
        var flags = content.little(1);
        inGroup = true;
        standalone = (flags & STANDALONE) != 0;
        tables.clear();
        return new BinlogEvent.Begin(
                LogPosition.of(file, end - header.getEventLength()),
                domain,
                domain + "-" + header.getServerId() + "-" + Long.toUnsignedString(sequence),
                (flags & PREPARED) != 0);
    }

    private BinlogEvent finished(EventHeaderV4 header, long end, boolean rolledBack) {
        inGroup = false;
        return new BinlogEvent.End(LogPosition.of(file, end), header.getTimestamp(), rolledBack);
    }

    private void statement(EventHeaderV4 header, Cursor content, long end, Consumer<BinlogEvent> events) {
        content.skip(STATEMENT_SESSION);
        var databaseLength = (int) content.little(1);
        content.skip(STATEMENT_ERROR);
        var variables = (int) content.little(2);
        content.skip(variables);
        var database = content.text(databaseLength);
        content.skip(1); // a zero
        var text = content.text(content.remaining());
        var rolledBack = text.equals("ROLLBACK");
        if (!standalone && (rolledBack || text.equals("COMMIT"))) {
            events.accept(finished(header, end, rolledBack));
            return;
        }
        events.accept(new BinlogEvent.Statement(database, text));
        if (standalone) {
            events.accept(finished(header, end, false));
        }
    }

    private BinlogEvent rows(Kind kind, Cursor content, ByteArrayEventData data) {
        var table = tables.get(LogTable.id(content));
        return table == null
                ? new BinlogEvent.Unreadable("rows of a table that was not announced")
                : new BinlogEvent.Rows(kind, table, data.getData());
    }
}
