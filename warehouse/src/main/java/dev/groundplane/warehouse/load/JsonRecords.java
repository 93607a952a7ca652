package dev.groundplane.warehouse.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JSON values, one after the other, each no longer than a row may be. */
final class JsonRecords implements RecordReader {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final OneRow file;
    private final MappingIterator<JsonNode> values;
    private final List<JsonField> fields;
    private boolean broken;

    /** @param fields where the value of each column is */
    JsonRecords(InputStream file, List<JsonField> fields) throws IOException {
        this.file = new OneRow(file);
        this.values = JSON.readerFor(JsonNode.class).readValues(JSON.createParser(this.file));
        this.fields = fields;
    }

    @Override
    public @Nullable SourceRecord next() throws IOException {
        var line = (long) values.getParser().currentLocation().getLineNr();
        file.next(line);
        try {
            if (broken || !values.hasNextValue()) {
                return null;
            }
            var begin = values.getParser().currentLocation();
            line = begin.getLineNr();
            file.next(line);
            var value = values.nextValue();
            Lines.requireRow(values.getParser().currentLocation().getByteOffset() - begin.getByteOffset() + 1, line);
            var found = new ArrayList<@Nullable String>();
            for (var field : fields) {
                var text = field.of(value);
                found.add(text == null ? null : bytes(text));
            }
            return SourceRecord.of(line, bytes(value.toString()), found);
        } catch (JsonProcessingException e) {
            broken = true; // nobody knows where the next value begins
            return SourceRecord.bad(line, "", FieldFault.BAD_JSON, "Invalid JSON: " + e.getOriginalMessage());
        }
    }

    private static String bytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
