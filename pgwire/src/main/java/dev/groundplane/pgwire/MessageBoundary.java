package dev.groundplane.pgwire;

/** Tells where a client's messages begin, as they pass in pieces of any size. Knows nothing of their content. For one thread. */
public final class MessageBoundary {
    private static final int HEADER = 1 + Integer.BYTES;

    private int headerSeen;
    private int length;
    private long contentLeft;

    /**
     * The next piece.
     *
     * @throws ProtocolViolation when a message is one that only gateways send
     */
    public void pass(byte[] piece, int size) throws ProtocolViolation {
        var at = 0;
        while (at < size) {
            if (headerSeen < HEADER) {
                header(piece[at++]);
            } else {
                var part = (int) Math.min(contentLeft, size - at);
                contentLeft -= part;
                at += part;
            }
            if (headerSeen == HEADER && contentLeft == 0) {
                headerSeen = 0;
            }
        }
    }

    private void header(byte next) throws ProtocolViolation {
        if (headerSeen == 0 && next == Parking.REQUEST) {
            throw new ProtocolViolation(
                    "message %s: there is no such type of a client's".formatted(MessageContent.shown(Parking.REQUEST)));
        }
        length = headerSeen == 0 ? 0 : (length << Byte.SIZE) | (next & 0xFF);
        headerSeen++;
        if (headerSeen == HEADER) {
            // Where one has no right length, there are no more messages: its reader says so.
            contentLeft = length < Integer.BYTES ? Long.MAX_VALUE : length - Integer.BYTES;
        }
    }

    /** Whether the next byte is the first of a message. */
    public boolean isBetweenMessages() {
        return headerSeen == 0;
    }
}
