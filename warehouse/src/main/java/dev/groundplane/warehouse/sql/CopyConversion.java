package dev.groundplane.warehouse.sql;

import java.util.Optional;

/**
 * How the fields of a text file become values.
 *
 * @param nullString a field of just this is NULL
 * @param emptyAsNull whether empty fields of text columns are NULL
 * @param blanksAsNull whether fields of nothing but blanks of text columns are NULL
 * @param trimBlanks whether blanks at the end are taken away from text
 * @param truncate whether text that is too long is cut
 * @param dateFormat empty for {@code YYYY-MM-DD}; {@code auto} for all that are known
 * @param timeFormat empty for {@code YYYY-MM-DD HH:MI:SS}; {@code auto} for all that are known
 * @param replacement stands in for bytes that are no UTF-8; empty to report them
 * @param round whether decimals with more digits than their column has are rounded, not cut
 */
public record CopyConversion(
        String nullString,
        boolean emptyAsNull,
        boolean blanksAsNull,
        boolean trimBlanks,
        boolean truncate,
        Optional<String> dateFormat,
        Optional<String> timeFormat,
        Optional<Character> replacement,
        boolean round) {}
