package dev.groundplane.services.parallelcluster.configuration;

/** A text that is no YAML, or YAML that is refused; the message says what and where. */
final class YamlSyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    YamlSyntaxException(String message) {
        super(message);
    }

    /** With a place; both count from 1. */
    YamlSyntaxException(String message, int line, int column) {
        super("line %d, column %d: %s".formatted(line, column, message));
    }
}
