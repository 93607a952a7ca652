package dev.groundplane.pgwire;

import java.io.IOException;

/** Bytes that are no message of the protocol. What follows on the connection cannot be understood any more. */
public final class ProtocolViolation extends IOException {
    private static final long serialVersionUID = 1L;

    /** Says what was read and what would be right. */
    public ProtocolViolation(String message) {
        super(message);
    }
}
