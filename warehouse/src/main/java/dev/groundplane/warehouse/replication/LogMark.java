package dev.groundplane.warehouse.replication;

import dev.groundplane.warehouse.replication.binlog.BinlogEvent;
import dev.groundplane.warehouse.replication.binlog.BinlogStream.LostException;

/** By what it is found out whether a place is still in the log that it was in. Its text is written down beside the place. */
sealed interface LogMark permits Gtids, LogFile {
    /** Behind one more group. */
    LogMark after(BinlogEvent.Begin group);

    /** In the next file. */
    LogMark rotated();

    /**
     * Where a file says when it was begun, in seconds since 1970.
     *
     * @throws LostException when it is another file of the same name
     */
    LogMark in(long begun) throws LostException;
}
