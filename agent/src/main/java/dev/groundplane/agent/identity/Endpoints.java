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

    /** Whether it is the address of one of them. */
    public boolean contains(URI address) {
        return all.contains(address);
    }

    /** Says that a call got no answer, or none that is of use. */
    void failed(URI called) {
        var index = current.get();
        var used = all.get(index);
        // Of several calls that fail together, the first one turns to the next address; and others may have been on
        // their way.
        if (all.size() > 1 && isSame(used, called) && current.compareAndSet(index, (index + 1) % all.size())) {
            log.warn("no answer from {}, trying {}", used, current());
        }
    }

    /** Callers leave a scheme's own port out. */
    private static boolean isSame(URI one, URI other) {
        return one.getScheme().equals(other.getScheme())
                && one.getHost().equalsIgnoreCase(other.getHost())
                && port(one) == port(other);
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
    }

    @Override
    public String toString() {
        return String.join(", ", all.stream().map(URI::toString).toList());
    }
}
