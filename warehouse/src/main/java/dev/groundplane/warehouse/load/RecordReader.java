package dev.groundplane.warehouse.load;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads a file record by record. For one thread; whoever opened the file closes it. */
@FunctionalInterface
interface RecordReader {
    /** The next record; null at the end of the file. */
    @Nullable
    SourceRecord next() throws IOException;
}
