package dev.groundplane.services.logs;

import dev.groundplane.platform.identity.Scope;
import java.util.Optional;

/**
 * A PutLogEvents call, checked and ready to be stored.
 *
 * @param range what the agent delivers; empty for other callers
 */
record LogWrite(Scope scope, String groupName, String streamName, LogBatch batch, Optional<DeliveredRange> range) {}
