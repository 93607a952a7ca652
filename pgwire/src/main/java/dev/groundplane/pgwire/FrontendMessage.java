package dev.groundplane.pgwire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client sends after its startup packet. */
public sealed interface FrontendMessage {
    /** A simple query: any number of statements. */
    record Query(String sql) implements FrontendMessage {}

    /**
     * Prepares one statement.
     *
     * @param statement its name; empty for the unnamed one, which is replaced
     * @param parameterTypes OIDs of the first parameters' types; 0 leaves it to the server
     */
    record Parse(String statement, String sql, List<Integer> parameterTypes) implements FrontendMessage {}

    /**
     * Makes a portal of a prepared statement and its parameters' values.
     *
     * @param portal its name; empty for the unnamed one
     * @param parameterFormats none for all text, one for all, or one for each
     * @param values null elements are SQL's NULL
     * @param resultFormats as {@code parameterFormats}, for the columns of the result
     */
    record Bind(
            String portal,
            String statement,
            List<Format> parameterFormats,
            List<byte @Nullable []> values,
            List<Format> resultFormats)
            implements FrontendMessage {}

    /** Asks what parameters a statement takes and what columns it gives. */
    record DescribeStatement(String statement) implements FrontendMessage {}

    /** Asks what columns a portal gives. */
    record DescribePortal(String portal) implements FrontendMessage {}

    /**
     * Runs a portal, or goes on with it.
     *
     * @param rowLimit after so many rows the portal is suspended; 0 for no limit
     */
    record Execute(String portal, int rowLimit) implements FrontendMessage {}

    /** Forgets a statement; no error if there is none. */
    record CloseStatement(String statement) implements FrontendMessage {}

    /** Forgets a portal; no error if there is none. */
    record ClosePortal(String portal) implements FrontendMessage {}

    /** Ends a series of extended-query messages: answered with ReadyForQuery, also after an error. */
    record Sync() implements FrontendMessage {}

    /** Wants to see the answers so far. */
    record Flush() implements FrontendMessage {}

    /** A password, or a step of SASL: which, depends on what was asked for. */
    record Password(byte[] content) implements FrontendMessage {}

    /** Data, end or failure of a COPY from the client. */
    record Copy(byte type, byte[] content) implements FrontendMessage {}

    /** Calls a function by its OID; obsolete. */
    record FunctionCall() implements FrontendMessage {}

    /** The client takes its leave. */
    record Terminate() implements FrontendMessage {}

    /** The gateway's, see {@link Parking}. */
    record Park() implements FrontendMessage {}
}
