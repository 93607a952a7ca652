package dev.groundplane.agent.driver;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a container stands. */
public sealed interface Inspection {

    /** It is prepared at most; starting it would run it for the first time. */
    record NotStarted() implements Inspection {}

    /**
     * It runs.
     *
     * @param pid the process id, as the host sees it, of what stands for the container
     * @param bindings the host's ports that lead to it
     * @param imageDigest the digest of the image it was made from; null when there is no image
     */
    record Running(
            long pid, List<Binding> bindings, @Nullable String imageDigest) implements Inspection {
        /** Keeps its own copy of the list. */
        public Running {
            bindings = List.copyOf(bindings);
        }
    }

    /**
     * It has ended.
     *
     * @param exit how it ended
     */
    record Exited(ContainerExit exit) implements Inspection {}

    /** A port of the host, at one of its addresses, that leads to a port of the container. */
    record Binding(String bindIp, int containerPort, int hostPort, String protocol) {}
}
