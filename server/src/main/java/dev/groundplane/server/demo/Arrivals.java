package dev.groundplane.server.demo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** How long things that are numbered upwards take from one place to another. One thread sends, one receives. */
final class Arrivals {
    private final ConcurrentNavigableMap<Long, Long> underway = new ConcurrentSkipListMap<>();
    private final List<Long> nanos = new ArrayList<>();

    /** All up to that number are on their way from now on. */
    void sent(long number) {
        underway.put(number, System.nanoTime());
    }

    /** All up to that number are there. */
    void seen(long number) {
        long now = System.nanoTime();
        ConcurrentNavigableMap<Long, Long> arrived = underway.headMap(number, true);
        arrived.values().forEach(sent -> nanos.add(now - sent));
        arrived.clear();
    }

    boolean areComplete() {
        return underway.isEmpty();
    }

    /** The median and the longest, for a summary. */
    String summary() {
        Collections.sort(nanos);
        return String.format(
                Locale.ROOT, "%.0f ms (at most %.0f ms)", nanos.get(nanos.size() / 2) / 1e6, nanos.getLast() / 1e6);
    }
}
