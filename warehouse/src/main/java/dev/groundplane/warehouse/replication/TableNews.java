package dev.groundplane.warehouse.replication;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.groundplane.warehouse.replication.pgoutput.LogicalMessage.Emitted;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the event triggers of {@code setup.sql} tell of a table. */
sealed interface TableNews {
    /** The table's identifier in the source's catalog. */
    int table();

    /** It is no more. */
    record Dropped(int table) implements TableNews {}

    /** Its rows were written anew, which is not in the stream. */
    record Rewritten(int table) implements TableNews {}

    /**
     * It was made or altered.
     *
     * @param now as it is afterwards
     * @param by the tag of the command that did it
     */
    record Changed(SourceTable now, String by) implements TableNews {
        @Override
        public int table() {
            return now.id();
        }
    }

    /** Whether a table may be another one now. */
    default boolean concerns(SourceTable other) {
        return other.id() == table()
                || other.partitions().contains(table())
                || (this instanceof Changed changed
                        && changed.now().partitions().contains(other.id()));
    }

    /** What a message tells; empty when it is somebody else's. */
    static Optional<TableNews> of(Emitted message) {
        if (!message.prefix().equals("groundplane")) {
            return Optional.empty();
        }
        try {
            var told = Json.MAPPER.readTree(message.content());
            if (told.has("dropped")) {
                return Optional.of(new Dropped((int) told.path("dropped").longValue()));
            } else if (told.has("rewritten")) {
                return Optional.of(new Rewritten((int) told.path("rewritten").longValue()));
            } else if (told.has("changed")) {
                return Optional.of(new Changed(
                        SourceTable.of(told.path("changed")), told.path("by").asText()));
            }
            return Optional.empty();
        } catch (JsonProcessingException | RuntimeException e) { // every role of the source may write such messages
            Json.log.warn("a message of the source is passed over: {}", message.content(), e);
            return Optional.empty();
        }
    }

    /** Keeps reader and log out of the interface. */
    final class Json {
        private static final Logger log = LoggerFactory.getLogger(TableNews.class);
        private static final ObjectMapper MAPPER = new ObjectMapper();

        private Json() {}
    }
}
