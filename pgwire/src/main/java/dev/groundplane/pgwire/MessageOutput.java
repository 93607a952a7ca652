package dev.groundplane.pgwire;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Writes a server's messages. They are collected and go out when there are many or at {@link #flush}. A message that was begun
 * and not ended, because a value of it could not be written, is left out when the next one begins. For one thread.
 */
public final class MessageOutput {
    private static final int FLUSHED_FROM = 64 * 1024;
    /** Characters of a text in pieces, at most. */
    private static final int SHORT_TEXT = 64;

    private final OutputStream output;
    private byte[] buffer = new byte[8 * 1024];
    private int length;
    /** Where the message that is being written begins; where the next one will between two. */
    private int begun;
    /** Where the text that is being written begins, with its length. */
    private int textBegun;

    private long sent;

    /** Writes to a stream, which it does not close. */
    public MessageOutput(OutputStream output) {
        this.output = output;
    }

    /** One byte without a message around it: the answer to a request for encryption. */
    public void negotiation(char answer) throws IOException {
        output.write(answer);
        output.flush();
    }

    /** The client is who it says. */
    public void authenticationOk() throws IOException {
        authentication(0);
    }

    /** Asks for the password itself; only where the connection is encrypted. */
    public void authenticationCleartextPassword() throws IOException {
        authentication(3);
    }

    /** Begins SASL with the mechanisms that the server knows. */
    public void authenticationSasl(List<String> mechanisms) throws IOException {
        begin('R');
        int32(10);
        for (var mechanism : mechanisms) {
            string(mechanism);
        }
        int8(0);
        end();
    }

    /** A step of SASL that the client answers. */
    public void authenticationSaslContinue(String data) throws IOException {
        begin('R');
        int32(11);
        bytes(data.getBytes(StandardCharsets.UTF_8));
        end();
    }

    /** The last step of SASL. */
    public void authenticationSaslFinal(String data) throws IOException {
        begin('R');
        int32(12);
        bytes(data.getBytes(StandardCharsets.UTF_8));
        end();
    }

    private void authentication(int code) throws IOException {
        begin('R');
        int32(code);
        end();
    }

    /** Which minor version the server knows, and which parameters of the startup packet it does not. */
    public void negotiateProtocolVersion(int minorVersion, List<String> unknown) throws IOException {
        begin('v');
        int32(minorVersion);
        int32(unknown.size());
        for (var name : unknown) {
            string(name);
        }
        end();
    }

    /** What the client needs to cancel what this connection runs. */
    public void backendKeyData(int processId, int secretKey) throws IOException {
        begin('K');
        int32(processId);
        int32(secretKey);
        end();
    }

    /** The value of a setting, at the start and when it changes. */
    public void parameterStatus(String name, String value) throws IOException {
        begin('S');
        string(name);
        string(value);
        end();
    }

    /** The next query may come. */
    public void readyForQuery(TransactionStatus status) throws IOException {
        begin('Z');
        int8(status.code());
        end();
    }

    /** A Parse was carried out. */
    public void parseComplete() throws IOException {
        empty('1');
    }

    /** A Bind was carried out. */
    public void bindComplete() throws IOException {
        empty('2');
    }

    /** A Close was carried out. */
    public void closeComplete() throws IOException {
        empty('3');
    }

    /** What is described gives no rows. */
    public void noData() throws IOException {
        empty('n');
    }

    /** There was no statement in the query. */
    public void emptyQueryResponse() throws IOException {
        empty('I');
    }

    /** The portal has more rows than its Execute wanted. */
    public void portalSuspended() throws IOException {
        empty('s');
    }

    /** A statement was carried out; the tag is as PostgreSQL's: {@code SELECT 5}, {@code INSERT 0 1}. */
    public void commandComplete(String tag) throws IOException {
        begin('C');
        string(tag);
        end();
    }

    /** The types of a statement's parameters, as OIDs. */
    public void parameterDescription(List<Integer> types) throws IOException {
        begin('t');
        int16(types.size());
        for (var type : types) {
            int32(type);
        }
        end();
    }

    /** The columns of a result and the formats that they come in. */
    public void rowDescription(List<Column> columns, List<Format> formats) throws IOException {
        begin('T');
        int16(columns.size());
        for (var i = 0; i < columns.size(); i++) {
            var column = columns.get(i);
            string(column.name());
            int32(0); // no table's column
            int16(0);
            int32(column.typeOid());
            int16(column.typeSize());
            int32(column.typeModifier());
            int16(Format.at(i, formats).code());
        }
        end();
    }

    /** Begins a row; its values follow, then {@link #endRow}. */
    public void beginRow(int columns) {
        begin('D');
        int16(columns);
    }

    /** A NULL of a row. */
    public void nullValue() {
        int32(-1);
    }

    /** A value of a row. */
    public void value(byte[] bytes) {
        int32(bytes.length);
        bytes(bytes);
    }

    /** A value of a row that is text. */
    public void textValue(String text) {
        var count = text.length();
        room(Integer.BYTES + count);
        var begin = length + Integer.BYTES;
        for (var i = 0; i < count; i++) {
            var c = text.charAt(i);
            if (c >= 0x80) {
                value(text.getBytes(StandardCharsets.UTF_8));
                return;
            }
            buffer[begin + i] = (byte) c;
        }
        int32(count);
        length += count;
    }

    /** Begins a value of a row that is short text of ASCII characters in pieces; they follow, then {@link #endText}. */
    public void beginText() {
        room(Integer.BYTES + SHORT_TEXT);
        textBegun = length;
        length += Integer.BYTES;
    }

    /** A character of such a text. */
    public void character(char ascii) {
        buffer[length++] = (byte) ascii;
    }

    /** A number in decimal digits, with its sign if it is negative. */
    public void number(long value) {
        if (value == Long.MIN_VALUE) { // whose opposite is none
            number(value / 10);
            digits(-(value % 10), 1);
            return;
        }
        if (value < 0) {
            character('-');
        }
        digits(Math.abs(value), 1);
    }

    /**
     * A number that is not negative in decimal digits.
     *
     * @param least how many digits at least
     */
    public void digits(long value, int least) {
        var count = 1;
        for (var rest = value; rest >= 10; rest /= 10) {
            count++;
        }
        var begin = length;
        length += Math.max(count, least);
        var at = length;
        var rest = value;
        while (rest > Integer.MAX_VALUE) {
            buffer[--at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        for (var small = (int) rest; at > begin; small /= 10) { // several times as fast
            buffer[--at] = (byte) ('0' + small % 10);
        }
    }

    /** Ends a text. */
    public void endText() {
        int32At(textBegun, length - textBegun - Integer.BYTES);
    }

    /** A value of a row that is a 2-byte integer in binary format. */
    public void int16Value(short value) {
        int32(2);
        int16(value);
    }

    /** A value of a row that is a 4-byte integer in binary format. */
    public void int32Value(int value) {
        int32(4);
        int32(value);
    }

    /** A value of a row that is an 8-byte integer in binary format. */
    public void int64Value(long value) {
        int32(8);
        int32((int) (value >> 32));
        int32((int) value);
    }

    /** A value of a row that is one byte in binary format. */
    public void int8Value(int value) {
        int32(1);
        int8(value);
    }

    /** Ends a row. */
    public void endRow() throws IOException {
        end();
    }

    /** The statement failed. */
    public void error(Report report) throws IOException {
        report('E', report);
    }

    /** Something that the client may want to know. */
    public void notice(Report report) throws IOException {
        report('N', report);
    }

    private void report(char type, Report report) throws IOException {
        begin(type);
        for (var field : report.fields().entrySet()) {
            int8(field.getKey());
            string(field.getValue());
        }
        int8(0);
        end();
    }

    /** Sends what was collected. Blocks as long as the client does not read. */
    public void flush() throws IOException {
        length = begun;
        send();
        output.flush();
    }

    /** How many bytes were written so far, also those that were not sent yet. */
    public long written() {
        return sent + begun;
    }

    private void send() throws IOException {
        output.write(buffer, 0, length);
        sent += length;
        length = 0;
        begun = 0;
    }

    private void empty(char type) throws IOException {
        begin(type);
        end();
    }

    private void begin(char type) {
        length = begun;
        int8(type);
        int32(0);
    }

    private void end() throws IOException {
        var lengthField = begun + 1;
        int32At(lengthField, length - lengthField);
        if (length >= FLUSHED_FROM) {
            send();
        }
        begun = length;
    }

    private void int8(int value) {
        room(1);
        buffer[length++] = (byte) value;
    }

    private void int16(int value) {
        room(2);
        buffer[length++] = (byte) (value >> 8);
        buffer[length++] = (byte) value;
    }

    private void int32(int value) {
        room(4);
        int32At(length, value);
        length += 4;
    }

    private void int32At(int position, int value) {
        buffer[position] = (byte) (value >> 24);
        buffer[position + 1] = (byte) (value >> 16);
        buffer[position + 2] = (byte) (value >> 8);
        buffer[position + 3] = (byte) value;
    }

    private void bytes(byte[] value) {
        room(value.length);
        System.arraycopy(value, 0, buffer, length, value.length);
        length += value.length;
    }

    /** Text with a zero byte at its end; a zero byte within would end it before. */
    private void string(String text) {
        bytes(text.replace('\0', ' ').getBytes(StandardCharsets.UTF_8));
        int8(0);
    }

    private void room(int wanted) {
        if (buffer.length - length < wanted) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + wanted));
        }
    }
}
