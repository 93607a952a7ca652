package dev.groundplane.warehouse;

import dev.groundplane.pgwire.Parking;
import dev.groundplane.warehouse.session.Idleness;
import java.io.IOException;
import java.net.Socket;
import java.util.Optional;

/**
 * A session whose state the gateway keeps while its client is silent.
 *
 * @param session the number that the gateway gave it
 * @param control the connection of session 0 on which it did
 */
record ParkedByGateway(long session, Socket control) implements Idleness {
    @Override
    public void parked(byte[] state) throws IOException {
        answer(Optional.of(state));
    }

    @Override
    public void stays() throws IOException {
        answer(Optional.empty());
    }

    private void answer(Optional<byte[]> state) throws IOException {
        var bytes = new Parking.Answer(session, state).encode();
        synchronized (control) { // each session has a thread
            control.getOutputStream().write(bytes);
        }
    }
}
