package dev.groundplane.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageOutputTest {
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final MessageOutput output = new MessageOutput(sent);

    /** Each message's type and the length of its content. */
    private List<String> messages() throws IOException {
        var input = new DataInputStream(new ByteArrayInputStream(sent.toByteArray()));
        var messages = new ArrayList<String>();
        while (input.available() > 0) {
            var type = (char) input.readByte();
            var length = input.readInt() - Integer.BYTES;
            assertThat(input.readNBytes(length)).as("message %c", type).hasSize(length);
            messages.add(type + " " + length);
        }
        return messages;
    }

    @Test
    void aRowThatWasNotEndedIsLeftOutOfWhatFollows() throws Exception {
        output.beginRow(2);
        output.int32Value(1);
        output.nullValue();
        output.endRow();
        output.beginRow(2);
        output.asciiValue("the other value cannot be written");

        output.error(Report.error(SqlState.DATA_EXCEPTION, "no"));
        output.readyForQuery(TransactionStatus.IDLE);
        output.flush();

        assertThat(messages()).hasSize(3).startsWith("D 14").endsWith("Z 1");
    }

    @Test
    void aRowThatWasNotEndedIsNotSent() throws Exception {
        output.beginRow(1);
        output.asciiValue("half");
        output.flush();
        output.commandComplete("SELECT 0");
        output.flush();

        assertThat(messages()).containsExactly("C 9");
    }

    @Test
    void manyRowsGoOutBeforeAnybodyAsks() throws Exception {
        for (var i = 0; i < 10_000; i++) {
            output.beginRow(1);
            output.int64Value(i);
            output.endRow();
        }
        assertThat(sent.size()).isPositive();
        output.flush();
        assertThat(messages()).hasSize(10_000).containsOnly("D 14");
    }
}
