package dev.groundplane.warehouse.engine;

/** Names in the engine's SQL. */
public final class Names {
    private Names() {}

    /** A name in quotes. */
    public static String quote(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }
}
