package dev.groundplane.services.logs;

import dev.groundplane.platform.identity.Scope;
import java.util.Optional;

/**
 * A PutLogEvents call, checked and ready to be stored.
 *
 * @param range what the agent delivers; empty for other callers
 * @param byHost whether a host delivers it, whose role may create streams: then the beginning of a log makes its stream
 */
record LogWrite(
        Scope scope,
        String groupName,
        String streamName,
        LogBatch batch,
        Optional<DeliveredRange> range,
        boolean byHost) {

    /** Whether the stream is to be made when it is not there. */
    boolean makesStream() {
        return byHost && range.filter(delivered -> delivered.start() == 0).isPresent();
    }
}
