package dev.groundplane.warehouse.replication;

import dev.groundplane.warehouse.replication.binlog.BinlogEvent;
import dev.groundplane.warehouse.replication.binlog.BinlogStream.LostException;

/**
 * A file of a log by the moment at which it was begun: a log that is made anew has files of the same names, and after a while also
 * the same GTIDs.
 *
 * @param begun in seconds since 1970; 0 while that is not known
 */
record LogFile(long begun) implements LogMark {
    static final LogFile UNKNOWN = new LogFile(0);

    static LogFile of(String text) {
        return text.isEmpty() ? UNKNOWN : new LogFile(Long.parseLong(text));
    }

    @Override
    public LogFile after(BinlogEvent.Begin group) {
        return this;
    }

    @Override
    public LogFile rotated() {
        return UNKNOWN;
    }

    @Override
    public LogFile in(long other) throws LostException {
        if (begun != 0 && begun != other) {
            throw new LostException("its file was begun anew");
        }
        return new LogFile(other);
    }

    @Override
    public String toString() {
        return begun == 0 ? "" : Long.toString(begun);
    }
}
