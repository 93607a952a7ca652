package dev.groundplane.warehouse.history;

import java.time.Duration;
import java.time.Instant;

/**
 * Something that happened to a session.
 *
 * @param lasted how long the session has been there
 */
record ConnectionEvent(Kind kind, Instant at, SessionInfo session, Duration lasted) {
    enum Kind {
        INITIATING("initiating session"),
        PARKED("parked"),
        RESUMED("resumed"),
        TIMED_OUT("timed out"),
        DISCONNECTING("disconnecting session");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** As the table has it. */
        String words() {
            return words;
        }
    }
}
