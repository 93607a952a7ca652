package dev.groundplane.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormUploadTest {
    private static final String TYPE = "multipart/form-data; boundary=\"--b\"";
    private static final String FIELD = "----b\r\nContent-Disposition: form-data; name=\"Key\"\r\n\r\na/k\r\n";
    private static final String FILE =
            "----b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"C:\\in\\f.csv\"\r\nContent-Type: a/b\r\n\r\n";
    private static final String END = "\r\n----b--\r\n";

    /** Gives one byte at a time, as a slow client does. */
    private static final class Slow extends FilterInputStream {
        Slow(byte[] content) {
            super(new ByteArrayInputStream(content));
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return super.read(buffer, offset, Math.min(length, 1));
        }
    }

    private static byte[] sent(byte[] content) {
        byte[] head = (FIELD + FILE).getBytes(StandardCharsets.UTF_8);
        byte[] end = END.getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[head.length + content.length + end.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(content, 0, all, head.length, content.length);
        System.arraycopy(end, 0, all, head.length + content.length, end.length);
        return all;
    }

    private static FormUpload read(String text) {
        return FormUpload.read(TYPE, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 65_536, 200_000})
    void theFileIsWhatStandsBeforeTheBoundary(int size) throws IOException {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        FormUpload upload = FormUpload.read(TYPE, new ByteArrayInputStream(sent(content)));
        assertThat(upload.fields()).isEqualTo(Map.of("key", "a/k"));
        assertThat(upload.fileName()).isEqualTo("f.csv");
        assertThat(upload.file().readAllBytes()).isEqualTo(content);
    }

    @Test
    void whatLooksLikeABoundaryIsContent() throws IOException {
        byte[] content = "\r\n----\r\n----a\r\n----c".getBytes(StandardCharsets.UTF_8);
        InputStream slow = new Slow(sent(content));
        assertThat(FormUpload.read(TYPE, slow).file().readAllBytes()).isEqualTo(content);
    }

    @Test
    void whatFollowsTheFileIsLeftOut() throws IOException {
        FormUpload upload = read(FILE + "content\r\n" + FIELD + END);
        assertThat(upload.file().readAllBytes())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("content");
        assertThat(upload.fields()).isEmpty();
    }

    @Test
    void aFormThatBreaksOffIsRefused() {
        assertThatThrownBy(() -> read(FIELD + FILE + "content").file().readAllBytes())
                .hasMessageContaining("without its boundary");
        assertThatThrownBy(() -> read(FIELD)).hasMessageContaining("well-formed");
        assertThatThrownBy(() -> read("")).hasMessageContaining("well-formed");
        assertThatThrownBy(() -> FormUpload.read("multipart/form-data", InputStream.nullInputStream()))
                .hasMessageContaining("boundary");
    }

    @Test
    void aFormNeedsAFileAndNotTooManyFields() {
        assertThatThrownBy(() -> read(FIELD + "----b--\r\n")).hasMessageContaining("exactly one file");
        String large = "----b\r\nContent-Disposition: form-data; name=x\r\n\r\n" + "x".repeat(20 * 1024) + "\r\n";
        assertThatThrownBy(() -> read(FIELD + large + FILE + END)).hasMessageContaining("too large");
    }
}
