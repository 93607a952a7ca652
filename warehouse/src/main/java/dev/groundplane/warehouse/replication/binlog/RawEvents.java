package dev.groundplane.warehouse.replication.binlog;

import com.github.shyiko.mysql.binlog.event.ByteArrayEventData;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventHeaderV4;
import com.github.shyiko.mysql.binlog.event.EventType;
import com.github.shyiko.mysql.binlog.event.RotateEventData;
import com.github.shyiko.mysql.binlog.event.deserialization.ChecksumType;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDeserializer;
import com.github.shyiko.mysql.binlog.event.deserialization.EventHeaderV4Deserializer;
import com.github.shyiko.mysql.binlog.io.ByteArrayInputStream;
import java.io.IOException;

/**
 * Leaves events as they came, without their checksums. The library's own reading of rows loses what Java's dates do not have, and gives
 * up at types that are MariaDB's alone.
 */
final class RawEvents extends EventDeserializer {
    private static final int CHECKSUM_BYTES = 4;

    private final EventHeaderV4Deserializer headers = new EventHeaderV4Deserializer();
    private int checksumBytes;

    @Override
    @SuppressWarnings("deprecation") // the library itself calls it, before the first event
    public void setChecksumType(ChecksumType checksumType) {
        checksumBytes = checksumType.getLength();
    }

    @Override
    public Event nextEvent(ByteArrayInputStream input) throws IOException {
        EventHeaderV4 header = headers.deserialize(input);
        var content = input.read((int) header.getDataLength());
        if (header.getEventType() == EventType.FORMAT_DESCRIPTION) {
            // The last but the checksum, which this event always has, says whether the file's others have one.
            checksumBytes = content[content.length - CHECKSUM_BYTES - 1] == 0 ? 0 : CHECKSUM_BYTES;
        }
        var cursor = new Cursor(content);
        if (header.getEventType() == EventType.ROTATE) { // the library keeps it
            var rotation = new RotateEventData();
            rotation.setBinlogPosition(cursor.little(Long.BYTES));
            rotation.setBinlogFilename(cursor.text(cursor.remaining() - checksumBytes));
            return new Event(header, rotation);
        }
        var data = new ByteArrayEventData();
        data.setData(cursor.bytes(content.length - checksumBytes));
        return new Event(header, data);
    }
}
