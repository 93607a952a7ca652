package dev.groundplane.services.integration;

/**
 * Something about a source that integrations would have otherwise.
 *
 * @param hinders whether nothing can be followed before it is mended; else something is done without
 * @param problem what is so, with the value
 * @param remedy what mends it: a statement, or a line of a file
 */
public record SourceFinding(boolean hinders, String problem, String remedy) {
    @Override
    public String toString() {
        return "%s. To mend it: %s".formatted(problem, remedy);
    }
}
