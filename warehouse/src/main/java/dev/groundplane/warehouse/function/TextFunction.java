package dev.groundplane.warehouse.function;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A function that the engine calls with texts and that answers one. NULL for any argument is NULL for all.
 *
 * @param name in the engine
 * @param arguments how many it takes
 * @param body may be called from several threads at once; null is NULL
 */
public record TextFunction(String name, int arguments, Function<String[], @Nullable String> body) {}
