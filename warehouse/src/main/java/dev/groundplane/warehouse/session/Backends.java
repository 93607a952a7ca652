package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.Report;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.engine.BackendSignals;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.function.FunctionFailure;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sessions that are here, by the process numbers that they go by. Thread-safe. */
final class Backends implements BackendSignals {
    private static final Logger log = LoggerFactory.getLogger(Backends.class);

    private final Map<Integer, Backend> byProcess = new ConcurrentHashMap<>();

    /** @param user who logged in */
    record Backend(int user, EngineSession engine, Termination termination) {}

    void add(int process, Backend backend) {
        byProcess.put(process, backend);
    }

    void remove(int process) {
        byProcess.remove(process);
    }

    @Override
    public boolean send(Signal signal, int process, int caller, boolean superuser) {
        return send(signal, process, caller, superuser, null);
    }

    /**
     * The same with words for the client whose statement is cancelled.
     *
     * @param message null for the usual ones
     */
    boolean send(Signal signal, int process, int caller, boolean superuser, @Nullable String message) {
        var backend = byProcess.get(process);
        if (backend == null) {
            return false;
        }
        if (!superuser && backend.user() != caller) {
            throw new FunctionFailure(
                    SqlState.INSUFFICIENT_PRIVILEGE, "must be superuser to signal other users' processes");
        }
        try {
            switch (signal) {
                case CANCEL -> backend.engine().cancel(message);
                case TERMINATE ->
                    backend.termination()
                            .terminate(Report.fatal(
                                    SqlState.ADMIN_SHUTDOWN, "terminating connection due to administrator command"));
            }
        } catch (IOException e) {
            log.info("session {} has gone before it was told to", process, e);
        }
        return true;
    }
}
