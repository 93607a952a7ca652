package dev.groundplane.platform.store;

import java.util.List;
import java.util.Optional;

/**
 * A part of a listing.
 *
 * @param items in order of their names
 * @param next the name after which the next page begins; empty on the last page
 * @param <T> what is listed
 */
public record Page<T>(List<Stored<T>> items, Optional<String> next) {}
