package dev.groundplane.services.parallelcluster.configuration;

/** What a key's value may be. {@link Section} is one of keys, {@link Shapes} has the others. */
@FunctionalInterface
interface Shape {
    /** Tells all that is wrong with a value at a path. */
    void check(YamlNode value, String path, Problems problems);
}
