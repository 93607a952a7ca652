package dev.groundplane.warehouse.replication.binlog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.github.shyiko.mysql.binlog.event.deserialization.ColumnType;
import com.github.shyiko.mysql.binlog.event.deserialization.json.JsonBinary;
import com.github.shyiko.mysql.binlog.event.deserialization.json.JsonFormatter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Base64;

/** The text of a document that the log has as a tree, as MySQL itself writes it. */
final class JsonText implements JsonFormatter {
    /** From so many digits on, numbers have an exponent. */
    private static final int LONGEST_PLAIN = 15;

    private static final int SIX_BITS = 6;
    private static final int MICRO_BITS = 24;

    private final StringBuilder text = new StringBuilder();

    private JsonText() {}

    /** @param tree no bytes for what was written as {@code null} by old servers */
    static String of(byte[] tree) {
        if (tree.length == 0) {
            return "null";
        }
        var made = new JsonText();
        try {
            new Tree(tree, made).parse(made);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return made.text.toString();
    }

    @Override
    public void beginObject(int numElements) {
        text.append('{');
    }

    @Override
    public void beginArray(int numElements) {
        text.append('[');
    }

    @Override
    public void endObject() {
        text.append('}');
    }

    @Override
    public void endArray() {
        text.append(']');
    }

    @Override
    public void name(String name) {
        value(name);
        text.append(": ");
    }

    @Override
    public void nextEntry() {
        text.append(", ");
    }

    @Override
    public void value(String value) {
        text.append('"');
        value.chars().forEach(letter -> {
            switch (letter) {
                case '"', '\\' -> text.append('\\').append((char) letter);
                case '\b' -> text.append("\\b");
                case '\f' -> text.append("\\f");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (letter < ' ') {
                        text.append("\\u%04x".formatted(letter));
                    } else {
                        text.append((char) letter);
                    }
                }
            }
        });
        text.append('"');
    }

    @Override
    public void value(int value) {
        text.append(value);
    }

    @Override
    public void value(long value) {
        text.append(value);
    }

    @Override
    public void value(double value) {
        var shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        var exponent = shortest.precision() - shortest.scale() - 1;
        if (value == 0) {
            text.append(value);
        } else if (Math.abs(exponent) < LONGEST_PLAIN) {
            text.append(shortest.toPlainString()).append(shortest.scale() <= 0 ? ".0" : "");
        } else {
            text.append(shortest.scaleByPowerOfTen(-exponent).toPlainString())
                    .append('e')
                    .append(exponent);
        }
    }

    @Override
    public void value(BigInteger value) {
        text.append(value);
    }

    @Override
    public void value(BigDecimal value) {
        text.append(value.toPlainString());
    }

    @Override
    public void value(boolean value) {
        text.append(value);
    }

    @Override
    public void valueNull() {
        text.append("null");
    }

    @Override
    public void valueYear(int year) {
        text.append(year);
    }

    @Override
    public void valueDate(int year, int month, int day) {
        text.append("\"%04d-%02d-%02d\"".formatted(year, month, day));
    }

    @Override
    public void valueDatetime(int year, int month, int day, int hour, int min, int sec, int microSeconds) {
        text.append("\"%04d-%02d-%02d %02d:%02d:%02d.%06d\"".formatted(year, month, day, hour, min, sec, microSeconds));
    }

    @Override
    public void valueTime(int hour, int min, int sec, int microSeconds) {
        throw new IllegalStateException("times are read here");
    }

    /** @param packed hours, minutes and seconds of six bits each but for the hours, and 24 bits of microseconds; negative as a whole */
    private void time(long packed) {
        var whole = Math.abs(packed) >> MICRO_BITS;
        text.append("\"%s%02d:%02d:%02d.%06d\""
                .formatted(
                        packed < 0 ? "-" : "",
                        whole >> (2 * SIX_BITS),
                        (whole >> SIX_BITS) & ((1 << SIX_BITS) - 1),
                        whole & ((1 << SIX_BITS) - 1),
                        Math.abs(packed) & ((1 << MICRO_BITS) - 1)));
    }

    /** The library's own reading loses the sign of times. */
    private static final class Tree extends JsonBinary {
        private final JsonText text;

        Tree(byte[] tree, JsonText text) {
            super(tree);
            this.text = text;
        }

        @Override
        protected void parseTime(JsonFormatter formatter) throws IOException {
            text.time(readInt64());
        }
    }

    @Override
    public void valueTimestamp(long secondsPastEpoch, int microSeconds) {
        text.append("%d.%06d".formatted(secondsPastEpoch, microSeconds));
    }

    @Override
    public void valueOpaque(ColumnType type, byte[] value) {
        text.append("\"base64:type%d:".formatted(type.getCode()))
                .append(new String(Base64.getEncoder().encode(value), ISO_8859_1))
                .append('"');
    }
}
