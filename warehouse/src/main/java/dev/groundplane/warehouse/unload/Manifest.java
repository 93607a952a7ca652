package dev.groundplane.warehouse.unload;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/** The list of an UNLOAD's files, which COPY … MANIFEST reads. Source: Redshift's UNLOAD, "MANIFEST". */
record Manifest(List<Projection.Column> columns, long rows, boolean verbose) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param bytes of each file */
    ObjectNode of(List<Uploads.File> files, List<Long> bytes) {
        var manifest = JSON.createObjectNode();
        var entries = manifest.putArray("entries");
        for (var i = 0; i < files.size(); i++) {
            var entry = entries.addObject().put("url", files.get(i).location().toString());
            entry.putObject("meta").put("content_length", bytes.get(i));
        }
        if (verbose) {
            var elements = manifest.putObject("schema").putArray("elements");
            for (var column : columns) {
                elements.addObject()
                        .put("name", column.name())
                        .putObject("type")
                        .put("base", column.type().toLowerCase(Locale.ROOT));
            }
            manifest.putObject("meta")
                    .put(
                            "content_length",
                            bytes.stream().mapToLong(Long::longValue).sum())
                    .put("record_count", rows);
            manifest.putObject("author").put("name", "Groundplane");
        }
        return manifest;
    }
}
