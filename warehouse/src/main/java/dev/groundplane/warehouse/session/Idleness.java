package dev.groundplane.warehouse.session;

import java.io.IOException;

/** What becomes of a session whose client is silent. For the session's thread. */
public interface Idleness {
    /**
     * The session ends here. It goes on wherever {@link Sessions#restore} is given its state, and its client does not notice.
     *
     * @param state what makes it up
     */
    void parked(byte[] state) throws IOException;

    /** The session cannot be parked: it goes on here. */
    void stays() throws IOException;
}
