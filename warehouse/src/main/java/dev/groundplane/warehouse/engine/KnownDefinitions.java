package dev.groundplane.warehouse.engine;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * What one session was told of definitions and privileges, until anybody's are others, or it is in another transaction. For the
 * session's thread.
 */
final class KnownDefinitions {
    /** Enough for the statements of a program; each may be as long as one. */
    private static final int MOST = 500;

    private final Databases databases;
    private final Map<Record, Object> answers = new HashMap<>();
    private Moment of = new Moment(-1, 0);

    /**
     * A time in which nothing of it changes for the session.
     *
     * @param definitions their number, see {@link Databases#definitions}
     * @param transaction the session's number of it; 0 outside of any
     */
    private record Moment(long definitions, int transaction) {}

    KnownDefinitions(Databases databases) {
        this.databases = databases;
    }

    /**
     * The answer to a question; the engine is asked when it is not known.
     *
     * @param question equal to others with the same answer
     * @param transaction the present one's number; 0 for none
     */
    <T> T get(Record question, EngineSession.Steps<T> asked, int transaction) throws SQLException {
        var now = new Moment(databases.definitions(), transaction);
        if (!now.equals(of) || answers.size() >= MOST) {
            answers.clear();
            of = now;
        }
        @SuppressWarnings("unchecked") // whoever asks the same question wants an answer of the same type
        var known = (T) answers.get(question);
        if (known != null) {
            return known;
        }
        var answer = asked.run();
        if (databases.definitions() == now.definitions()) { // so it is of no later moment
            answers.put(question, answer);
        }
        return answer;
    }
}
