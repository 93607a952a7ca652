package dev.groundplane.warehouse.replication.binlog;

import com.github.shyiko.mysql.binlog.event.ByteArrayEventData;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventHeaderV4;
import com.github.shyiko.mysql.binlog.event.EventType;
import com.github.shyiko.mysql.binlog.event.RotateEventData;
import dev.groundplane.warehouse.replication.binlog.BinlogEvent.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Makes events of what the server sent. Source: MariaDB's documentation, "Replication Protocol", and of the events that MySQL alone has,
 * its source code's documentation, "Binary Log Events". For one thread.
 */
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
    private static final int ROWS_FLAGS = 2;
    /** Of rows as MySQL has them: how long is what they have besides, this length included. */
    private static final int MORE_LENGTH = 2;

    private static final String XA_END = "XA END ";
    private static final int MILLIS = 1_000;
    private static final long NONE = -1;

    private final Map<Long, LogTable> tables = new HashMap<>();
    private String file;
    private long offset;
    private boolean inGroup;
    private boolean standalone;
    /** Where a group of MySQL's began, of which its first event has not come yet, which says what it is. */
    private long beginning = NONE;
    /** The group's XA transaction, as MySQL names it. */
    private String transaction = "";

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
        if (beginning != NONE && header.getEventType() != EventType.QUERY && !isOfServer(header)) {
            standalone = true;
            events.accept(begin(false));
        }
        switch (header.getEventType()) {
            case MARIADB_GTID -> events.accept(begin(header, content, end));
            case GTID, ANONYMOUS_GTID, GTID_TAGGED -> beginning = LogPosition.of(file, end - header.getEventLength());
            case XID -> events.accept(finished(header, end, false));
            case XA_PREPARE -> {
                if (isOnePhase(content)) {
                    events.accept(new BinlogEvent.Statement("", "XA COMMIT " + transaction));
                }
                events.accept(finished(header, end, false));
            }
            case QUERY -> statement(header, content, end, events);
            case TABLE_MAP -> tables.put(LogTable.id(content), LogTable.of(content));
            case WRITE_ROWS, EXT_WRITE_ROWS -> events.accept(rows(Kind.INSERTED, header, content, data));
            case UPDATE_ROWS, EXT_UPDATE_ROWS -> events.accept(rows(Kind.UPDATED, header, content, data));
            case DELETE_ROWS, EXT_DELETE_ROWS -> events.accept(rows(Kind.DELETED, header, content, data));
            case FORMAT_DESCRIPTION -> events.accept(new BinlogEvent.Begun(header.getTimestamp() / MILLIS));
            case PREVIOUS_GTIDS -> events.accept(new BinlogEvent.Passed(LogPosition.of(file, end)));
            case INTVAR,
                    RAND,
                    USER_VAR,
                    APPEND_BLOCK,
                    BEGIN_LOAD_QUERY,
                    ANNOTATE_ROWS,
                    ROWS_QUERY -> {} // before statements
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

    /** Whether an XA transaction is committed by what else only prepares it: nothing more will come of it. */
    private static boolean isOnePhase(Cursor content) {
        return content.remaining() > 0 && content.little(1) != 0;
    }

    private static boolean isOfServer(EventHeaderV4 header) {
        return switch (header.getEventType()) {
            case HEARTBEAT, HEARTBEAT_V2, FORMAT_DESCRIPTION, MARIADB_GTID_LIST, BINLOG_CHECKPOINT, STOP -> true;
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

    /** A group of MySQL's, whose GTID nobody needs. */
    private BinlogEvent begin(boolean prepared) {
        var position = beginning;
        beginning = NONE;
        inGroup = true;
        tables.clear();
        return new BinlogEvent.Begin(position, 0, "", prepared);
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
        if (beginning != NONE) {
            var prepared = text.startsWith("XA START ");
            standalone = !prepared && !text.equals("BEGIN");
            events.accept(begin(prepared));
            if (!standalone) {
                return;
            }
        }
        if (text.startsWith(XA_END)) {
            transaction = text.substring(XA_END.length());
        }
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

    private BinlogEvent rows(Kind kind, EventHeaderV4 header, Cursor content, ByteArrayEventData data) {
        var table = tables.get(LogTable.id(content));
        content.skip(ROWS_FLAGS);
        switch (header.getEventType()) {
            case EXT_WRITE_ROWS, EXT_UPDATE_ROWS, EXT_DELETE_ROWS -> {
                var more = (int) content.little(MORE_LENGTH);
                content.skip(more - MORE_LENGTH);
            }
            default -> {}
        }
        return table == null
                ? new BinlogEvent.Unreadable("rows of a table that was not announced")
                : new BinlogEvent.Rows(kind, table, data.getData(), content.place());
    }
}
