package dev.groundplane.platform.store;

import java.util.Set;
import java.util.UUID;

/** The one process that works on a database which no other process can share. It leads from the start. */
final class SoleReplica implements Replicas {
    private final String self = UUID.randomUUID().toString();

    @Override
    public String self() {
        return self;
    }

    @Override
    public Set<String> alive() {
        return Set.of(self);
    }

    @Override
    public boolean leads() {
        return true;
    }

    @Override
    public void whileLeading(Runnable action) {
        action.run();
    }
}
