package dev.groundplane.warehouse.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.groundplane.warehouse.sql.CopyFormat;
import dev.groundplane.warehouse.sql.SqlFailure;
import dev.groundplane.warehouse.storage.FakeS3;
import dev.groundplane.warehouse.storage.S3Location;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;

/** What would fill the memory is refused after 4 MB. */
class RowLimitTest {
    private static final int MEBIBYTE = 1 << 20;

    /** A text, and a piece of it again and again for 64 MiB. */
    private static InputStream file(String begin, String again) {
        var piece = again.repeat(MEBIBYTE / again.length()).getBytes(StandardCharsets.UTF_8);
        var pieces = new ArrayList<InputStream>();
        pieces.add(new ByteArrayInputStream(begin.getBytes(StandardCharsets.UTF_8)));
        for (var i = 0; i < 64; i++) {
            pieces.add(new ByteArrayInputStream(piece));
        }
        return new SequenceInputStream(Collections.enumeration(pieces));
    }

    private static void assertSecondRowIsTooLong(RecordReader reader) throws Exception {
        assertThat(reader.next()).isNotNull();
        assertThatExceptionOfType(SqlFailure.class)
                .isThrownBy(reader::next)
                .withMessage("the row that begins in line 2 is longer than the 4 MB that a row may have");
    }

    @Test
    void aQuoteThatIsNotEnded() throws Exception {
        var lines = new Lines(file("1,one\n2,\"two", "and so on\n"), 0);
        assertSecondRowIsTooLong(new CsvRecords(lines, new CopyFormat.Csv(',', '"')));
    }

    @Test
    void lineEndsThatAreEscaped() throws Exception {
        var lines = new Lines(file("1|one\n2|two", "and so on\\\n"), 0);
        assertSecondRowIsTooLong(new DelimitedRecords(lines, new CopyFormat.Delimited('|', true, false)));
    }

    @Test
    void aLine() throws Exception {
        var lines = new Lines(file("1|one\n2|two", "and so on"), 0);
        assertSecondRowIsTooLong(new DelimitedRecords(lines, new CopyFormat.Delimited('|', false, false)));
    }

    @Test
    void anArrayOfJson() throws Exception {
        var field = new JsonField(List.of(0), false, false);
        assertSecondRowIsTooLong(new JsonRecords(file("[1]\n[2", ", 3"), List.of(field)));
    }

    @Test
    void aTextOfJson() throws Exception {
        var field = new JsonField(List.of("a"), false, false);
        assertSecondRowIsTooLong(new JsonRecords(file("{\"a\": 1}\n{\"a\": \"", "x"), List.of(field)));
    }

    @Test
    void manyRowsOfJsonAreAsLongAsTheyLike() throws Exception {
        var reader = new JsonRecords(
                file("", "{\"a\": \"%s\"}\n".formatted("x".repeat(1000))),
                List.of(new JsonField(List.of("a"), false, false)));
        var count = 0;
        while (reader.next() != null) {
            count++;
        }
        assertThat(count).isEqualTo(64 * (MEBIBYTE / 1010));
    }

    @Test
    void aFileOfJsonPaths() {
        var s3 = new FakeS3();
        s3.put("paths", "[" + "\"$.a\", ".repeat(MEBIBYTE) + "1]");
        var files = new SourceFiles(s3.s3(AwsBasicCredentials.create("owner", "s"), Optional.empty()));
        assertThatExceptionOfType(SqlFailure.class)
                .isThrownBy(() -> files.read(new S3Location("bucket", "paths")))
                .withMessageContaining("s3://bucket/paths")
                .withMessageContaining("4 MB");
    }
}
