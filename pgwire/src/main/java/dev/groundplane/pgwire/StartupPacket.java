package dev.groundplane.pgwire;

import java.util.Map;

/** What a client sends first on a connection, the only packets without a type byte. */
public sealed interface StartupPacket {
    /** Asks for TLS; answered with the byte {@code S} or {@code N}. */
    record TlsRequest() implements StartupPacket {}

    /** Asks for encryption by GSSAPI; answered with the byte {@code N} where there is none. */
    record GssRequest() implements StartupPacket {}

    /**
     * Asks to cancel what another connection runs. Never answered.
     *
     * @param processId of that connection's BackendKeyData
     * @param secretKey of that connection's BackendKeyData
     */
    record Cancel(int processId, int secretKey) implements StartupPacket {}

    /**
     * Begins a session.
     *
     * @param minorVersion of protocol 3; a server that knows only 0 says so by NegotiateProtocolVersion
     * @param parameters {@code user}, {@code database} and settings of the session, in the client's order
     */
    record Startup(int minorVersion, Map<String, String> parameters) implements StartupPacket {}

    /**
     * A packet with a code of the server's own, outside of those that PostgreSQL gives.
     *
     * @param code the four bytes in which other packets have the protocol's version
     * @param content what follows, at most {@link MessageInput#LONGEST_STARTUP} bytes
     */
    record Private(int code, byte[] content) implements StartupPacket {}
}
