package dev.groundplane.services.rds;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Servers that do as the test says: they are asked for, and answer once they may. */
final class FakeServers implements DatabaseServers {
    /** What was asked for last, by id. */
    final Map<String, DatabaseServer> wanted = new ConcurrentHashMap<>();

    /** Whether servers have come up, and have ended, as they were asked to. */
    volatile boolean done = true;

    /** Copies by name, with how they were made of which server. */
    final Map<String, String> copies = new ConcurrentHashMap<>();

    /** What happens while a copy is made. */
    volatile Runnable meanwhile = () -> {};

    /** Whether the disk has no room for copies. */
    volatile boolean full;

    /** What there are files of. */
    final Map<String, String> files = new ConcurrentHashMap<>();

    @Override
    public List<String> versions() {
        return List.of("16.15", "17.11");
    }

    @Override
    public Optional<String> run(DatabaseServer server) {
        wanted.put(server.id(), server);
        files.putIfAbsent(server.id(), server.cluster());
        return done ? Optional.of(server.version()) : Optional.empty();
    }

    @Override
    public boolean stop(String id) {
        wanted.remove(id);
        return done;
    }

    @Override
    public void remove(String id) {
        files.remove(id);
    }

    @Override
    public void copy(String id, Optional<DatabaseServer> running, String copy) {
        if (full) {
            throw new IllegalStateException("No space left on device");
        }
        meanwhile.run();
        copies.put(copy, running.isPresent() ? "online " + id : "cold " + id);
    }

    @Override
    public void restore(String copy, String id) {
        files.put(id, Objects.requireNonNull(copies.get(copy)));
    }

    @Override
    public void removeCopy(String copy) {
        copies.remove(copy);
    }

    @Override
    public String administratorPassword(String id) {
        return "administrator's of " + id;
    }
}
