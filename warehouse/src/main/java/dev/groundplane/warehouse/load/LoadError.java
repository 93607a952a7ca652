package dev.groundplane.warehouse.load;

import org.jspecify.annotations.Nullable;

/**
 * What was wrong in a file, as STL_LOAD_ERRORS has it.
 *
 * @param file in S3
 * @param line from 1
 * @param column null where it is about the whole line
 * @param rawLine as it is in the file, cut
 * @param rawValue of the field; empty where it is about the whole line
 * @param position of the field in the line, from 0
 */
record LoadError(
        String file,
        long line,
        @Nullable TargetColumn column,
        String rawLine,
        String rawValue,
        int position,
        FieldFault fault) {}
