package dev.groundplane.platform.store;

import dev.groundplane.platform.event.Events;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGNotification;
import org.postgresql.jdbc.PgConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processes that share a PostgreSQL database. One session of each hears what the others have changed and, by a lock, shows
 * that the process lives; another waits for the leader's lock, and has it while the process leads.
 */
final class PostgresReplicas implements Replicas, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresReplicas.class);
    /** PostgreSQL tells nobody that a session has ended, so the leader looks. */
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final int number = ThreadLocalRandom.current().nextInt(PostgresLocks.FIRST_PROCESS, Integer.MAX_VALUE);
    private final PostgresLocks locks;
    private final Events events;
    private final Supplier<Set<String>> alive;
    private final KeptSession hearing;
    private final KeptSession leading;
    private final CountDownLatch heard = new CountDownLatch(1);
    private final List<Runnable> duties = new ArrayList<>();
    /** Processes that were alive when last looked at, or have told of something since. */
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    private volatile boolean leads;

    /**
     * @param events is told what others change
     * @param alive asks the database for the processes
     */
    PostgresReplicas(PostgresServer server, PostgresLocks locks, Events events, Supplier<Set<String>> alive) {
        this.locks = locks;
        this.events = events;
        this.alive = alive;
        this.hearing = new KeptSession("store-changes", server, this::hear);
        this.leading = new KeptSession("store-leader", server, this::lead);
    }

    /**
     * Begins to hear and to wait for the lead.
     *
     * @return whether it can hear within that time
     */
    boolean start(Duration patience) throws InterruptedException {
        hearing.start();
        leading.start();
        return heard.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void hear(PgConnection session) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute("LISTEN " + locks.channel());
        }
        locks.take(session, number);
        if (heard.getCount() == 0) {
            events.gap();
        }
        heard.countDown();
        while (true) {
            @Nullable PGNotification[] notifications = session.getNotifications(0);
            for (PGNotification notification : notifications == null ? new PGNotification[0] : notifications) {
                tell(ChangeNotice.of(notification.getParameter()));
            }
        }
    }

    private void tell(ChangeNotice notice) {
        if (notice.from().equals(self())) {
            return; // told when it was committed
        }
        known.add(notice.from());
        try {
            if (notice.gap()) {
                events.gap();
            }
            notice.resources().forEach(events::publish);
        } catch (RuntimeException e) { // whatever it is, what others change must be heard
            LOG.error("a change of process {} was not passed on", notice.from(), e);
        }
    }

    private void lead(PgConnection session) throws SQLException {
        locks.take(session, PostgresLocks.LEADER);
        try {
            LOG.info("this control plane leads");
            known.addAll(locks.processes(session));
            setLeads(true);
            while (true) {
                session.getNotifications((int) LOOK.toMillis());
                Set<String> now = locks.processes(session);
                if (known.retainAll(now)) {
                    LOG.warn("a control plane has gone; there are {}", now.size());
                    doDuties();
                }
                known.addAll(now);
            }
        } finally {
            setLeads(false);
        }
    }

    private synchronized void setLeads(boolean now) {
        leads = now;
        if (now) {
            doDuties();
        }
    }

    private synchronized void doDuties() {
        for (Runnable duty : duties) {
            try {
                duty.run();
            } catch (RuntimeException e) { // the others must be done, and the lead must not be lost
                LOG.error("a duty of the leader failed", e);
            }
        }
    }

    @Override
    public String self() {
        return Integer.toString(number);
    }

    @Override
    public Set<String> alive() {
        return alive.get();
    }

    @Override
    public boolean leads() {
        return leads;
    }

    @Override
    public synchronized void whileLeading(Runnable action) {
        duties.add(action);
        if (leads) {
            action.run();
        }
    }

    @Override
    public void close() {
        hearing.close(); // first, so that the next leader does not take this process for alive
        leading.close();
    }
}
