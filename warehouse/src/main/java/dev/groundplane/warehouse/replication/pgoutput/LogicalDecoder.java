package dev.groundplane.warehouse.replication.pgoutput;

import dev.groundplane.warehouse.replication.pgoutput.LogicalMessage.Begin;
import dev.groundplane.warehouse.replication.pgoutput.LogicalMessage.Commit;
import dev.groundplane.warehouse.replication.pgoutput.LogicalMessage.Delete;
import dev.groundplane.warehouse.replication.pgoutput.LogicalMessage.Emitted;
import dev.groundplane.warehouse.replication.pgoutput.LogicalMessage.Insert;
import dev.groundplane.warehouse.replication.pgoutput.LogicalMessage.Other;
import dev.groundplane.warehouse.replication.pgoutput.LogicalMessage.Relation;
import dev.groundplane.warehouse.replication.pgoutput.LogicalMessage.Truncate;
import dev.groundplane.warehouse.replication.pgoutput.LogicalMessage.Update;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@link LogicalMessage}s from their bytes. */
public final class LogicalDecoder {
    private static final BitSet NONE = new BitSet(0);

    private LogicalDecoder() {}

    /**
     * The message that a buffer holds.
     *
     * @param message read from its position; its array is not kept
     * @throws IllegalArgumentException when it is none
     */
    public static LogicalMessage decode(ByteBuffer message) {
        var kind = (char) message.get();
        return switch (kind) {
            case 'B' -> new Begin(message.getLong(), message.getLong());
            case 'C' -> commit(message);
            case 'R' -> relation(message);
            case 'I' -> insert(message);
            case 'U' -> update(message);
            case 'D' -> delete(message);
            case 'T' -> truncate(message);
            case 'M' -> emitted(message);
            case 'O', 'Y' -> new Other(kind);
            default ->
                throw new IllegalArgumentException("no message of logical replication begins with '" + kind + "'");
        };
    }

    /**
     * Whether a message is a change of a row, but of another table's; so that it need not be decoded.
     *
     * @param message read from its position, which stays
     */
    public static boolean isRowOfAnother(ByteBuffer message, int table) {
        return switch (message.get(message.position())) {
            case 'I', 'U', 'D' -> message.getInt(message.position() + 1) != table;
            default -> false;
        };
    }

    private static Commit commit(ByteBuffer message) {
        message.get(); // flags, unused
        message.getLong(); // known since the transaction began
        return new Commit(message.getLong());
    }

    private static Relation relation(ByteBuffer message) {
        var table = message.getInt();
        var schema = text(message);
        var name = text(message);
        message.get(); // what tells rows apart, which event triggers tell, as they do types
        var columns = new ArrayList<String>();
        for (var left = message.getShort(); left > 0; left--) {
            message.get();
            columns.add(text(message));
            message.getLong();
        }
        return new Relation(table, schema.isEmpty() ? "pg_catalog" : schema, name, List.copyOf(columns));
    }

    private static Insert insert(ByteBuffer message) {
        var table = message.getInt();
        require(message, "N");
        return new Insert(table, tuple(message));
    }

    private static Update update(ByteBuffer message) {
        var table = message.getInt();
        @Nullable Tuple before = null;
        if (require(message, "KON") != 'N') {
            before = tuple(message);
            require(message, "N");
        }
        return new Update(table, before, tuple(message));
    }

    private static Delete delete(ByteBuffer message) {
        var table = message.getInt();
        require(message, "KO");
        return new Delete(table, tuple(message));
    }

    private static Truncate truncate(ByteBuffer message) {
        var count = message.getInt();
        message.get(); // the tables that go with them by CASCADE are named, too
        var tables = new ArrayList<Integer>();
        for (var left = count; left > 0; left--) {
            tables.add(message.getInt());
        }
        return new Truncate(List.copyOf(tables));
    }

    private static Emitted emitted(ByteBuffer message) {
        message.get(); // flags: whether it belongs to a transaction
        message.getLong();
        var prefix = text(message);
        return new Emitted(prefix, text(message, message.getInt()));
    }

    private static Tuple tuple(ByteBuffer message) {
        var values = new @Nullable String[message.getShort()];
        @Nullable BitSet untold = null;
        for (var i = 0; i < values.length; i++) {
            switch (require(message, "nut")) {
                case 't' -> values[i] = text(message, message.getInt());
                case 'u' -> {
                    untold = untold == null ? new BitSet(values.length) : untold;
                    untold.set(i);
                }
                default -> {} // NULL
            }
        }
        return new Tuple(Arrays.asList(values), untold == null ? NONE : untold);
    }

    private static char require(ByteBuffer message, String kinds) {
        var kind = (char) message.get();
        if (kinds.indexOf(kind) < 0) {
            throw new IllegalArgumentException("'%s' where one of '%s' was expected".formatted(kind, kinds));
        }
        return kind;
    }

    private static String text(ByteBuffer message) {
        var length = 0;
        while (message.get(message.position() + length) != 0) {
            length++;
        }
        var text = text(message, length);
        message.get();
        return text;
    }

    private static String text(ByteBuffer message, int length) {
        var text =
                new String(message.array(), message.arrayOffset() + message.position(), length, StandardCharsets.UTF_8);
        message.position(message.position() + length);
        return text;
    }
}
