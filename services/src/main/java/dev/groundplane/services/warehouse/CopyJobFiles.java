package dev.groundplane.services.warehouse;

import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Migration;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The prefixes that warehouses' copy jobs load from, and which of them have files that nobody has looked at yet. That is written in
 * the transaction that makes the object, so it is known whatever ends afterwards. Thread-safe.
 */
public final class CopyJobFiles {
    /** Its table. */
    public static final List<Migration> MIGRATIONS = CopyJobTable.MIGRATIONS;

    private final Database database;
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private volatile Map<String, List<WatchedPrefix>> byBucket = Map.of();

    /** @param database with the table of {@link #MIGRATIONS} */
    public CopyJobFiles(Database database) {
        this.database = database;
        database.read(CopyJobTable::all)
                .forEach((job, numbers) -> show(List.of(new WatchedPrefix(job, numbers)), Set.of()));
    }

    /**
     * What a job is known by.
     *
     * @param namespaceId of the warehouse
     */
    public record Key(String namespaceId, String database, long id) {}

    /**
     * A job that loads by itself.
     *
     * @param owner the id of its user
     * @param prefix what the keys of its files begin with
     */
    public record Job(Key key, String name, int owner, String bucket, String prefix) {}

    /**
     * An object that is there now.
     *
     * @param number greater than those of all objects that were made before
     * @param etag without quotes
     * @param modifiedMillis since 1970
     */
    public record Landed(String bucket, String key, long bytes, String etag, long modifiedMillis, long number) {}

    /**
     * What has landed for a job.
     *
     * @param number of the last one
     * @param files those; empty and not {@code complete} when they are not known one by one
     */
    public record Arrival(Key job, long number, boolean complete, List<Landed> files) {}

    /** Tells, after it is durable and on the store's writing thread, for which namespace something has landed. */
    public void onArrival(Consumer<String> listener) {
        listeners.add(listener);
    }

    /**
     * A warehouse's jobs, all of them. What has landed for those that are known already stays so; for the others something may have
     * landed before.
     */
    public synchronized void watch(String namespaceId, List<Job> jobs) {
        Map<Key, WatchedPrefix> before = watched(namespaceId);
        List<WatchedPrefix> after = jobs.stream()
                .map(job -> before.containsKey(job.key())
                                && before.get(job.key()).job().equals(job)
                        ? before.get(job.key())
                        : new WatchedPrefix(job, CopyJobTable.Numbers.NEW))
                .toList();
        List<WatchedPrefix> gone =
                before.values().stream().filter(one -> !after.contains(one)).toList();
        List<WatchedPrefix> come =
                after.stream().filter(one -> !before.containsValue(one)).toList();
        if (!gone.isEmpty() || !come.isEmpty()) {
            database.write(tx -> {
                for (WatchedPrefix one : gone) {
                    CopyJobTable.delete(tx, one.job().key());
                }
                for (WatchedPrefix one : come) {
                    CopyJobTable.insert(tx, one.job());
                }
                // On the writing thread: no object is made between the two that does not see the jobs.
                tx.afterCommit(() -> show(come, Set.copyOf(gone)));
                return true;
            });
        }
        after.forEach(WatchedPrefix::giveAgain);
    }

    private Map<Key, WatchedPrefix> watched(String namespaceId) {
        return byBucket.values().stream()
                .flatMap(List::stream)
                .filter(one -> one.job().key().namespaceId().equals(namespaceId))
                .collect(Collectors.toMap(one -> one.job().key(), one -> one));
    }

    private void show(List<WatchedPrefix> come, Set<WatchedPrefix> gone) {
        Map<String, List<WatchedPrefix>> changed = new HashMap<>(byBucket);
        gone.forEach(one -> changed.computeIfPresent(one.job().bucket(), (bucket, all) -> {
            List<WatchedPrefix> left =
                    all.stream().filter(other -> other != one).toList();
            return left.isEmpty() ? null : left;
        }));
        come.forEach(one -> changed.merge(one.job().bucket(), List.of(one), (all, more) -> {
            List<WatchedPrefix> both = new ArrayList<>(all);
            both.addAll(more);
            return List.copyOf(both);
        }));
        byBucket = Map.copyOf(changed);
    }

    /** Forgets all warehouses but these. */
    public void keep(Collection<String> namespaceIds) {
        byBucket.values().stream()
                .flatMap(List::stream)
                .map(one -> one.job().key().namespaceId())
                .distinct()
                .filter(namespaceId -> !namespaceIds.contains(namespaceId))
                .forEach(namespaceId -> watch(namespaceId, List.of()));
    }

    /** An object was made, in this transaction. */
    public void landed(Transaction tx, Landed landed) throws SQLException {
        for (WatchedPrefix one : byBucket.getOrDefault(landed.bucket(), List.of())) {
            if (landed.key().startsWith(one.job().prefix())) {
                CopyJobTable.arrived(tx, one.job().key(), landed.number());
                tx.afterCommit(() -> {
                    one.landed(landed);
                    listeners.forEach(
                            listener -> listener.accept(one.job().key().namespaceId()));
                });
            }
        }
    }

    /** The prefixes of jobs in each bucket. */
    public Map<String, Set<String>> prefixes() {
        return byBucket.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        bucket -> bucket.getValue().stream()
                                .map(one -> one.job().prefix())
                                .collect(Collectors.toSet())));
    }

    /**
     * Something has landed under jobs' prefix, in this transaction or before; what it was is not known.
     *
     * @param number greater than those of all objects before
     */
    public void changed(Transaction tx, String bucket, String prefix, long number) throws SQLException {
        for (WatchedPrefix one : byBucket.getOrDefault(bucket, List.of())) {
            if (one.job().prefix().equals(prefix)) {
                CopyJobTable.arrived(tx, one.job().key(), number);
                tx.afterCommit(() -> {
                    one.changed(number);
                    listeners.forEach(
                            listener -> listener.accept(one.job().key().namespaceId()));
                });
            }
        }
    }

    /**
     * Gives a warehouse's worker what has landed since the last time.
     *
     * @param looked up to which number jobs have looked at what was given
     */
    public List<Arrival> take(String namespaceId, Map<Key, Long> looked) {
        Map<Key, WatchedPrefix> watched = watched(namespaceId);
        if (!looked.isEmpty()) {
            database.write(tx -> {
                for (Map.Entry<Key, Long> one : looked.entrySet()) {
                    CopyJobTable.looked(tx, one.getKey(), one.getValue());
                }
                return true;
            });
            looked.forEach((key, number) -> {
                if (watched.containsKey(key)) {
                    watched.get(key).looked(number);
                }
            });
        }
        return watched.values().stream().flatMap(one -> one.take().stream()).toList();
    }

    /** Whether something has landed for a warehouse that nobody has looked at. */
    public boolean isWaiting(String namespaceId) {
        return watched(namespaceId).values().stream().anyMatch(WatchedPrefix::isWaiting);
    }
}
