package dev.groundplane.services.parallelcluster.configuration;

import dev.groundplane.services.parallelcluster.model.ConfigValidationMessage;
import dev.groundplane.services.parallelcluster.model.ValidationLevel;
import java.util.ArrayList;
import java.util.List;

/** What is found while a configuration is checked. For one thread. */
final class Problems {
    /** More are counted and not kept, so that an answer's length has a bound. */
    static final int MOST = 500;

    /** The validator that ParallelCluster's messages about keys and types of values name. */
    static final String SCHEMA = "ConfigSchemaValidator";

    private static final int LONGEST_QUOTE = 80;

    private final List<ConfigValidationMessage> messages = new ArrayList<>();
    private int left;
    private boolean errors;

    /**
     * @param path where, from the root; empty when it is about all
     * @param validator the name of ParallelCluster's validator that looks for the same, or one like it
     */
    void error(String path, String validator, String message) {
        errors = true;
        add(path, validator, ValidationLevel.ERROR, message);
    }

    /** Like {@link #error} for what does not keep the cluster from being made. */
    void warning(String path, String validator, String message) {
        add(path, validator, ValidationLevel.WARNING, message);
    }

    /** Like {@link #error} for what nobody needs to change. */
    void info(String path, String validator, String message) {
        add(path, validator, ValidationLevel.INFO, message);
    }

    boolean hasErrors() {
        return errors;
    }

    /** All, in the order in which they were found; a last one counts those that were not kept. */
    List<ConfigValidationMessage> messages() {
        if (left == 0) {
            return List.copyOf(messages);
        }
        List<ConfigValidationMessage> all = new ArrayList<>(messages);
        all.add(new ConfigValidationMessage(
                null,
                SCHEMA,
                errors ? ValidationLevel.ERROR : ValidationLevel.WARNING,
                "There are %d more messages, which are not listed.".formatted(left)));
        return List.copyOf(all);
    }

    private void add(String path, String validator, ValidationLevel level, String message) {
        if (messages.size() == MOST) {
            left++;
            return;
        }
        messages.add(new ConfigValidationMessage(path.isEmpty() ? null : path, validator, level, message));
    }

    /** A value as messages show it: on one line, and not for long. */
    static String quote(String text) {
        return "'" + shown(text) + "'";
    }

    /** The path of a key in a mapping. */
    static String join(String path, String key) {
        return path.isEmpty() ? shown(key) : path + "/" + shown(key);
    }

    private static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints()
                .limit(LONGEST_QUOTE)
                .forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? '\uFFFD' : c));
        return text.codePointCount(0, text.length()) > LONGEST_QUOTE ? shown + "..." : shown.toString();
    }
}
