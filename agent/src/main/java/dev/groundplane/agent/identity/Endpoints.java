package dev.groundplane.agent.identity;

import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the control plane is: one address, or those of several control planes that share a database, of which any will do.
 * The one in use is kept until it does not answer; then it is the next one's turn. Thread safe.
 */
public final class Endpoints {
    private static final Logger log = LoggerFactory.getLogger(Endpoints.class);

    private final List<URI> all;
    private final AtomicInteger current = new AtomicInteger();

    /** @param all base URLs, at least one */
    public Endpoints(List<URI> all) {
        this.all = List.copyOf(all);
    }

    /** The one to call now. */
    public URI current() {
        return all.get(current.get());
    }

    /** Says that a call got no answer, or none that is of use. */
    void failed(URI called) {
        var index = current.get();
        var used = all.get(index);
        // Of several calls that fail together, the first one turns to the next address; and others may have been on
        // their way.
        if (all.size() > 1
                && used.getAuthority().equals(called.getAuthority())
                && current.compareAndSet(index, (index + 1) % all.size())) {
            log.warn("no answer from {}, trying {}", used, current());
        }
    }

    @Override
    public String toString() {
        return String.join(", ", all.stream().map(URI::toString).toList());
    }
}
