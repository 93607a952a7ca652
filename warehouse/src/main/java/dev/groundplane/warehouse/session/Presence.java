package dev.groundplane.warehouse.session;

import dev.groundplane.warehouse.history.Caller;
import dev.groundplane.warehouse.history.History;
import dev.groundplane.warehouse.history.SessionInfo;
import java.time.Duration;
import java.time.Instant;

/** Tells the history that a session is here, and how it left. For the session's thread. */
final class Presence {
    private final History history;
    private final SessionInfo info;
    private final SessionState.Client client;
    private boolean gone;

    /**
     * @param caller who logged in
     * @param timeout after which it ends when it is idle; zero for never
     */
    Presence(History history, Caller caller, Duration timeout, SessionState state) {
        this.history = history;
        this.client = state.client();
        this.info = new SessionInfo(
                caller,
                Instant.parse(client.begun()),
                timeout,
                state.settings().getOrDefault("application_name", ""),
                client.driver(),
                client.system());
    }

    /** What is known of the client. */
    SessionState.Client client() {
        return client;
    }

    void began() {
        history.began(info);
    }

    void resumed() {
        history.resumed(info);
    }

    void parked() {
        gone = true;
        history.parked(info);
    }

    /** It has ended, unless it left before. */
    void ended(boolean timedOut) {
        if (gone) {
            return;
        }
        gone = true;
        if (timedOut) {
            history.timedOut(info);
        } else {
            history.ended(info);
        }
    }
}
