package dev.groundplane.warehouse.replication;

import dev.groundplane.warehouse.replication.pgoutput.Tuple;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a table's rows by a number of changes, in the order of the source: of each key the last state alone. For one
 * thread.
 */
final class TableChanges {
    private final int[] keyPlaces;
    private final Map<List<@Nullable String>, Change> byKey = new LinkedHashMap<>();
    private boolean truncated;

    /** @param keyPlaces the places of the key's columns in rows */
    TableChanges(int[] keyPlaces) {
        this.keyPlaces = keyPlaces;
    }

    /**
     * The last state of a key.
     *
     * @param row null when there is none any more
     * @param replaces whether the target may have a row of this key
     * @param origin the key of the target's row that has the values that {@code row} does not tell; null when it tells all
     */
    record Change(
            @Nullable Tuple row, boolean replaces, @Nullable List<@Nullable String> origin) {}

    /** The changes by key. */
    Map<List<@Nullable String>, Change> byKey() {
        return byKey;
    }

    /** Whether all rows that the target has are gone. */
    boolean truncated() {
        return truncated;
    }

    void insert(Tuple row) {
        var key = key(row);
        var former = byKey.get(key);
        byKey.put(key, new Change(row, former != null && former.replaces(), null));
    }

    /** @param before null when the key is as it was */
    void update(@Nullable Tuple before, Tuple row) {
        var formerKey = key(before == null ? row : before);
        var key = key(row);
        var former = byKey.get(formerKey);
        var next = completed(row, former, formerKey);
        if (key.equals(formerKey)) {
            byKey.put(key, new Change(next.row(), former == null || former.replaces(), next.origin()));
            return;
        }
        remove(formerKey);
        var displaced = byKey.get(key);
        byKey.put(key, new Change(next.row(), displaced != null && displaced.replaces(), next.origin()));
    }

    /** A row with what is told of it by now. */
    private static Change completed(Tuple row, @Nullable Change former, List<@Nullable String> formerKey) {
        if (row.isWhole()) {
            return new Change(row, false, null);
        }
        var known = former == null ? null : former.row();
        if (former == null || known == null) {
            return new Change(row, false, formerKey);
        }
        var values = new ArrayList<@Nullable String>(row.values());
        row.untold().stream().forEach(place -> values.set(place, known.values().get(place)));
        var untold = (BitSet) row.untold().clone();
        untold.and(known.untold());
        return new Change(new Tuple(values, untold), false, untold.isEmpty() ? null : former.origin());
    }

    void delete(Tuple before) {
        remove(key(before));
    }

    private void remove(List<@Nullable String> key) {
        var former = byKey.get(key);
        if (former == null || former.replaces()) {
            byKey.put(key, new Change(null, true, null));
        } else {
            byKey.remove(key);
        }
    }

    void truncate() {
        byKey.clear();
        truncated = true;
    }

    private List<@Nullable String> key(Tuple row) {
        if (keyPlaces.length == 1) {
            return Collections.singletonList(row.values().get(keyPlaces[0]));
        }
        var key = new ArrayList<@Nullable String>(keyPlaces.length);
        for (var place : keyPlaces) {
            key.add(row.values().get(place));
        }
        return Collections.unmodifiableList(key);
    }
}
