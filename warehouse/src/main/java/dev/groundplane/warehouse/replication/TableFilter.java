package dev.groundplane.warehouse.replication;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * Which tables of a source's database are wanted: what the last pattern says that a table matches. One that none matches is not.
 *
 * @param patterns in their order
 */
record TableFilter(List<TablePattern> patterns) {
    /** All tables. */
    static final TableFilter ALL = new TableFilter(List.of(new TablePattern(true, "", "")));

    /**
     * Tables of some names.
     *
     * @param included or else excluded
     * @param schema a regular expression of RE2, whose time is bounded, for which it is enough to be found in the name
     * @param table the same
     */
    record TablePattern(boolean included, String schema, String table) {
        private boolean matches(SourceTable given) {
            return isIn(schema, given.schema()) && isIn(table, given.name());
        }

        private static boolean isIn(String expression, String name) {
            return Pattern.compile(expression).matcher(name).find();
        }
    }

    /** The filter of an array of patterns, as the control plane sends them. */
    static TableFilter of(JsonNode patterns) {
        return new TableFilter(StreamSupport.stream(patterns.spliterator(), false)
                .map(pattern -> new TablePattern(
                        pattern.path("included").asBoolean(),
                        pattern.path("schema").asText(),
                        pattern.path("table").asText()))
                .toList());
    }

    /** Whether a table is wanted, by its name. */
    boolean includes(SourceTable table) {
        return patterns.stream()
                .filter(pattern -> pattern.matches(table))
                .reduce((former, later) -> later)
                .map(TablePattern::included)
                .orElse(false);
    }
}
