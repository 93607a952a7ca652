package dev.groundplane.warehouse;

import dev.groundplane.pgwire.Parking;
import dev.groundplane.warehouse.session.Idleness;
import java.io.IOException;
import java.net.Socket;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A session whose state the gateway keeps while its client is silent. For the session's thread. */
final class ParkedByGateway implements Idleness {
    private static final Logger log = LoggerFactory.getLogger(ParkedByGateway.class);

    private final long session;
    private final Socket control;
    private boolean parked;

    /**
     * @param session the number that the gateway gave it
     * @param control the connection of session 0 on which it did
     */
    ParkedByGateway(long session, Socket control) {
        this.session = session;
        this.control = control;
    }

    @Override
    public void parked(byte[] state) throws IOException {
        parked = true;
        answer(Optional.of(state));
    }

    @Override
    public void stays() throws IOException {
        answer(Optional.empty());
    }

    /**
     * The session's connection has ended, whatever the reason. The gateway may just have asked for the session to be parked, and
     * would wait for the answer.
     */
    void ended() {
        if (parked) {
            return;
        }
        try {
            stays();
        } catch (IOException e) {
            log.debug("the gateway has gone before session {} had ended", session, e);
        }
    }

    private void answer(Optional<byte[]> state) throws IOException {
        var bytes = new Parking.Answer(session, state).encode();
        synchronized (control) { // each session has a thread
            control.getOutputStream().write(bytes);
        }
    }
}
