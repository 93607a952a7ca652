package dev.groundplane.services.warehouse;

import dev.groundplane.services.warehouse.CopyJobFiles.Arrival;
import dev.groundplane.services.warehouse.CopyJobFiles.Job;
import dev.groundplane.services.warehouse.CopyJobFiles.Landed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A job's prefix, and what has landed there as far as this process has seen it. Thread-safe. */
final class WatchedPrefix {
    /** More are not kept one by one: then whoever looks lists. */
    private static final int MOST = 10_000;

    private final Job job;
    private final List<Landed> files = new ArrayList<>();
    /** Whether all that has landed and was not given is in {@link #files}. */
    private boolean complete;

    private long arrived;
    private long given;
    private long looked;

    WatchedPrefix(Job job, CopyJobTable.Numbers numbers) {
        this.job = job;
        this.arrived = numbers.arrived();
        this.looked = numbers.looked();
        this.given = looked;
        this.complete = arrived == looked;
    }

    Job job() {
        return job;
    }

    synchronized void landed(Landed landed) {
        arrived = Math.max(arrived, landed.number());
        if (complete && files.size() < MOST) {
            files.add(landed);
        } else {
            files.clear();
            complete = false;
        }
    }

    /** Something has landed, nobody knows what: whoever looks lists. */
    synchronized void changed(long number) {
        arrived = Math.max(arrived, number);
        files.clear();
        complete = false;
    }

    /** What was not given yet; empty when all was. */
    synchronized Optional<Arrival> take() {
        if (arrived <= given) {
            return Optional.empty();
        }
        Arrival arrival = new Arrival(job.key(), arrived, complete, List.copyOf(files));
        files.clear();
        complete = true;
        given = arrived;
        return Optional.of(arrival);
    }

    /** Whoever it was given to may be gone. */
    synchronized void giveAgain() {
        if (given > looked) {
            given = looked;
            files.clear();
            complete = false;
        }
    }

    synchronized void looked(long number) {
        looked = Math.max(looked, number);
    }

    synchronized boolean isWaiting() {
        return arrived > looked;
    }
}
