package dev.groundplane.warehouse.session;

import dev.groundplane.pgwire.Report;
import dev.groundplane.pgwire.SqlState;
import dev.groundplane.warehouse.access.Directory;
import dev.groundplane.warehouse.engine.BackendSignals;
import dev.groundplane.warehouse.engine.EngineSession;
import dev.groundplane.warehouse.function.FunctionFailure;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The sessions that are here, by the process numbers that they go by. Thread-safe. */
final class Backends implements BackendSignals {
    private final Directory directory;
    private final Map<Integer, Backend> byProcess = new ConcurrentHashMap<>();

    /** @param user who logged in */
    record Backend(int user, EngineSession engine, Termination termination) {}

    /** @param directory tells who may end everybody's */
    Backends(Directory directory) {
        this.directory = directory;
    }

    void add(int process, Backend backend) {
        byProcess.put(process, backend);
    }

    void remove(int process) {
        byProcess.remove(process);
    }

    @Override
    public boolean send(Signal signal, int process, int caller) {
        return send(signal, process, caller, null);
    }

    /**
     * The same with words for the client whose statement is cancelled.
     *
     * @param message null for the usual ones
     */
    boolean send(Signal signal, int process, int caller, @Nullable String message) {
        var backend = byProcess.get(process);
        if (backend == null) {
            return false;
        }
        if (backend.user() != caller && !directory.isSuperuser(caller)) {
            throw new FunctionFailure(
                    SqlState.INSUFFICIENT_PRIVILEGE, "must be superuser to signal other users' processes");
        }
        return switch (signal) {
            case CANCEL -> {
                backend.engine().cancel(message);
                yield true;
            }
            case TERMINATE ->
                backend.termination()
                        .terminate(Report.fatal(
                                SqlState.ADMIN_SHUTDOWN, "terminating connection due to administrator command"));
        };
    }
}
