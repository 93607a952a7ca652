package dev.groundplane.services.parallelcluster;

import dev.groundplane.platform.store.CommitObserver;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.Replicas;
import dev.groundplane.platform.store.SqlFunction;
import dev.groundplane.platform.store.Work;

/** A database that says that other processes write to it. Whoever opened it closes it. */
record SharedDatabase(Database database) implements Database {
    @Override
    public <R> R read(SqlFunction<R> query) {
        return database.read(query);
    }

    @Override
    public <R> R write(Work<R> work) {
        return database.write(work);
    }

    @Override
    public void writeLater(Work<?> work) {
        database.writeLater(work);
    }

    @Override
    public void observe(CommitObserver observer) {
        database.observe(observer);
    }

    @Override
    public int waiting() {
        return database.waiting();
    }

    @Override
    public boolean shared() {
        return true;
    }

    @Override
    public Replicas replicas() {
        return database.replicas();
    }

    @Override
    public void close() {}
}
