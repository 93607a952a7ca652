package dev.groundplane.pgwire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        output.textValue("the other value cannot be written");

        output.error(Report.error(SqlState.DATA_EXCEPTION, "no"));
        output.readyForQuery(TransactionStatus.IDLE);
        output.flush();

        assertThat(messages()).hasSize(3).startsWith("D 14").endsWith("Z 1");
    }

    @Test
    void aRowThatWasNotEndedIsNotSent() throws Exception {
        output.beginRow(1);
        output.textValue("half");
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

    /** The one value of the row that was sent. */
    private String value() throws IOException {
        output.endRow();
        output.flush();
        var input = new DataInputStream(new ByteArrayInputStream(sent.toByteArray()));
        input.skipNBytes(1 + Integer.BYTES + Short.BYTES);
        var text = new String(input.readNBytes(input.readInt()), StandardCharsets.UTF_8);
        assertThat(input.available()).isZero();
        return text;
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 7, -7, 10, 99, 100, -1234567890123L, Long.MAX_VALUE, Long.MIN_VALUE})
    void numbersAreDecimalDigits(long number) throws Exception {
        output.beginRow(1);
        output.beginText();
        output.number(number);
        output.endText();

        assertThat(value()).isEqualTo(Long.toString(number));
    }

    @Test
    void aTextInPiecesIsOneValue() throws Exception {
        output.beginRow(1);
        output.beginText();
        output.digits(0, 2);
        output.character(':');
        output.digits(7, 3);
        output.digits(1234, 2);
        output.endText();

        assertThat(value()).isEqualTo("00:0071234");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ascii", "grün", "Łódź", "\uD83D\uDE00 after", "€"})
    void textIsUtf8(String text) throws Exception {
        output.beginRow(1);
        output.textValue(text);

        assertThat(value()).isEqualTo(text);
    }
}
